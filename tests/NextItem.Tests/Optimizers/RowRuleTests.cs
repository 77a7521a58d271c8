using System.Runtime.Intrinsics;
using NextItem.Kernels;
using NextItem.Optimizers;
using NextItem.Tests.Kernels;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Optimizers;

public unsafe class RowRuleTests
{
    private const int Width = 48;

    /// <summary>Gradients of every size that a step can meet, and zero.</summary>
    private static readonly float[] s_gradients = [0, 1e-30f, -1e-12f, 3e-8f, -1e-4f, 0.001f, -0.03f, 0.7f, 1, -5, 100, -1e4f, 1e8f, -1e18f];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Adagrad_SeveralUpdates_MatchesDoubleReference(int width)
    {
        var rule = new Adagrad(0.07f);
        Check(Adagrad.States, 0.07f, 0, (row, gradient) =>
        {
            switch (width)
            {
                case 16: rule.Update<Simd512, Vector512<float>>((float*)row, (float*)gradient, Width); break;
                case 8: rule.Update<Simd256, Vector256<float>>((float*)row, (float*)gradient, Width); break;
                case 4: rule.Update<Simd128, Vector128<float>>((float*)row, (float*)gradient, Width); break;
                default: rule.Update<SimdScalar, float>((float*)row, (float*)gradient, Width); break;
            }
        });
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void AdagradMomentum_SeveralUpdates_MatchesDoubleReference(int width)
    {
        var rule = new AdagradMomentum(0.07f, 0.4f);
        Check(AdagradMomentum.States, 0.07f, 0.4f, (row, gradient) =>
        {
            switch (width)
            {
                case 16: rule.Update<Simd512, Vector512<float>>((float*)row, (float*)gradient, Width); break;
                case 8: rule.Update<Simd256, Vector256<float>>((float*)row, (float*)gradient, Width); break;
                case 4: rule.Update<Simd128, Vector128<float>>((float*)row, (float*)gradient, Width); break;
                default: rule.Update<SimdScalar, float>((float*)row, (float*)gradient, Width); break;
            }
        });
    }

    [Fact]
    public void Update_WidthOfThisProcess_MatchesDoubleReference()
    {
        var adagrad = new Adagrad(0.1f);
        Check(1, 0.1f, 0, (row, gradient) => adagrad.Update((float*)row, (float*)gradient, Width));
        var momentum = new AdagradMomentum(0.1f, 0.9f);
        Check(2, 0.1f, 0.9f, (row, gradient) => momentum.Update((float*)row, (float*)gradient, Width));
    }

    [Fact]
    public void Adagrad_FirstUpdateOfASmallGradient_HasTheEpsilonInsideTheRoot()
    {
        // a starts at 0: the first step of g = 1e-3 is lr * 1e-3 / sqrt(1e-6 + 1e-6) = lr / sqrt(2); outside the root it would be lr * 0.999.
        using var table = new ParameterTable("t", 1, 1, 1, Adagrad.States);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, 1);
        gradient.Row(0)[0] = 1e-3f;
        new Adagrad(0.5f).Update(table.Row(0), gradient.Row(0), table.Width);
        Assert.Equal(-0.5 / Math.Sqrt(2), table.At(0, 0, 0), 1e-6);
        Assert.Equal(1e-6, table.StateAt(0, 0, 0, 0), 1e-12);
    }

    [Fact]
    public void Update_GradientWhoseSquareOverflows_LeavesFiniteValuesAtEveryWidth()
    {
        // 1e25 squared is infinite in float: the row learns nothing more, and nothing becomes NaN.
        using var table = new ParameterTable("t", 1, 16, 1, AdagradMomentum.States);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, 16);
        gradient.Row(0)[3] = 1e25f;
        gradient.Row(0)[4] = 1;
        new AdagradMomentum(0.5f, 0.2f).Update(table.Row(0), gradient.Row(0), table.Width);
        Assert.Equal(0, table.At(0, 0, 3));
        Assert.Equal(-0.5f, table.At(0, 0, 4), 1e-5f);
    }

    [Fact]
    public void StoreGradient_Update_KeepsTheGradientAndChangesNothing()
    {
        using var table = new ParameterTable("t", 1, 20, 1, StoreGradient.States);
        using var arena = new Arena();
        var gradient = Native.Random(arena, 1, 20, new Random(5));
        for (var i = 0; i < 20; i++)
            table.At(0, 0, i) = i;
        default(StoreGradient).Update(table.Row(0), gradient.Row(0), table.Width);
        for (var i = 0; i < 20; i++)
            Assert.Equal((i, gradient.Row(0)[i]), (table.At(0, 0, i), table.StateAt(0, 0, 0, i)));
    }

    [Fact]
    public void ParameterTable_WithoutStatesAndClearStates_KeepTheValues()
    {
        using var table = new ParameterTable("t", 3, 5, 3, 2);
        Assert.Equal((48, 144L), (table.Width, table.Stride));
        table.At(2, 1, 4) = 7;
        table.StateAt(1, 2, 1, 4) = 8;
        Assert.Equal(7, table.Values.Row(2)[16 + 4]);
        Assert.Equal(8, table.State(1).Row(2)[16 + 4]);
        using var copy = table.WithoutStates();
        Assert.Equal((7f, 48L, 0), (copy.At(2, 1, 4), copy.Stride, copy.States));
        table.ClearStates();
        Assert.Equal((7f, 0f), (table.At(2, 1, 4), table.StateAt(1, 2, 1, 4)));
    }

    private static void Check(int states, float learningRate, float momentum, Action<nint, nint> update)
    {
        using var table = new ParameterTable("t", 1, Width, 1, states);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, Width);
        var (p, a, v) = (new double[Width], new double[Width], new double[Width]);
        for (var i = 0; i < Width; i++)
            p[i] = table.At(0, 0, i) = i - 20;
        for (var step = 0; step < 5; step++)
        {
            for (var i = 0; i < Width; i++)
            {
                gradient.Row(0)[i] = s_gradients[(i + (step * 3)) % s_gradients.Length];
                DoubleAdagrad.Update(ref p[i], ref a[i], ref v[i], gradient.Row(0)[i], learningRate, momentum);
            }

            update((nint)table.Row(0), (nint)gradient.Row(0));
            for (var i = 0; i < Width; i++)
            {
                Assert.Equal(p[i], table.At(0, 0, i), 1e-5 + (2e-7 * 30));
                Assert.Equal(a[i], table.StateAt(0, 0, 0, i), 1e-40 + (a[i] * 1e-5)); // float ends at 1e-45
                if (states > 1)
                    Assert.Equal(v[i], table.StateAt(1, 0, 0, i), (1e-6 * learningRate) + (Math.Abs(v[i]) * 1e-5));
            }
        }
    }
}
