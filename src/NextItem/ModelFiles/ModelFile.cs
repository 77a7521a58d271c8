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
    public const int FormatVersion = 2;

    private const string FormatName = "nextitem";
    private static readonly string[] s_algorithms = ["gru4rec", "markov", "pop", "s-pop", "recent-pop", "item-knn", "rules", "v-sknn", "vmis-knn"];

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Receives the file; need not be seekable. To replace a file safely, write beside it and rename.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model is not of a kind that can be saved.</exception>
    public static void Save(Stream stream, TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(model);
        var file = new TensorFileWriter();
        file.AddMetadata("format", FormatName);
        file.AddMetadata("format_version", FormatVersionOf(model).ToString(CultureInfo.InvariantCulture));
        file.AddMetadata("algorithm", model.Model.Algorithm);
        file.AddMetadata("provenance", JsonSerializer.Serialize(model.Provenance, ModelFileJson.Default.TrainingProvenance));
        switch (model.Model)
        {
            case Gru4RecModel gru4Rec:
                Gru4RecTensors.Add(file, gru4Rec);
                break;
            case MarkovModel markov:
                BaselineTensors.Add(file, markov);
                break;
            case ItemKnnModel itemKnn:
                BaselineTensors.Add(file, itemKnn);
                break;
            case PopularityModel popularity:
                BaselineTensors.Add(file, popularity);
                break;
            case SessionPopularityModel sessionPopularity:
                BaselineTensors.Add(file, sessionPopularity);
                break;
            case RecentPopularityModel recentPopularity:
                BaselineTensors.Add(file, recentPopularity);
                break;
            case RulesModel rules:
                BaselineTensors.Add(file, rules);
                break;
            case VSknnModel vSknn:
                BaselineTensors.Add(file, vSknn);
                break;
            case VmisKnnModel vmisKnn:
                BaselineTensors.Add(file, vmisKnn);
                break;
            default:
                throw new ArgumentException($"A model of type {model.Model.GetType().Name} cannot be saved.", nameof(model));
        }

        CatalogTensors.Add(file, model.Model.Catalog);
        file.WriteTo(stream);
    }

    /// <summary>
    /// The version that <see cref="Save"/> writes a model as: 2 where a reader of version 1 would take the wrong inputs without a
    /// word, which is where the embedding is not shared; 1 otherwise, so that older versions go on reading the file.
    /// </summary>
    public static int FormatVersionOf(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Model is Gru4RecModel gru4Rec ? Gru4RecTensors.VersionOf(gru4Rec.Options) : 1;
    }

    /// <summary>Reads a model.</summary>
    /// <param name="stream">A seekable stream at the start of the file, which ends where the stream ends.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFileException">The file is truncated, damaged, of a newer version, or no model file at all.</exception>
    public static TrainedModel Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = new TensorFileReader(stream);
        if (file.Metadata("format") is var format && format != FormatName)
            throw new ModelFileException($"The file's format is '{format}'; expected '{FormatName}'.");
        var version = file.Metadata("format_version");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > FormatVersion)
            throw new ModelFileException($"The model file has format version '{version}'; this version of NextItem reads up to {FormatVersion}. Use the version that wrote it or a newer one.");
        file.CheckChecksum();

        var provenance = ReadProvenance(file);
        var catalog = CatalogTensors.Read(file);
        ISessionModel model = file.Metadata("algorithm") switch
        {
            "gru4rec" => Gru4RecTensors.Read(file, number, catalog),
            "markov" => BaselineTensors.ReadMarkov(file, catalog),
            "pop" => BaselineTensors.ReadPopularity(file, catalog),
            "s-pop" => BaselineTensors.ReadSessionPopularity(file, catalog),
            "recent-pop" => BaselineTensors.ReadRecentPopularity(file, catalog),
            "rules" => BaselineTensors.ReadRules(file, catalog),
            "v-sknn" => BaselineTensors.ReadVSknn(file, catalog),
            "vmis-knn" => BaselineTensors.ReadVmisKnn(file, catalog),
            "item-knn" => BaselineTensors.ReadItemKnn(file, catalog),
            var other => throw new ModelFileException($"The model file's algorithm is '{other}'; expected one of {string.Join(", ", s_algorithms)}. A newer version of NextItem may know it."),
        };
        return new TrainedModel(model, provenance);
    }

    private static TrainingProvenance ReadProvenance(TensorFileReader file)
    {
        var defaults = new TrainingProvenance { NextItemVersion = "", DataFingerprint = "", Sessions = 0, Events = 0, TrainedUntil = 0 };
        var provenance = ModelFileJson.Read(file, "provenance", defaults, ModelFileJson.Default.TrainingProvenance);
        if (provenance.ValidationMetrics.Any(metric => metric.Name is null)) // a struct: JSON that leaves the name out is no error to its reader
            throw new ModelFileException("The model file's provenance cannot be read: a validation metric has no name.");
        return provenance;
    }
}
