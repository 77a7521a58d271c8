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
        var offsets = file.Read<int>(file.Expect(Offsets, TensorType.I32, catalog.Count + 1L));
        var followers = file.Read<int>(file.Expect(Followers, TensorType.I32, -1));
        var counts = file.Read<int>(file.Expect(Counts, TensorType.I32, followers.Length));
        if (offsets[0] != 0 || offsets[^1] != followers.Length)
            throw new ModelFileException($"Tensor '{Offsets}' does not run from 0 to the {followers.Length:N0} entries of '{Followers}'.");
        for (var item = 0; item < catalog.Count; item++)
        {
            if (offsets[item + 1] < offsets[item])
                throw new ModelFileException($"Tensor '{Offsets}' falls at item {item}; expected rising offsets.");
        }

        foreach (var item in followers)
        {
            if ((uint)item >= (uint)catalog.Count)
                throw new ModelFileException($"Tensor '{Followers}' has item {item}; expected 0 to {catalog.Count - 1}.");
        }

        foreach (var count in counts)
        {
            if (count < 1)
                throw new ModelFileException($"Tensor '{Counts}' has {count}; expected at least 1.");
        }

        return new MarkovModel(catalog, offsets, followers, counts);
    }
}
