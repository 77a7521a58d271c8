using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using NextItem.Kernels;

namespace NextItem.Benchmarks;

/// <summary>The tiled product against what it replaced: one dot product per element.</summary>
[ShortRunJob]
public class MatMulBenchmark : IDisposable
{
    private readonly Arena _arena = new();
    private Matrix _rows;
    private Matrix _hidden;
    private Matrix _hiddenByUnit;
    private Matrix _scores;

    /// <summary>Hidden units.</summary>
    [Params(100, 512)]
    public int Units { get; set; }

    /// <summary>2,048 item rows and 32 lanes of random numbers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _rows = _arena.Allocate(2048, Units);
        _hidden = _arena.Allocate(32, Units);
        _hiddenByUnit = _arena.Allocate(Units, 32);
        _scores = _arena.Allocate(2048, 32);
        var random = new CounterRandom(1);
        Fill(_rows, random, 1);
        Fill(_hidden, random, 2);
        Transpose.Run(_hidden, 0, 32, Units, _hiddenByUnit);
    }

    /// <summary>Scores by dot products.</summary>
    [Benchmark(Baseline = true)]
    public unsafe void DotProducts()
    {
        for (var row = 0; row < 2048; row++)
        {
            for (var lane = 0; lane < 32; lane++)
                _scores.Row(row)[lane] = TensorPrimitives.Dot(new ReadOnlySpan<float>(_rows.Row(row), Units), new ReadOnlySpan<float>(_hidden.Row(lane), Units));
        }
    }

    /// <summary>Scores by the tiled product.</summary>
    [Benchmark]
    public void Tiled() => MatMul.Multiply(_rows, _hiddenByUnit, _scores, Units);

    /// <summary>Frees the matrices.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _arena.Dispose();
        GC.SuppressFinalize(this);
    }

    private static unsafe void Fill(Matrix matrix, CounterRandom random, int part)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
                matrix.Row(row)[column] = CounterRandom.ToUnit(random.At(RandomStream.Initialisation, part, row, (uint)column).A) - 0.5f;
        }
    }
}
