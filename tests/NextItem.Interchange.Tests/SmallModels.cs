namespace NextItem.Interchange.Tests;

/// <summary>Small trained networks of every kind, of random sessions. Rates are large, so that biases and gates are far from their start.</summary>
internal static class SmallModels
{
    public const int Items = 47;

    private static readonly SessionSet s_train = Sessions(seed: 3);

    /// <summary>Keys with what JSON has to escape.</summary>
    public static string KeyOf(int item) => item switch { 0 => "a \"quoted\" key", 1 => "Schuh \u00e9\ud83d\ude00", 2 => "line\nbreak", 3 => "", _ => $"item-{item}" };

    public static TrainedModel Gru4Rec(GruVariant variant, EmbeddingMode embedding, int[] layers, float cosineScale, ulong seed = 1) => Trainer.Fit(
        s_train,
        new Gru4RecOptions
        {
            Layers = [.. layers],
            Variant = variant,
            Embedding = embedding,
            EmbeddingSize = embedding == EmbeddingMode.Separate ? 7 : 0,
            CosineScale = cosineScale,
            Epochs = 2,
            BatchSize = 8,
            NegativeSampleCount = 16,
            LearningRate = 0.3f,
            Seed = seed,
        });

    public static TrainedModel Prnn(PrnnArchitecture architecture, GruVariant variant = GruVariant.ResetBefore, bool withText = true) => Trainer.Fit(
        s_train,
        new PrnnOptions
        {
            Training = new() { Embedding = EmbeddingMode.None, Layers = [9], Variant = variant, Epochs = 2, BatchSize = 8, NegativeSampleCount = 16, LearningRate = 0.3f, Seed = 2 },
            Architecture = architecture,
            Strategy = TrainingStrategy.Simultaneous,
            Subnets = architecture is PrnnArchitecture.IdOnly or PrnnArchitecture.Concatenated ? [] : [new("image") { Weight = 0.7f, Units = architecture is PrnnArchitecture.Parallel ? 5 : null }],
        },
        architecture == PrnnArchitecture.IdOnly ? null : Features(withText));

    /// <summary>A p-RNN whose dense blocks have the names given.</summary>
    public static TrainedModel PrnnOfBlocks(PrnnArchitecture architecture, params string[] names)
    {
        var random = new Random(9);
        var columns = names.Select((name, b) => FeatureColumn.Vectors(name, 3 + b, [.. Enumerable.Range(0, Items * (3 + b)).Select(_ => (float)(random.NextDouble() - 0.5))], [.. Enumerable.Repeat(true, Items)])).ToList();
        return Trainer.Fit(
            s_train,
            new PrnnOptions
            {
                Training = new() { Embedding = EmbeddingMode.None, Layers = [9], Variant = GruVariant.ResetAfter, Epochs = 2, BatchSize = 8, NegativeSampleCount = 16, LearningRate = 0.3f, Seed = 2 },
                Architecture = architecture,
                Strategy = TrainingStrategy.Simultaneous,
            },
            ItemFeatures.Fit(new FeatureTable(s_train.Catalog, columns), [.. names.Select(name => new FeatureBlockOptions { Name = name, Columns = [new(name, FeatureKind.Vector)] })]));
    }

    /// <summary>Any baseline.</summary>
    public static TrainedModel Baseline() => Trainer.Describe(MarkovModel.Fit(s_train), s_train);

    public static TrainedModel BprMf() => Trainer.Describe(BprMfModel.Fit(s_train, new BprMfOptions { Factors = 6, Epochs = 3 }), s_train);

    /// <summary>Sessions to score, with unknown items (-1) anywhere, and one of unknown items alone.</summary>
    public static int[][] Questions(int seed)
    {
        var random = new Random(seed);
        var questions = Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(5) == 0 ? -1 : random.Next(Items)).ToArray()).ToArray();
        questions[4] = [-1, -1];
        questions[5] = [7, 7, 7];
        return questions;
    }

    /// <summary>The score of every item by our own lanes; not a number where there is none.</summary>
    public static float[] ScoresAfter(ISessionModel model, int[] session)
    {
        using var lanes = model.Open(1);
        foreach (var item in session)
            lanes.Advance([item]);
        var best = new ScoredItem[model.Catalog.Count];
        var found = lanes.TopK(0, null, [], best);
        var scores = new float[best.Length];
        Array.Fill(scores, float.NaN);
        foreach (var scored in best[..found])
            scores[scored.ItemIndex] = scored.Score;
        return scores;
    }

    private static SessionSet Sessions(int seed)
    {
        var random = new Random(seed);
        var events = new List<SessionEvent>();
        for (var item = 0; item < Items; item++) // the order of the catalog
            events.Add(new SessionEvent($"first-{item / 2}", KeyOf(item), item));
        for (var session = 0; session < 120; session++)
        {
            for (var e = 0; e < random.Next(2, 7); e++)
                events.Add(new SessionEvent($"s{session}", KeyOf(random.Next(1, 8) * random.Next(1, 7) % Items), 1000 + (10 * session) + e));
        }

        return SessionSet.From(events);
    }

    private static ItemFeatures Features(bool withText)
    {
        var random = new Random(8);
        var columns = new List<FeatureColumn>
        {
            FeatureColumn.Vectors("image", 6, [.. Enumerable.Range(0, Items * 6).Select(_ => (float)(random.NextDouble() - 0.5))], [.. Enumerable.Range(0, Items).Select(item => item % 9 != 4)]),
        };
        var blocks = new List<FeatureBlockOptions> { new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] } };
        if (withText)
        {
            columns.Add(FeatureColumn.Texts("title", [.. Enumerable.Range(0, Items).Select(item => item % 7 == 0 ? null : $"word{item % 5} word{item % 3}")]));
            blocks.Add(new() { Name = "text", Columns = [new("title", FeatureKind.Text)] });
        }

        return ItemFeatures.Fit(new FeatureTable(s_train.Catalog, columns), blocks);
    }
}
