using System.Globalization;
using NextItem.Models.Baselines;

namespace NextItem.ModelFiles;

/// <summary>The baselines as tensors.</summary>
internal static class BaselineTensors
{
    private const string ListLength = "list_length";
    private const string Offsets = "markov.offsets";
    private const string Followers = "markov.followers";
    private const string Counts = "markov.counts";
    private const string SessionOffsets = "sessions.offsets";
    private const string SessionItems = "sessions.items";
    private const string RecentItems = "recent_pop.items";
    private const string RecentCounts = "recent_pop.counts";

    public static void Add(TensorFileWriter file, PopularityModel model) =>
        file.AddMetadata(ListLength, model.ListedItemCount.ToString(CultureInfo.InvariantCulture));

    public static PopularityModel ReadPopularity(TensorFileReader file, ItemCatalog catalog) => new(catalog, ReadListLength(file, catalog));

    public static void Add(TensorFileWriter file, SessionPopularityModel model) =>
        file.AddMetadata(ListLength, model.ListedItemCount.ToString(CultureInfo.InvariantCulture));

    public static SessionPopularityModel ReadSessionPopularity(TensorFileReader file, ItemCatalog catalog) => new(catalog, ReadListLength(file, catalog));

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

    public static void Add(TensorFileWriter file, RulesModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.RulesOptions);
        ItemTableTensors.Rules.Add(file, model.Rules);
    }

    public static RulesModel ReadRules(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, new RulesOptions(), ModelFileJson.Default.RulesOptions, options => options.Validate());
        return new RulesModel(catalog, options, ItemTableTensors.Rules.Read(file, catalog));
    }

    public static void Add(TensorFileWriter file, VSknnModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.VSknnOptions);
        AddSessions(file, model.Index);
    }

    public static VSknnModel ReadVSknn(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, new VSknnOptions(), ModelFileJson.Default.VSknnOptions, options => options.Validate());
        return new VSknnModel(catalog, options, ReadSessions(file, catalog, options.RecentSessions));
    }

    public static void Add(TensorFileWriter file, VmisKnnModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.VmisKnnOptions);
        AddSessions(file, model.Index);
    }

    public static VmisKnnModel ReadVmisKnn(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, new VmisKnnOptions(), ModelFileJson.Default.VmisKnnOptions, options => options.Validate());
        return new VmisKnnModel(catalog, options, ReadSessions(file, catalog, options.RecentSessions));
    }

    public static void Add(TensorFileWriter file, RecentPopularityModel model)
    {
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.RecentPopularityOptions);
        file.Add<int>(RecentItems, TensorType.I32, model.Items);
        file.Add<int>(RecentCounts, TensorType.I32, model.Counts);
    }

    public static RecentPopularityModel ReadRecentPopularity(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, new RecentPopularityOptions(), ModelFileJson.Default.RecentPopularityOptions, options => options.Validate());
        var items = file.Read<int>(file.Expect(RecentItems, TensorType.I32, -1));
        var counts = file.Read<int>(file.Expect(RecentCounts, TensorType.I32, items.Length));
        var before = (Count: int.MaxValue, Item: -1);
        for (var i = 0; i < items.Length; i++)
        {
            if ((uint)items[i] >= (uint)catalog.Count)
                throw new ModelFileException($"Tensor '{RecentItems}' has item {items[i]}; expected 0 to {catalog.Count - 1}.");
            if (counts[i] < 1)
                throw new ModelFileException($"Tensor '{RecentCounts}' has {counts[i]}; expected at least 1.");
            if (counts[i] > before.Count || (counts[i] == before.Count && items[i] <= before.Item))
                throw new ModelFileException($"Tensor '{RecentCounts}' has {counts[i]} for item {items[i]} after {before.Count} for item {before.Item}; expected falling counts, and rising items among equals.");
            before = (counts[i], items[i]);
        }

        if (items.Distinct().Count() != items.Length)
            throw new ModelFileException($"Tensor '{RecentItems}' has an item twice; expected each once.");
        return new RecentPopularityModel(catalog, options, items, counts);
    }

    private static void AddSessions(TensorFileWriter file, SessionIndex index)
    {
        file.Add<int>(SessionOffsets, TensorType.I32, index.Offsets);
        file.Add<int>(SessionItems, TensorType.I32, index.Items);
    }

    private static SessionIndex ReadSessions(TensorFileReader file, ItemCatalog catalog, int recentSessions)
    {
        var (offsets, items) = CompressedRows.Read(file, SessionOffsets, SessionItems, -1, catalog.Count, "session");
        return new SessionIndex(catalog.Count, offsets, items, recentSessions);
    }

    private static int ReadListLength(TensorFileReader file, ItemCatalog catalog)
    {
        var text = file.Metadata(ListLength);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > catalog.Count)
            throw new ModelFileException($"The model file's '{ListLength}' is '{text}'; expected a number up to its {catalog.Count} items.");
        return length;
    }
}
