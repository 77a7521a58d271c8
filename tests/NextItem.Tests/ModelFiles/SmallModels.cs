namespace NextItem.Tests.ModelFiles;

/// <summary>One small model of every kind that a model file can hold, trained on one log whose item keys are as awkward as keys get.</summary>
internal static class SmallModels
{
    public const string ResetBefore = "gru4rec, reset before";
    public const string ResetAfter = "gru4rec, reset after";
    public const string TwoLayers = "gru4rec, two layers";
    public const string TwoLayersAfter = "gru4rec, two layers, reset after";
    public const string Popularity = "pop";
    public const string Markov = "markov";
    public const string ItemKnn = "item-knn";

    private const int Items = 37;
    private static readonly string[] s_awkward =
        ["", "tab\tin it", "two\nlines", " spaces ", "\"quoted\"\\", "日本語のキー", "🛒", "é", "e\u0301", "nul\0byte", "a,b", "padding.0"];

    /// <summary>The training sessions.</summary>
    public static SessionSet Log { get; } = SessionSet.From(Events(200, seed: 1));

    private static readonly Dictionary<string, Lazy<TrainedModel>> s_models = new()
    {
        [ResetBefore] = new(() => Train(GruVariant.ResetBefore, 17)),
        [ResetAfter] = new(() => Train(GruVariant.ResetAfter, 17)),
        [TwoLayers] = new(() => Train(GruVariant.ResetBefore, 24, 9)),
        [TwoLayersAfter] = new(() => Train(GruVariant.ResetAfter, 9, 24)),
        [Popularity] = new(() => Trainer.Describe(PopularityModel.Fit(Log, listLength: 20), Log)),
        [Markov] = new(() => Trainer.Describe(MarkovModel.Fit(Log), Log)),
        [ItemKnn] = new(() => Trainer.Describe(ItemKnnModel.Fit(Log, new ItemKnnOptions { Regularisation = 3, Alpha = 0.7f, Neighbours = 15 }), Log)),
    };

    /// <summary>The names of all kinds, for theories.</summary>
    public static TheoryData<string> Kinds => [.. s_models.Keys];

    /// <summary>The kinds that have learned values.</summary>
    public static TheoryData<string> GruKinds => [ResetBefore, ResetAfter, TwoLayers, TwoLayersAfter];

    public static TrainedModel Of(string kind) => s_models[kind].Value;

    public static byte[] Bytes(TrainedModel model)
    {
        var stream = new MemoryStream();
        ModelFile.Save(stream, model);
        return stream.ToArray();
    }

    public static byte[] BytesOf(string kind) => Bytes(Of(kind));

    /// <summary>Other sessions of the same shop, two of their items in a hundred unknown to training.</summary>
    public static SessionSet TestSessions(ItemCatalog catalog) =>
        SessionSet.From(Events(60, seed: 2).Select((e, i) => i % 50 == 7 ? e with { ItemKey = "never seen" } : e), catalog);

    private static string KeyOf(int item) => item < s_awkward.Length ? s_awkward[item] : $"item {item}";

    private static IEnumerable<SessionEvent> Events(int sessions, int seed)
    {
        var random = new Random(seed);
        for (var session = 0; session < sessions; session++)
        {
            var item = random.Next(Items);
            var length = random.Next(2, 9);
            for (var i = 0; i < length; i++)
            {
                yield return new SessionEvent($"s{session}", KeyOf(item), (1000 * session) + i);
                item = ((5 * item) + 3 + random.Next(3)) % Items;
            }
        }
    }

    // Every option differs from its default, so that one that is lost on the way shows.
    private static TrainedModel Train(GruVariant variant, params int[] layers) => Trainer.Fit(
        Log,
        new Gru4RecOptions
        {
            Layers = [.. layers],
            Variant = variant,
            Epochs = 2,
            BatchSize = 8,
            DropoutEmbedding = 0.1f,
            DropoutHidden = 0.05f,
            LearningRate = 0.07f,
            Momentum = 0.15f,
            NegativeSampleCount = 16,
            SampleAlpha = 0.3f,
            LogQ = 0.7f,
            Seed = ulong.MaxValue - 3,
            Threads = 2,
        },
        validation: TestSessions(Log.Catalog));
}
