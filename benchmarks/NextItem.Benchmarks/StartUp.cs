using System.Diagnostics;
using NextItem.Data;
using NextItem.Synthetic;
using NextItem.Training;

namespace NextItem.Benchmarks;

/// <summary>From the start of the process to the end of the first mini-batch: what a person waits for before training runs.</summary>
internal static class StartUp
{
    /// <summary>Writes a generated log as tab-separated text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="events">About so many events, five a session.</param>
    /// <param name="items">Items.</param>
    public static int WriteLog(string path, int events, int items)
    {
        EventsFile.Write(path, BenchmarkLog.Events(new BenchmarkLogOptions { Items = items, Sessions = events / 5 }));
        return 0;
    }

    /// <summary>Reads a log and trains on one mini-batch with the default options; run it in a process of its own.</summary>
    public static int Run(string path)
    {
        using var process = Process.GetCurrentProcess();
        var launched = process.StartTime;
        var main = Since(launched);
        var train = EventsFile.Read(path);
        var read = Since(launched);
        using var run = new Gru4RecRun(train, new Gru4RecOptions());
        run.StartEpoch(1);
        run.MoveNext();
        run.Step();
        var first = Since(launched);
        Console.WriteLine(
            $"{train.EventCount:N0} events, {train.Catalog.Count:N0} items: program running after {main:F2} s, data read after {read:F2} s "
            + $"({train.EventCount / (read - main):N0} events/s), first mini-batch done after {first:F2} s; {Environment.CpuUsage.TotalTime.TotalSeconds:F2} s of processor time");
        return 0;
    }

    private static double Since(DateTime launched) => (TimeProvider.System.GetLocalNow().DateTime - launched).TotalSeconds;
}
