namespace NextItem.Fuzz;

/// <summary>Thirty small sessions of a dozen items, and everything that can be trained on them in a moment.</summary>
internal static class SmallShop
{
    private const int Items = 12;

    private static readonly Gru4RecOptions s_run = new() { Epochs = 2, BatchSize = 4, NegativeSampleCount = 3, Momentum = 0.1f, Threads = 1 };

    public static SessionSet Log { get; } = SessionSet.From(Events());

    /// <summary>What the checkpoints of the corpus are of; told apart by their layers.</summary>
    public static IReadOnlyList<Gru4RecOptions> Runs { get; } =
    [
        s_run with { Layers = [4] },
        s_run with { Layers = [3, 5], BackpropagationSteps = 3, DropoutHidden = 0.2f, Optimizer = Optimizer.Adam, Momentum = 0, LearningRate = 0.02f },
        s_run with { Layers = [6], Embedding = EmbeddingMode.Separate, EmbeddingSize = 2, Loss = Loss.BprMax, LearningRate = 0.02f },
        s_run with { Layers = [5], CosineScale = 5 },
    ];

    public static IEnumerable<SessionEvent> Events()
    {
        var random = new Random(1);
        for (var session = 0; session < 30; session++)
        {
            var item = random.Next(Items);
            for (var i = random.Next(2, 6); i > 0; i--)
            {
                yield return new SessionEvent($"s{session}", item == 3 ? "a \"b\",\tc 🛒" : $"i{item}", (session * 10) - i);
                item = ((5 * item) + random.Next(3)) % Items;
            }
        }
    }

    /// <summary>A model to serve.</summary>
    public static TrainedModel Served() => Trainer.Fit(Log, Runs[0]);

    /// <summary>One of each kind.</summary>
    public static IEnumerable<(string Name, TrainedModel Model)> Models()
    {
        yield return ("gru4rec", Served());
        yield return ("gru4rec-two-layers", Trainer.Fit(Log, Runs[1]));
        yield return ("gru4rec-separate", Trainer.Fit(Log, Runs[2]));
        yield return ("gru4rec-cosine", Trainer.Fit(Log, Runs[3]));
        yield return ("gru4rec-one-hot", Trainer.Fit(Log, s_run with { Layers = [4], Embedding = EmbeddingMode.None, Variant = GruVariant.ResetAfter }));
        yield return ("prnn", Trainer.Fit(Log, new PrnnOptions { Training = s_run with { Layers = [3], Embedding = EmbeddingMode.None, Epochs = 1 } }, Features()));
        yield return ("markov", Described(MarkovModel.Fit(Log)));
        yield return ("pop", Described(PopularityModel.Fit(Log, listLength: 7)));
        yield return ("s-pop", Described(SessionPopularityModel.Fit(Log, listLength: 7)));
        yield return ("recent-pop", Described(RecentPopularityModel.Fit(Log, new RecentPopularityOptions { Events = 40, ListLength = 7 })));
        yield return ("item-knn", Described(ItemKnnModel.Fit(Log, new ItemKnnOptions { Neighbours = 5 })));
        yield return ("rules", Described(RulesModel.Fit(Log, new RulesOptions { RulesPerItem = 5 })));
        yield return ("bpr-mf", Described(BprMfModel.Fit(Log, new BprMfOptions { Factors = 3, Epochs = 1 })));
        yield return ("v-sknn", Described(VSknnModel.Fit(Log, new VSknnOptions { Neighbours = 5, RecentSessions = 20 })));
        yield return ("vmis-knn", Described(VmisKnnModel.Fit(Log, new VmisKnnOptions { Neighbours = 5, RecentSessions = 20 })));
        yield return ("fusion", ModelFusion.Of([Served(), Described(MarkovModel.Fit(Log))], new FusionOptions { Weights = [0.5f, 1], Depth = 6 }));
    }

    /// <summary>Each run after its first epoch, and stopped within the second.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Checkpoints()
    {
        for (var run = 0; run < Runs.Count; run++)
        {
            var kept = new Kept();
            using var stop = new CancellationTokenSource();
            try
            {
                Trainer.Fit(Log, Runs[run], new TrainingContext { Checkpoints = kept, Progress = new Stopper(kept, stop) }, stop.Token).Dispose();
            }
            catch (OperationCanceledException)
            {
                // As it should be.
            }

            for (var i = 0; i < kept.Files.Count; i++)
                yield return ($"run-{run}-{(i == 0 ? "epoch" : "within")}", kept.Files[i]);
        }
    }

    private static TrainedModel Described(ISessionModel model) => Trainer.Describe(model, Log);

    private static ItemFeatures Features()
    {
        var items = Log.Catalog;
        FeatureColumn[] columns =
        [
            FeatureColumn.Texts("title", [.. Enumerable.Range(0, items.Count).Select(item => item % 5 == 4 ? null : $"red shoe {item % 3}")]),
            FeatureColumn.Vectors("image", 2, [.. Enumerable.Range(0, items.Count * 2).Select(i => 1f / (i + 1))], [.. Enumerable.Range(0, items.Count).Select(item => item % 4 != 3)]),
        ];
        return ItemFeatures.Fit(new FeatureTable(items, columns),
        [
            new() { Name = "text", Columns = [new("title", FeatureKind.Text)] },
            new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] },
        ]);
    }

    private sealed class Kept : ICheckpointSink
    {
        public List<byte[]> Files { get; } = [];

        public void Save(Checkpoint checkpoint)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Save(stream, checkpoint);
            Files.Add(stream.ToArray());
        }
    }

    private sealed class Stopper(Kept kept, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (kept.Files.Count == 1)
                stop.Cancel();
        }
    }
}
