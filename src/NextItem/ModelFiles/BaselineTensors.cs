using System.Globalization;

namespace NextItem.ModelFiles;

/// <summary>The baselines as tensors.</summary>
internal static class BaselineTensors
{
    private const string ListLength = "list_length";
    private const string Offsets = "markov.offsets";
    private const string Followers = "markov.followers";
    private const string Counts = "markov.counts";

    public static void Add(TensorFileWriter file, PopularityModel model) =>
        file.AddMetadata(ListLength, model.ListedItemCount.ToString(CultureInfo.InvariantCulture));

    public static PopularityModel ReadPopularity(TensorFileReader file, ItemCatalog catalog)
    {
        var text = file.Metadata(ListLength);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > catalog.Count)
            throw new ModelFileException($"The model file's '{ListLength}' is '{text}'; expected a number up to its {catalog.Count} items.");
        return new PopularityModel(catalog, length);
    }

    public static void Add(TensorFileWriter file, MarkovModel model)
    {
        file.Add<int>(Offsets, TensorType.I32, model.Offsets);
        file.Add<int>(Followers, TensorType.I32, model.Followers);
        file.Add<int>(Counts, TensorType.I32, model.Counts);
    }

    public static MarkovModel ReadMarkov(TensorFileReader file, ItemCatalog catalog)
    {
        var (offsets, followers) = CompressedRows.Read(file, Offsets, Followers, catalog.Count, catalog.Count);
        var counts = file.Read<int>(file.Expect(Counts, TensorType.I32, followers.Length));
        foreach (var count in counts)
        {
            if (count < 1)
                throw new ModelFileException($"Tensor '{Counts}' has {count}; expected at least 1.");
        }

        return new MarkovModel(catalog, offsets, followers, counts);
    }
    public static void Add(TensorFileWriter file, ItemKnnModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.ItemKnnOptions);
        ItemTableTensors.ItemKnn.Add(file, model.Similarities);
    }

    public static ItemKnnModel ReadItemKnn(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, new ItemKnnOptions(), ModelFileJson.Default.ItemKnnOptions, options => options.Validate());
        return new ItemKnnModel(catalog, options, ItemTableTensors.ItemKnn.Read(file, catalog));
    }
}
