using System.Diagnostics;
using NextItem.Kernels;

namespace NextItem.Benchmarks;

/// <summary>The rate of our own matrix product on large matrices: what the engine's products could reach at most.</summary>
internal static class LargeProduct
{
    private const int Rows = 960, Inner = 1024, Columns = 960;

    /// <summary>GFLOP/s with a number of threads, each with a share of the rows of C.</summary>
    public static double Measure(int threads, int rounds = 20)
    {
        using var arena = new Arena();
        var (a, b, c) = (Filled(arena, Rows, Inner), Filled(arena, Inner, Columns), arena.Allocate(Rows, Columns));
        using var team = new WorkerTeam(threads);
        void Work(int member)
        {
            var (start, end) = WorkerTeam.Share(member, threads, Rows, 8);
            MatMul.Multiply(a.Slice(start, end - start), b, c.Slice(start, end - start), Inner);
        }

        for (var warmUp = 0; warmUp < 5; warmUp++)
            team.Run(Work);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < rounds; round++)
            team.Run(Work);
        return 2.0 * Rows * Inner * Columns * rounds / watch.Elapsed.TotalSeconds / 1e9;
    }

    private static unsafe Matrix Filled(Arena arena, int rows, int columns)
    {
        var matrix = arena.Allocate(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix.Row(row)[column] = ((row + column) % 7) - 3;
        }

        return matrix;
    }
}
