using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using NextItem.Kernels;

namespace NextItem.Benchmarks;

/// <summary>
/// Evaluation, recommending and loading with random parameters: events a second of full ranking beside the rate of our own large matrix
/// product in the same run; milliseconds of the best 20 items for one session, and for 16 together, with and without the index; a model
/// file of a million items. Best of several runs, in processor time, since the machine may be shared: with several threads a rate is that of
/// a processor second times the threads.
/// </summary>
internal static class ScoringRate
{
    private const int Wanted = 20;

    private sealed record Ranking(int Items, int[] Layers, int Threads, int Steps);

    private static readonly Ranking[] s_rankings =
    [
        new(17_376, [100], 1, 40),
        new(17_376, [100], 2, 40),
        new(17_376, [512], 1, 12),
        new(17_376, [512], 2, 12),
        new(17_376, [100, 100], 1, 40),
        new(17_376, [224], 1, 24),
        new(17_376, [224], 2, 24),
        new(30_000, [100], 1, 24),
        new(100_000, [100], 1, 12),
        new(40_000, [224], 1, 12),
        new(100_000, [224], 1, 6),
        new(1_000_000, [100], 1, 3),
        new(1_000_000, [100], 2, 3),
        new(1_000_000, [512], 1, 1),
    ];

    /// <summary>Runs all cases and prints a table for each of the three.</summary>
    /// <param name="args">Number of runs of each, default 5; <c>rank</c>, <c>recommend</c> or <c>load</c> for one of the tables alone.</param>
    public static int Run(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        Console.WriteLine($"{Environment.ProcessorCount} processors; .NET {Environment.Version}; {SimdWidth.Floats} floats a vector; best of {runs}");
        if (args.Length < 2 || args[1] == "rank")
            Rank(runs);
        if (args.Length < 2 || args[1] == "recommend")
            Recommend(runs);
        if (args.Length < 2 || args[1] == "load")
            Load(runs);
        return 0;
    }

    private static void Rank(int runs)
    {
        Console.WriteLine($"{"items",9} {"layers",8} {"threads",7} {"events/s",10} {"GFLOP/s",8} {"product",8} {"share",6}");
        foreach (var test in s_rankings.Where(test => test.Threads <= Environment.ProcessorCount))
        {
            using var model = Model(test.Items, test.Layers);
            var options = new EvaluationOptions { Threads = test.Threads };
            var sessions = Sessions(model.Catalog, options.Lanes * test.Threads, test.Steps + 1);
            Evaluator.Evaluate(model, Sessions(model.Catalog, test.Threads, 3), options);
            double rate = 0, product = 0;
            for (var run = 0; run < runs; run++)
            {
                product = Math.Max(product, ProductRate.Measure(test.Threads));
                var cpu = Environment.CpuUsage.TotalTime;
                var cases = Evaluator.Evaluate(model, sessions, options).Cases;
                rate = Math.Max(rate, cases * test.Threads / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            }

            // The scores alone: what the GRU and the counting take lowers the share.
            var gflops = rate * 2 * test.Items * test.Layers[^1] / 1e9;
            Console.WriteLine($"{test.Items,9:N0} {string.Join('/', test.Layers),8} {test.Threads,7} {rate,10:N0} {gflops,8:F0} {product,8:F0} {gflops / product,6:P0}");
        }
    }

    private static void Recommend(int runs)
    {
        Console.WriteLine($"{"items",9} {"units",5} {"scan ms",8} {"GB/s",6} {"index ms",8} {"16: scan",8} {"index",8} {"rows MB",8} {"index MB",8} {"build ms",8}");
        foreach (var items in new[] { 2_500, 5_000, 10_000, 100_000, 1_000_000 })
        {
            const int Units = 100;
            using var model = Model(items, [Units]);
            using var lanes = model.Open(16);
            for (var step = 0; step < 3; step++)
                lanes.Advance([.. Enumerable.Range(0, 16).Select(lane => ((lane * 7919) + step) % items)]);
            var best = new ScoredItem[Wanted];
            var scan = Time(runs, items, () => lanes.TopK(0, null, [], best));
            var expected = best.ToArray();
            var requests = Enumerable.Range(0, 16).Select(lane => new TopKRequest { Lane = lane, Best = new ScoredItem[Wanted] }).ToArray();
            var scanTogether = Time(runs, items * 16L, () => lanes.TopK(requests));
            var watch = Stopwatch.StartNew();
            model.BuildIndex(leastItems: 0);
            var build = watch.Elapsed.TotalMilliseconds;
            var index = Time(runs, items, () => lanes.TopK(0, null, [], best));
            var indexTogether = Time(runs, items * 16L, () => lanes.TopK(requests));
            if (!best.SequenceEqual(expected) || !requests[0].Best.Span.SequenceEqual(expected))
                throw new InvalidOperationException("The index gives other items than the scan.");
            var bytes = (double)items * model.Parameters.Items.Stride * sizeof(float);
            Console.WriteLine(
                $"{items,9:N0} {Units,5} {scan,8:F3} {bytes / scan / 1e6,6:F1} {index,8:F3} {scanTogether,8:F2} {indexTogether,8:F2} {bytes / 1e6,8:F1} {model.IndexBytes / 1e6,8:F1} {build,8:F1}");
        }
    }

    /// <summary>What loading costs, the file being in the system's cache, and how much of it the checksum.</summary>
    private static void Load(int runs)
    {
        const int Items = 1_000_000;
        var path = Path.Combine(Path.GetTempPath(), $"nextitem-scoring-{Environment.ProcessId}");
        try
        {
            using (var model = Model(Items, [100]))
            using (var stream = File.Create(path))
                ModelFile.Save(stream, Trainer.Describe(model, Sessions(model.Catalog, 1, 2)));
            Console.WriteLine($"{"model file",12} {"MB",6} {"checksum ms",11} {"copied ms",9} {"own MB",7} {"mapped ms",9} {"own MB",7}");
            double checksum = double.PositiveInfinity, copied = checksum, mapped = checksum;
            long copiedBytes = 0, mappedBytes = 0;
            for (var run = 0; run < runs; run++)
            {
                using var stream = File.OpenRead(path);
                checksum = Math.Min(checksum, CpuMilliseconds(() => SHA256.HashData(stream)));
                (copied, copiedBytes) = Loaded(copied, () => ModelFile.Load(stream));
                (mapped, mappedBytes) = Loaded(mapped, () => ModelFile.Map(stream));

                (double Best, long Bytes) Loaded(double best, Func<TrainedModel> load)
                {
                    stream.Position = 0;
                    TrainedModel? model = null;
                    var before = OwnBytes();
                    best = Math.Min(best, CpuMilliseconds(() => model = load()));
                    var bytes = OwnBytes() - before;
                    model!.Dispose();
                    return (best, bytes);
                }
            }

            Console.WriteLine($"{Items,12:N0} {new FileInfo(path).Length / 1e6,6:F0} {checksum,11:F0} {copied,9:F0} {copiedBytes / 1e6,7:F0} {mapped,9:F0} {mappedBytes / 1e6,7:F0}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Bytes of this process that are not pages of a file, after a collection; 0 where the system does not say.</summary>
    private static long OwnBytes()
    {
        GC.Collect();
        const string Status = "/proc/self/status";
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : 1024 * long.Parse(line["RssAnon:".Length..^2], CultureInfo.InvariantCulture);
    }

    private static double CpuMilliseconds(Action call)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        call();
        return (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
    }

    /// <summary>Milliseconds of the fastest of the runs, each of so many calls that a clock can tell.</summary>
    private static double Time(int runs, long items, Action call)
    {
        var calls = Math.Clamp(1_000_000 / items, 1, 50);
        for (var watch = Stopwatch.StartNew(); watch.ElapsedMilliseconds < 500;) // so that the compiler has done its work
            call();
        var best = double.PositiveInfinity;
        for (var run = 0; run < runs * 3; run++)
        {
            best = Math.Min(best, CpuMilliseconds(() =>
            {
                for (var i = 0; i < calls; i++)
                    call();
            }) / calls);
        }

        return best;
    }

    private static Gru4RecModel Model(int items, int[] layers) =>
        RandomModels.Gru4Rec(ItemCatalog.From(Enumerable.Range(0, items).Select(item => $"i{item}"), Enumerable.Repeat(1, items)), layers);

    private static SessionSet Sessions(ItemCatalog catalog, int sessions, int events)
    {
        var builder = new SessionSetBuilder(catalog);
        for (var session = 0; session < sessions; session++)
        {
            for (var i = 0; i < events; i++)
                builder.Add($"s{session}", catalog.KeyOf((int)(((long)session * 7919 * 31) + (i * 104_729L)) % catalog.Count), i);
        }

        return builder.Build();
    }
}
