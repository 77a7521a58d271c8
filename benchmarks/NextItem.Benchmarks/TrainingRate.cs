using System.Diagnostics;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Synthetic;
using NextItem.Training;

namespace NextItem.Benchmarks;

/// <summary>
/// Mini-batches per second of whole training steps (sampling, forward, loss, backward, update) on the generated log, beside the
/// processor's FMA rate and our own large product's of the same run. Its steps are the trainer's: the loss that it prints
/// is that of a training run with the same seed and number of steps.
/// </summary>
internal static class TrainingRate
{
    /// <summary>Runs cases and prints medians.</summary>
    public static int Run(BenchmarkArguments arguments)
    {
        var log = BenchmarkLog.Generate(new BenchmarkLogOptions { Items = arguments.Items, Sessions = Math.Max(60_000, 2 * arguments.Items) });
        var table = new Report(arguments.Out);
        table.Line($"log: {log.EventCount:N0} events, {log.Count:N0} sessions, {log.Catalog.Count:N0} items; {Environment.ProcessorCount} processors; .NET {Environment.Version}; {SimdWidth.Floats} floats a vector");
        int[] counts = arguments.Threads > 0 ? [arguments.Threads] : Environment.ProcessorCount > 1 ? [1, 2] : [1];
        var fma = counts.ToDictionary(threads => threads, threads => arguments.StepsOnly ? double.NaN : Median([.. Enumerable.Range(0, 5).Select(_ => FmaRate.Measure(threads))]));
        foreach (var threads in arguments.StepsOnly ? [] : counts)
        {
            var product = Median([.. Enumerable.Range(0, 5).Select(_ => LargeProduct.Measure(threads))]);
            table.Line($"{threads} thread{(threads == 1 ? "" : "s")}: (a) FMA rate {fma[threads]:F0} GFLOP/s, (b) large product {product:F0} GFLOP/s, {product / fma[threads]:P0} of (a)");
        }

        var cases = arguments.Variants ? TrainingCases.Variants : TrainingCases.Published;
        cases = [.. cases.Where((test, i) => (arguments.Variants && i == 0) || test.Name.Contains(arguments.Case, StringComparison.OrdinalIgnoreCase))]; // variants are told beside the first
        table.Line($"{"case",-40} {"threads",7} {"mb/s",8} {"mb/cpu-s",8} {"events/s",9} {"GFLOP/s",8} {"of (a)",6} {"rows GB/s",9} {(arguments.Variants ? "of plain" : "x authors'"),10} {"loss",9}");
        foreach (var threads in counts)
        {
            var plain = double.NaN;
            foreach (var test in cases)
            {
                var options = test.Options with { Threads = threads };
                var runs = Enumerable.Range(0, arguments.Runs).Select(_ => Time(log, options, test)).ToArray();
                var rate = Median([.. runs.Select(run => run.Rate)]);
                plain = double.IsNaN(plain) ? rate : plain;
                var gflops = Flops(log, options) * rate / 1e9;
                var ratio = arguments.Variants ? $"{rate / plain:P0}" : double.IsNaN(test.AuthorsRate) ? "-" : $"{rate / test.AuthorsRate:F1}";
                table.Line(
                    $"{test.Name,-40} {threads,7} {rate,8:F1} {Median([.. runs.Select(run => run.CpuRate)]),8:F1} {rate * options.BatchSize,9:N0} {gflops,8:F1} {gflops / fma[threads],6:P0} "
                    + $"{RowBytes(options, runs[0].Rows) * rate / 1e9,9:F1} {ratio,10} {runs[0].Loss,9:F4}");
            }
        }

        return 0;
    }

    private static (double Rate, double CpuRate, double Loss, double Rows) Time(SessionSet log, Gru4RecOptions options, TrainingCase test)
    {
        var steps = test.Steps;
        Gru4RecModel[] teachers = [.. Enumerable.Range(0, test.Teachers).Select(seed => Untrained(log, options with { Seed = (ulong)seed }))];
        using var run = new Gru4RecRun(log, options, teachers);
        run.StartEpoch(1);
        double loss = 0, rows = 0;
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
            rows += run.ScoredRows;
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return (steps / seconds, steps / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, loss, rows / (warmUp + steps));
    }

    private static Gru4RecModel Untrained(SessionSet log, Gru4RecOptions options)
    {
        using var run = new Gru4RecRun(log, options);
        return (Gru4RecModel)run.IntoModel();
    }

    /// <summary>Floating-point operations of a step that a dense computation over all B + N columns would need: 6 B E M + 30 B H^2.</summary>
    private static double Flops(SessionSet log, Gru4RecOptions options)
    {
        double b = options.BatchSize, h = options.Layers[^1], m = Math.Min(log.Catalog.Count, options.BatchSize + options.NegativeSampleCount);
        return (6 * b * h * m) + options.Layers.Sum(units => 30 * b * units * units);
    }

    /// <summary>Bytes of item rows that a step reads and writes: values for the scores; values and states, there and back, for the update.</summary>
    private static double RowBytes(Gru4RecOptions options, double rows)
    {
        var width = SimdWidth.Padded(options.Layers[^1] + 1);
        return rows * sizeof(float) * width * (1 + (2 * (1 + TrainingSteps.States(options))));
    }

    internal static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
