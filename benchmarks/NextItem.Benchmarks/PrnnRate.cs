using NextItem.Kernels;
using NextItem.Synthetic;
using NextItem.Training;

namespace NextItem.Benchmarks;

/// <summary>
/// Processor time of a p-RNN's mini-batch beside the sum of its subnets' own steps, each trained alone. Text is a million columns with six
/// entries an item, a picture 1,024 dense numbers; 100 units a subnet, 32 lanes, 2,048 samples.
/// </summary>
internal static class PrnnRate
{
    private const int Terms = 1_000_000;
    private const int TermsPerItem = 6;
    private const int ImageLength = 1024;
    private const int Steps = 400;

    /// <summary>Measures all in turn, several times, and prints medians.</summary>
    public static int Run(int runs)
    {
        var log = BenchmarkLog.Generate(new BenchmarkLogOptions());
        Console.WriteLine($"log: {log.EventCount:N0} events, {log.Count:N0} sessions, {log.Catalog.Count:N0} items; {Environment.ProcessorCount} processors; .NET {Environment.Version}; {SimdWidth.Floats} floats a vector");
        var (text, image) = (Text(log.Catalog), Image(log.Catalog));
        var both = new ItemFeatures(log.Catalog, [.. text.Blocks, .. image.Blocks]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"text: {text.Blocks[0].Width:N0} columns, {(double)text.Blocks[0].NonZeroCount / log.Catalog.Count:F1} entries an item; managed memory {before / 1e6:F0} MB");
        (string Name, ItemFeatures? Features, PrnnArchitecture Architecture, TrainingStrategy Strategy)[] cases =
        [
            ("id", null, PrnnArchitecture.IdOnly, TrainingStrategy.Simultaneous),
            ("text", text, PrnnArchitecture.FeatureOnly, TrainingStrategy.Simultaneous),
            ("image", image, PrnnArchitecture.FeatureOnly, TrainingStrategy.Simultaneous),
            ("id + text, simultaneous", text, PrnnArchitecture.Parallel, TrainingStrategy.Simultaneous),
            ("id + text, interleaving", text, PrnnArchitecture.Parallel, TrainingStrategy.Interleaving),
            ("id + image, simultaneous", image, PrnnArchitecture.Parallel, TrainingStrategy.Simultaneous),
            ("id + image, interleaving", image, PrnnArchitecture.Parallel, TrainingStrategy.Interleaving),
            ("id + text + image, simultaneous", both, PrnnArchitecture.Parallel, TrainingStrategy.Simultaneous),
            ("id + text + image, interleaving", both, PrnnArchitecture.Parallel, TrainingStrategy.Interleaving),
        ];
        var seconds = cases.ToDictionary(test => test.Name, _ => new List<double>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var (name, features, architecture, strategy) in cases)
                seconds[name].Add(SecondsOfStep(log, features, architecture, strategy));
        }

        var gru4Rec = TrainingRate.Median([.. Enumerable.Range(0, runs).Select(_ => SecondsOfStep(new Gru4RecRun(log, Options)))]);
        Console.WriteLine($"{"case",-36} {"ms a step",10} {"of the sum of its subnets'",28}");
        Console.WriteLine($"{"gru4rec, one-hot",-36} {1000 * gru4Rec,10:F3}");
        foreach (var (name, _, _, _) in cases)
        {
            var own = TrainingRate.Median([.. seconds[name]]);
            var parts = name.Split(',')[0].Split(" + ");
            var sum = parts.Sum(part => TrainingRate.Median([.. seconds[part]]));
            Console.WriteLine($"{name,-36} {1000 * own,10:F3} {(parts.Length > 1 ? $"{own / sum,28:F2}" : "")}");
        }

        return 0;
    }

    private static Gru4RecOptions Options => new() { Layers = [100], BatchSize = 32, Embedding = EmbeddingMode.None };

    private static double SecondsOfStep(SessionSet log, ItemFeatures? features, PrnnArchitecture architecture, TrainingStrategy strategy) =>
        SecondsOfStep(new PrnnRun(log, new PrnnOptions { Training = Options, Architecture = architecture, Strategy = strategy }, features));

    /// <summary>Processor seconds, which other programs disturb less.</summary>
    private static double SecondsOfStep(TrainingRun started)
    {
        using var run = started;
        run.StartEpoch(1);
        var cpu = TimeSpan.Zero;
        for (var step = -Steps / 2; step < Steps; step++)
        {
            if (step == 0)
                cpu = Environment.CpuUsage.TotalTime;
            run.MoveNext();
            run.Step();
        }

        return (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / Steps;
    }

    /// <summary>Encoders are fitted to a larger table, so that there are a million columns.</summary>
    private static ItemFeatures Text(ItemCatalog items)
    {
        var all = ItemCatalog.From(Enumerable.Range(0, Terms / TermsPerItem).Select(item => $"{item}"), new int[Terms / TermsPerItem]);
        var texts = Enumerable.Range(0, all.Count).Select(item => (string?)string.Join(' ', Enumerable.Range(item * TermsPerItem, TermsPerItem).Select(term => $"t{term}")));
        var fitted = ItemFeatures.Fit(
            new FeatureTable(all, [FeatureColumn.Texts("title", [.. texts])]),
            [new() { Name = "text", Columns = [new("title", FeatureKind.Text)], LongestTerm = 1, LeastTermCount = 1 }]);
        var random = new Random(1);
        var own = Enumerable.Range(0, items.Count).Select(_ => (string?)string.Join(' ', Enumerable.Range(0, TermsPerItem).Select(_ => $"t{random.Next(all.Count * TermsPerItem)}")));
        return fitted.Encode(new FeatureTable(items, [FeatureColumn.Texts("title", [.. own])]));
    }

    private static ItemFeatures Image(ItemCatalog items)
    {
        var random = new Random(2);
        var values = new float[items.Count * ImageLength];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.NextDouble() - 0.5f;
        return ItemFeatures.Fit(
            new FeatureTable(items, [FeatureColumn.Vectors("image", ImageLength, [.. values], [.. Enumerable.Repeat(true, items.Count)])]),
            [new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] }]);
    }
}
