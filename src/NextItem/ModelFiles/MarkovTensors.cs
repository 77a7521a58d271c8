namespace NextItem.ModelFiles;

/// <summary>A Markov chain as three tensors: the followers of each item in compressed rows, and how often they followed.</summary>
internal static class MarkovTensors
{
    private const string Offsets = "markov.offsets";
    private const string Followers = "markov.followers";
    private const string Counts = "markov.counts";

    public static void Add(TensorFileWriter file, MarkovModel model)
    {
        file.Add<int>(Offsets, TensorType.I32, model.Offsets);
        file.Add<int>(Followers, TensorType.I32, model.Followers);
        file.Add<int>(Counts, TensorType.I32, model.Counts);
    }

    public static MarkovModel Read(TensorFileReader file, ItemCatalog catalog)
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
}
