using System.Globalization;

namespace NextItem.ModelFiles;

/// <summary>A fusion as its models, each with a prefix before all that is its own; the catalog, the same for all, stands once.</summary>
internal static class FusionTensors
{
    private const string Count = "models";
    private const string Algorithm = "algorithm";

    /// <summary>More models than anybody fuses: a forged number is refused before it is counted to.</summary>
    private const int Most = 1000;

    public static void Add(TensorFileWriter file, FusionModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.FusionOptions);
        file.AddMetadata(Count, model.Models.Length.ToString(CultureInfo.InvariantCulture));
        for (var m = 0; m < model.Models.Length; m++)
        {
            var part = model.Models[m];
            file.Within(PrefixOf(m), file =>
            {
                file.AddMetadata(Algorithm, part.Algorithm);
                ModelKind.Of(part).Add(file, part);
            });
        }
    }

    public static FusionModel Read(TensorFileReader file, int version, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, ModelFileJson.Default.FusionOptions, options => options.Validate());
        var text = file.Metadata(Count);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 2 or > Most)
            throw new ModelFileException($"The model file's '{Count}' is '{text}'; expected a number from 2 to {Most}.");
        if (!options.Weights.IsDefaultOrEmpty && options.Weights.Length != count)
            throw new ModelFileException($"The model file has {options.Weights.Length} weights; expected {count}, one for each model, or none.");
        var models = new ISessionModel[count];
        for (var m = 0; m < count; m++)
        {
            try
            {
                models[m] = file.Within(PrefixOf(m), file => ReadPart(file, version, catalog));
            }
            catch (ModelFileException e)
            {
                // Native memory and mappings; a refused file must not leave them to the finalizer.
                foreach (var read in models)
                    (read as IDisposable)?.Dispose();
                throw new ModelFileException($"In model {m + 1} of the fusion: {e.Message}", e);
            }
        }

        return new FusionModel(catalog, options, [.. models]);
    }

    private static ISessionModel ReadPart(TensorFileReader file, int version, ItemCatalog catalog)
    {
        var algorithm = file.Metadata(Algorithm);
        return algorithm == ModelKind.Fusion
            ? throw new ModelFileException("It is a fusion itself; expected its models instead.") // nor any depth of them
            : ModelKind.Of(algorithm).Read(file, version, catalog);
    }

    private static string PrefixOf(int model) => $"models.{model}.";
}
