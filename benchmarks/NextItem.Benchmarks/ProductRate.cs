using System.Diagnostics;
using NextItem.Kernels;

namespace NextItem.Benchmarks;

/// <summary>The rate of our own large matrix product as <see cref="LargeProduct"/> has it, but in processor time and each thread with its own operands, as scoring is measured here.</summary>
internal static class ProductRate
{
    private const int Rows = 1024;
    private const int Inner = 512;
    private const int Columns = 256;

    /// <summary>GFLOP/s of [1024 x 512] [512 x 256], with a number of threads at once: that of a processor second, times the threads.</summary>
    public static double Measure(int threads, double seconds = 0.3)
    {
        var done = new long[threads];
        var cpu = Environment.CpuUsage.TotalTime;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => done[thread] = Run(thread, seconds));
        return done.Sum() * 2.0 * Rows * Inner * Columns * threads / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / 1e9;
    }

    private static long Run(int thread, double seconds)
    {
        using var arena = new Arena();
        var a = arena.Allocate(Rows, Inner);
        var b = arena.Allocate(Inner, Columns);
        var c = arena.Allocate(Rows, Columns);
        RandomRows.Fill(a, thread + 1);
        RandomRows.Fill(b, thread + 100);
        long products = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds; products++)
            MatMul.Multiply(a, b, c, Inner);
        return products;
    }
}
