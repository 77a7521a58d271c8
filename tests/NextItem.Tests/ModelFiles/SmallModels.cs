namespace NextItem.Tests.ModelFiles;

/// <summary>One small model of every kind that a model file can hold, trained on one log whose item keys are as awkward as keys get.</summary>
internal static class SmallModels
{
    public const string ResetBefore = "gru4rec, reset before";
    public const string ResetAfter = "gru4rec, reset after";
    public const string TwoLayers = "gru4rec, two layers";
    public const string TwoLayersAfter = "gru4rec, two layers, reset after";
    public const string Separate = "gru4rec, separate embedding";
    public const string SeparateAfter = "gru4rec, separate embedding of the layer's size, reset after";
    public const string OneHot = "gru4rec, one-hot";
    public const string OneHotAfter = "gru4rec, one-hot, two layers, reset after";
    public const string Cosine = "gru4rec, scores by cosine";
    public const string Parallel = "prnn, parallel, interleaving";
    public const string Interaction = "prnn, interaction, alternating, reset after";
    public const string SharedWeights = "prnn, shared weights, residual";
    public const string IdOnly = "prnn, id only";
    public const string Popularity = "pop";
    public const string Markov = "markov";
    public const string ItemKnn = "item-knn";
    public const string SessionPopularity = "s-pop";
    public const string RecentPopularity = "recent-pop";
    public const string Rules = "rules";
    public const string BprMf = "bpr-mf";
    public const string Fusion = "fusion";
    public const string VSknn = "v-sknn";
    public const string VmisKnn = "vmis-knn";

    private const int Items = 37;
    private static readonly string[] s_awkward =
        ["", "tab\tin it", "two\nlines", " spaces ", "\"quoted\"\\", "日本語のキー", "🛒", "é", "e\u0301", "nul\0byte", "a,b", "padding.0"];

    /// <summary>The training sessions.</summary>
    public static SessionSet Log { get; } = SessionSet.From(Events(200, seed: 1));

    // Every option differs from its default in at least one of these, so that one that is lost on the way shows.
    private static readonly Gru4RecOptions s_shared = new()
    {
        Epochs = 2,
        BatchSize = 8,
        DropoutEmbedding = 0.1f,
        DropoutHidden = 0.05f,
        LearningRate = 0.07f,
        LearningRateDecay = 0.9f,
        Momentum = 0.15f,
        L2Penalty = 0.0001f,
        NegativeSampleCount = 16,
        SampleAlpha = 0.3f,
        LogQ = 0.7f,
        LabelSmoothing = 0.02f,
        MaskTargets = true,
        Seed = ulong.MaxValue - 3,
        Threads = 2,
    };

    private static readonly Gru4RecOptions s_throughTime = s_shared with
    {
        Loss = Loss.BprMax,
        LabelSmoothing = 0,
        FinalActivation = FinalActivation.Selu(1.1f, 0.7f),
        ScoreRegularisation = 0.4f,
        BackpropagationSteps = 3,
        SessionOrder = SessionOrder.Random,
        Optimizer = Optimizer.RmsProp,
        OptimizerDecay = 0.8f,
        LearningRate = 0.01f,
        GradientCap = 5,
        InitialScale = 0.2f,
        InitialNormal = true,
        Patience = 3,
        ValidationMetric = ValidationMetric.Recall,
        ValidationCutoff = 7,
    };

    private static readonly Gru4RecOptions s_oneHot = s_shared with
    {
        Embedding = EmbeddingMode.None,
        DropoutEmbedding = 0,
        Loss = Loss.SigmoidCrossEntropy,
        LabelSmoothing = 0,
        SigmoidCalibration = 0.5f,
        SessionOrder = SessionOrder.File,
        Optimizer = Optimizer.Adam,
        AdamBeta1 = 0.8f,
        AdamBeta2 = 0.99f,
        OptimizerEpsilon = 1e-7f,
        LearningRate = 0.02f,
        Momentum = 0,
    };

    private static readonly Gru4RecOptions s_prnn = s_oneHot with { Layers = [9], Loss = Loss.BprMax, SigmoidCalibration = 0 };

    private static readonly BprMfOptions s_bprMf = new()
    {
        Factors = 13,
        Epochs = 3,
        LearningRate = 0.1f,
        SessionPenalty = 0.01f,
        ItemPenalty = 0.002f,
        InitialScale = 0.2f,
        Negatives = BprNegatives.Items,
        Seed = ulong.MaxValue - 5,
    };

    private static readonly Dictionary<string, Lazy<TrainedModel>> s_models = new()
    {
        [ResetBefore] = new(() => Train(GruVariant.ResetBefore, 17)),
        [ResetAfter] = new(() => Train(GruVariant.ResetAfter, 17)),
        [TwoLayers] = new(() => Train(s_shared with { Layers = [24, 9], LabelSmoothing = 0, MaskTargets = false, TopSamples = 5 })),
        [TwoLayersAfter] = new(() => Train(GruVariant.ResetAfter, 9, 24)),
        [Separate] = new(() => Train(s_throughTime with { Layers = [11, 14], Embedding = EmbeddingMode.Separate, EmbeddingSize = 7 })),
        [SeparateAfter] = new(() => Train(s_shared with { Layers = [13], Variant = GruVariant.ResetAfter, Embedding = EmbeddingMode.Separate })),
        [OneHot] = new(() => Train(s_oneHot with { Layers = [12] })),
        [OneHotAfter] = new(() => Train(s_oneHot with { Layers = [10, 15], Variant = GruVariant.ResetAfter, FinalActivation = FinalActivation.Leaky(0.2f) })),
        [Cosine] = new(() => Taught(s_shared with { Layers = [8, 14], CosineScale = 7 })),
        [Parallel] = new(() => TrainPrnn(new() { Training = s_prnn, Subnets = [new("id") { Units = 11, LearningRate = 0.02f }, new("text") { Weight = 0.5f, DropoutHidden = 0.3f }], InterleavingSumsAll = true, FrozenDropout = true })),
        [Interaction] = new(() => TrainPrnn(new()
        {
            Training = s_prnn with { Variant = GruVariant.ResetAfter, Epochs = 1 },
            Architecture = PrnnArchitecture.Interaction,
            Strategy = TrainingStrategy.Alternating,
            InteractionTrainsId = true,
            BiasInEveryPass = true,
        })),
        [SharedWeights] = new(() => TrainPrnn(new()
        {
            Training = s_prnn with { Epochs = 1 },
            Architecture = PrnnArchitecture.SharedWeights,
            Strategy = TrainingStrategy.Residual,
            ResidualTrainsOutput = true,
            Subnets = [new("image") { Epochs = 2 }],
        })),
        [IdOnly] = new(() => TrainPrnn(new() { Training = s_prnn, Architecture = PrnnArchitecture.IdOnly, Strategy = TrainingStrategy.Simultaneous })),
        [Popularity] = new(() => Trainer.Describe(PopularityModel.Fit(Log, listLength: 20), Log)),
        [Markov] = new(() => Trainer.Describe(MarkovModel.Fit(Log), Log)),
        [SessionPopularity] = new(() => Trainer.Describe(SessionPopularityModel.Fit(Log, listLength: 20), Log)),
        [RecentPopularity] = new(() => Trainer.Describe(RecentPopularityModel.Fit(Log, new RecentPopularityOptions { Events = 150, TimeShare = 0.3f, ListLength = 22 }), Log)),
        [Rules] = new(() => Trainer.Describe(RulesModel.Fit(Log, new RulesOptions { Ordered = false, DistanceWeight = true, MaxDistance = 4, RulesPerItem = 14 }), Log)),
        [BprMf] = new(() => Trainer.Describe(BprMfModel.Fit(Log, s_bprMf), Log)),
        [Fusion] = new(() => ModelFusion.Of([Of(Separate), Of(VSknn), Of(Markov)], new FusionOptions { Weights = [0.5f, 0.3f, 0.25f], RankOffset = 7, Depth = 30 })),
        [VSknn] = new(() => Trainer.Describe(VSknnModel.Fit(Log, new VSknnOptions { Neighbours = 17, RecentSessions = 41, IdfWeight = 0.4f, SessionLength = 9 }), Log)),
        [VmisKnn] = new(() => Trainer.Describe(VmisKnnModel.Fit(Log, new VmisKnnOptions { Neighbours = 23, RecentSessions = 31, IdfWeight = 0.6f, SessionLength = 3 }), Log)),
        [ItemKnn] = new(() => Trainer.Describe(ItemKnnModel.Fit(Log, new ItemKnnOptions { Regularisation = 3, Alpha = 0.7f, Neighbours = 15 }), Log)),
    };

    /// <summary>The names of all kinds, for theories.</summary>
    public static TheoryData<string> Kinds => [.. s_models.Keys];

    /// <summary>The kinds that have learned values.</summary>
    public static TheoryData<string> GruKinds => [ResetBefore, ResetAfter, TwoLayers, TwoLayersAfter, Separate, SeparateAfter, OneHot, OneHotAfter, Cosine];

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

    private static TrainedModel Train(GruVariant variant, params int[] layers) => Train(s_shared with { Layers = [.. layers], Variant = variant });

    /// <summary>Titles, categories and pictures for all items but some.</summary>
    public static ItemFeatures Features(ItemCatalog items)
    {
        var random = new Random(6);
        var vectors = Enumerable.Range(0, items.Count * 4).Select(_ => (float)random.NextDouble()).ToArray();
        FeatureColumn[] columns =
        [
            FeatureColumn.Texts("title", [.. Enumerable.Range(0, items.Count).Select(item => item % 9 == 4 ? null : $"red {s_awkward[item % 7]} shoe {item % 5} 日本 {item % 3}")]),
            FeatureColumn.Texts("kind", [.. Enumerable.Range(0, items.Count).Select(item => item % 4 == 0 ? null : $"k{item % 6}|k{item % 4}")]),
            FeatureColumn.Vectors("image", 4, [.. vectors], [.. Enumerable.Range(0, items.Count).Select(item => item % 10 != 3)]),
        ];
        return ItemFeatures.Fit(new FeatureTable(items, columns),
        [
            new() { Name = "text", Columns = [new("title", FeatureKind.Text), new("kind", FeatureKind.Category)] },
            new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] },
        ]);
    }

    private static TrainedModel TrainPrnn(PrnnOptions options)
    {
        var features = options.Architecture == PrnnArchitecture.IdOnly ? null : Features(Log.Catalog);
        return Trainer.Fit(Log, options, features, new TrainingContext { Validation = TestSessions(Log.Catalog) });
    }

    /// <summary>Half by a teacher, which its options and its provenance tell.</summary>
    private static TrainedModel Taught(Gru4RecOptions options)
    {
        var teacher = Train(options with { Layers = [5], Epochs = 1, CosineScale = 0, LabelSmoothing = 0, MaskTargets = false });
        var context = new TrainingContext { Validation = TestSessions(Log.Catalog), Teachers = [teacher.Model] };
        return Trainer.Fit(Log, options with { Distillation = 0.5f, LabelSmoothing = 0, MaskTargets = false }, context);
    }

    private static TrainedModel Train(Gru4RecOptions options) => Trainer.Fit(Log, options, new TrainingContext { Validation = TestSessions(Log.Catalog) });
}
