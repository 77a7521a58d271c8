using System.Globalization;
using System.Text.Json;
using NextItem.ModelFiles;

namespace NextItem;

/// <summary>
/// One file that holds a model: options, item catalog, parameters and where they came from. The layout is safetensors, so
/// that any reader of it can open the file; safe to read from a stranger. docs/model-file.md describes it.
/// </summary>
public static class ModelFile
{
    /// <summary>The highest version of the format that this version of NextItem writes and reads.</summary>
    public static int FormatVersion => 3;

    private const string FormatName = "nextitem";

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Receives the file; need not be seekable. To replace a file safely, write beside it and rename.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model is not of a kind that can be saved.</exception>
    public static void Save(Stream stream, TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var kind = ModelKind.Of(model.Model);
        var file = new TensorFileWriter();
        file.AddMetadata("format", FormatName);
        file.AddMetadata("format_version", FormatVersionOf(model).ToString(CultureInfo.InvariantCulture));
        file.AddMetadata("algorithm", model.Model.Algorithm);
        file.AddMetadata("provenance", TextOf(model.Provenance));
        kind.Add(file, model.Model);
        CatalogTensors.Add(file, model.Model.Catalog);
        file.WriteTo(stream);
    }

    /// <summary>
    /// The version that <see cref="Save"/> writes a model as: 3 where a reader of version 2 would score by products instead of cosines
    /// without a word; 2 where one of version 1 would take the wrong inputs, which is where the embedding is not shared; 1 otherwise, so
    /// that older versions go on reading the file.
    /// </summary>
    public static int FormatVersionOf(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return VersionOf(model.Model);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="stream">A seekable stream at the start of the file, which ends where the stream ends.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFileException">The file is truncated, damaged, of a newer version, or no model file at all.</exception>
    public static TrainedModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(new TensorFileReader(stream));
    }

    /// <summary>
    /// Reads a model whose items stay in the file: it is mapped, and the vectors are read where they lie, shared with all processes that
    /// map it, instead of being copied. Checked like <see cref="Load"/>. Other kinds of model than gru4rec are copied all the same.
    /// </summary>
    /// <param name="stream">The file, from its start; may be closed afterwards.</param>
    /// <remarks>
    /// Dispose of the model to unmap the file. Replace the file by renaming another over it: the model goes on with the old one. Never
    /// write into it or shorten it while it is mapped: what is read then is undefined, up to the end of the process. On Windows a mapped
    /// file cannot be replaced, so there the items are copied, as <see cref="Load"/> does.
    /// </remarks>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFileException">The file is truncated, damaged, of a newer version, or no model file at all.</exception>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public static TrainedModel Map(FileStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(new TensorFileReader(stream, mappable: !OperatingSystem.IsWindows()));
    }

    private static TrainedModel Read(TensorFileReader file)
    {
        if (file.Metadata("format") is var format && format != FormatName)
            throw new ModelFileException($"The file's format is '{format}'; expected '{FormatName}'.");
        var version = file.Metadata("format_version");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > FormatVersion)
            throw new ModelFileException($"The model file has format version '{version}'; this version of NextItem reads up to {FormatVersion}. Use the version that wrote it or a newer one.");
        file.CheckChecksum();

        var provenance = ReadProvenance(file);
        var catalog = CatalogTensors.Read(file);
        var kind = ModelKind.Of(file.Metadata("algorithm"));
        return new TrainedModel(kind.Read(file, number, catalog), provenance);
    }

    private static int VersionOf(ISessionModel model) => model switch
    {
        Gru4RecModel gru4Rec => Gru4RecTensors.VersionOf(gru4Rec.Options),
        FusionModel fusion => fusion.Models.Max(VersionOf),
        _ => 1,
    };

    /// <summary>A model without teachers has the bytes that it had before there were any.</summary>
    private static string TextOf(TrainingProvenance provenance)
    {
        var json = JsonSerializer.SerializeToNode(provenance, ModelFileJson.Default.TrainingProvenance)!.AsObject();
        if (provenance.Teachers.IsDefaultOrEmpty)
            json.Remove(JsonNamingPolicy.CamelCase.ConvertName(nameof(TrainingProvenance.Teachers)));
        return json.ToJsonString();
    }

    private static TrainingProvenance ReadProvenance(TensorFileReader file)
    {
        var defaults = new TrainingProvenance { NextItemVersion = "", DataFingerprint = "", Sessions = 0, Events = 0, TrainedUntil = 0 };
        var provenance = ModelFileJson.Read(file, "provenance", defaults, ModelFileJson.Default.TrainingProvenance);
        if (provenance.ValidationMetrics.Any(metric => metric.Name is null)) // a struct: JSON that leaves the name out is no error to its reader
            throw new ModelFileException("The model file's provenance cannot be read: a validation metric has no name.");
        if (provenance.Teachers.Any(teacher => teacher is null))
            throw new ModelFileException("The model file's provenance cannot be read: a teacher is null.");
        return provenance;
    }
}
