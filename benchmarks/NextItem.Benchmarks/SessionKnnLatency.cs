using System.Diagnostics;
using System.Globalization;
using NextItem.Synthetic;

namespace NextItem.Benchmarks;

/// <summary>
/// Session-kNN on one core with a large index: milliseconds from a session's item keys to its 21 best items, one session after the
/// other, in percentiles of the clock, and the processor time of one, which other programs do not lengthen.
/// </summary>
internal static class SessionKnnLatency
{
    private const int Wanted = 21; // Serenade's
    private const int Asked = 20_000;

    /// <summary>Runs all cases and prints a table.</summary>
    /// <param name="args">Number of sessions in the index, default 1,000,000.</param>
    public static int Run(string[] args)
    {
        var sessions = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        Console.WriteLine($"{Environment.ProcessorCount} processors; .NET {Environment.Version}; {Asked:N0} sessions asked for, {Wanted} items each, one thread");
        Console.WriteLine($"{"model",-34} {"sessions",10} {"items",8} {"fit s",6} {"p50 ms",7} {"p90",7} {"p99",7} {"p99.9",7} {"max",7} {"cpu ms",7}");
        foreach (var items in new[] { 30_000, 200_000 })
        {
            var train = BenchmarkLog.Generate(new BenchmarkLogOptions { Items = items, Sessions = sessions });
            var asked = Questions(items);
            Measure("vmis-knn", train, items, asked, () => VmisKnnModel.Fit(train));
            Measure("vmis-knn, session_length 10", train, items, asked, () => VmisKnnModel.Fit(train, new VmisKnnOptions { SessionLength = 10 }));
            Measure("v-sknn", train, items, asked, () => VSknnModel.Fit(train));
        }

        return 0;
    }

    private static void Measure(string name, SessionSet train, int items, string[][] asked, Func<ISessionModel> fit)
    {
        var watch = Stopwatch.StartNew();
        var model = fit();
        var fitted = watch.Elapsed.TotalSeconds;
        using var recommender = new Recommender(model);
        var found = 0;
        foreach (var session in asked.AsSpan(0, 2_000)) // so that the compiler has done its work
            found += recommender.Recommend(session, Wanted).Items.Count;
        var milliseconds = new double[asked.Length];
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < asked.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            found += recommender.Recommend(asked[i], Wanted).Items.Count;
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        cpu = Environment.CpuUsage.TotalTime - cpu;
        if (found < asked.Length)
            throw new InvalidOperationException("There were hardly any answers: the measurement says nothing.");
        Array.Sort(milliseconds);
        double At(double share) => milliseconds[Math.Min(milliseconds.Length - 1, (int)(share * milliseconds.Length))];
        Console.WriteLine(
            $"{name,-34} {train.Count,10:N0} {items,8:N0} {fitted,6:F1} {At(0.5),7:F3} {At(0.9),7:F3} {At(0.99),7:F3} {At(0.999),7:F3} {milliseconds[^1],7:F1} {cpu.TotalMilliseconds / asked.Length,7:F3}");
    }

    /// <summary>Sessions that are not in the log: of the same popularity, drawn with another seed.</summary>
    private static string[][] Questions(int items) =>
    [
        .. BenchmarkLog.Events(new BenchmarkLogOptions { Items = items, Sessions = Asked, Seed = 43 })
            .GroupBy(each => each.SessionKey).Select(session => session.Select(each => each.ItemKey).ToArray()),
    ];
}
