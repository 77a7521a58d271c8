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
            if (offsets[item + 1] > followers.Length)
                throw new ModelFileException($"Tensor '{Offsets}' has {offsets[item + 1]} after item {item}; expected at most {followers.Length}.");
            CheckFollowers(followers.AsSpan(offsets[item]..offsets[item + 1]), item, catalog.Count);
        }

        foreach (var count in counts)
        {
            if (count < 1)
                throw new ModelFileException($"Tensor '{Counts}' has {count}; expected at least 1.");
        }

        return new MarkovModel(catalog, offsets, followers, counts);
    }

    /// <summary>Rising and so different: an item that follows twice would be recommended twice.</summary>
    private static void CheckFollowers(ReadOnlySpan<int> followers, int item, int itemCount)
    {
        var before = -1;
        foreach (var follower in followers)
        {
            if ((uint)follower >= (uint)itemCount)
                throw new ModelFileException($"Tensor '{Followers}' has item {follower}; expected 0 to {itemCount - 1}.");
            if (follower <= before)
                throw new ModelFileException($"Tensor '{Followers}' has item {follower} after {before} among those of item {item}; expected rising items.");
            before = follower;
        }
    }
}
