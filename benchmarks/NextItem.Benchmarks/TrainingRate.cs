using System.Diagnostics;
using System.Globalization;
using NextItem.Synthetic;
using NextItem.Training;

namespace NextItem.Benchmarks;

/// <summary>
/// Mini-batches per second of whole training steps (sampling, forward, loss, backward, update) on the generated log of 30,000
/// items, for published settings, beside the FMA rate of the same run. Its steps are the trainer's: the loss that it prints
/// is that of a training run with the same seed and number of steps.
/// </summary>
internal static class TrainingRate
{
    private sealed record Case(string Name, Gru4RecOptions Options, int Steps, double AuthorsRate);

    /// <summary>2,048 samples, shared embedding, dropout and momentum as in the settings they stand for.</summary>
    private static readonly Case[] s_cases =
    [
        new("cross-entropy, 100 units, batch 32", new() { Layers = [100], BatchSize = 32, DropoutHidden = 0.4f, Momentum = 0.2f, LearningRate = 0.2f }, 1500, 237),
        new("cross-entropy, 224 units, batch 80", new() { Layers = [224], BatchSize = 80, DropoutEmbedding = 0.5f, DropoutHidden = 0.05f, Momentum = 0.4f, LearningRate = 0.05f }, 400, double.NaN),
        new("cross-entropy, 512 units, batch 240", new() { Layers = [512], BatchSize = 240, DropoutEmbedding = 0.45f, LearningRate = 0.065f }, 100, 19.5),
        new("bpr-max, 100 units, batch 32", new() { Loss = Loss.BprMax, Layers = [100], BatchSize = 32, DropoutHidden = 0.4f, Momentum = 0.2f, LearningRate = 0.1f }, 1500, 250),
        new("bpr-max, 224 units, batch 80", new() { Loss = Loss.BprMax, ScoreRegularisation = 1.95f, Layers = [224], BatchSize = 80, DropoutEmbedding = 0.5f, DropoutHidden = 0.05f, Momentum = 0.4f, LearningRate = 0.05f }, 400, 82),
    ];

    /// <summary>Runs every case with one and two threads and prints medians.</summary>
    /// <param name="args">Number of runs of each, default 3; part of the names of the cases to run, default all; a single number of threads.</param>
    public static int Run(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var cases = s_cases.Where(test => args.Length < 2 || test.Name.Contains(args[1], StringComparison.OrdinalIgnoreCase)).ToArray();
        int[] counts = args.Length > 2 ? [int.Parse(args[2], CultureInfo.InvariantCulture)] : Environment.ProcessorCount > 1 ? [1, 2] : [1];
        var log = BenchmarkLog.Generate(new BenchmarkLogOptions());
        Console.WriteLine($"log: {log.EventCount:N0} events, {log.Count:N0} sessions, {log.Catalog.Count:N0} items; {Environment.ProcessorCount} processors; .NET {Environment.Version}");
        var fma = new[] { 0, Median([.. Enumerable.Range(0, 3).Select(_ => FmaRate.Measure(1))]), Median([.. Enumerable.Range(0, 3).Select(_ => FmaRate.Measure(2))]) };
        Console.WriteLine($"FMA rate: {fma[1]:F0} GFLOP/s with one thread, {fma[2]:F0} with two");
        Console.WriteLine($"{"case",-36} {"threads",7} {"mb/s",8} {"mb/cpu-s",8} {"events/s",10} {"GFLOP/s",8} {"of FMA",7} {"x authors' 1-core",18} {"loss",9}");
        foreach (var test in cases)
        {
            foreach (var threads in counts)
            {
                var options = test.Options with { Threads = threads };
                var rates = new List<double>();
                var cpuRates = new List<double>();
                double loss = 0;
                for (var run = 0; run < runs; run++)
                {
                    (var rate, var cpuRate, loss) = Time(log, options, test.Steps);
                    rates.Add(rate);
                    cpuRates.Add(cpuRate);
                }

                var median = Median([.. rates]);
                var gflops = Flops(log, options) * median / 1e9;
                var ratio = double.IsNaN(test.AuthorsRate) ? "-" : $"{median / test.AuthorsRate:F1}";
                Console.WriteLine($"{test.Name,-36} {threads,7} {median,8:F1} {Median([.. cpuRates]),8:F1} {median * options.BatchSize,10:N0} {gflops,8:F1} {gflops / fma[threads],7:P0} {ratio,18} {loss,9:F4}");
            }
        }

        return 0;
    }

    private static (double Rate, double CpuRate, double Loss) Time(SessionSet log, Gru4RecOptions options, int steps)
    {
        using var run = new Gru4RecRun(log, options);
        run.StartEpoch(1);
        double loss = 0;
        var warmUp = steps / 5;
        var watch = new Stopwatch();
        var cpu = TimeSpan.Zero;
        for (var step = 0; step < warmUp + steps; step++)
        {
            if (step == warmUp)
            {
                cpu = Environment.CpuUsage.TotalTime;
                watch.Start();
            }

            if (!run.MoveNext())
                throw new InvalidOperationException("The log has fewer mini-batches than the benchmark takes steps.");
            loss = run.Step();
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return (steps / seconds, steps / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, loss);
    }

    /// <summary>Floating-point operations of a step that a dense computation over all B + N columns would need: 6 B E M + 30 B H^2.</summary>
    private static double Flops(SessionSet log, Gru4RecOptions options)
    {
        double b = options.BatchSize, h = options.Layers[0], m = Math.Min(log.Catalog.Count, options.BatchSize + options.NegativeSampleCount);
        return (6 * b * h * m) + (30 * b * h * h);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
