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

    public static TheoryData<Optimizer, float, float, int> Rules
    {
        get
        {
            var data = new TheoryData<Optimizer, float, float, int>();
            foreach (var optimizer in Enum.GetValues<Optimizer>())
            {
                foreach (var momentum in optimizer == Optimizer.Adam ? [0f] : new[] { 0, 0.4f })
                {
                    foreach (var width in Widths.All)
                    {
                        data.Add(optimizer, momentum, 0, width);
                        data.Add(optimizer, momentum, 0.01f, width);
                    }
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Rules))]
    public void Update_SeveralTimes_MatchesDoubleReference(Optimizer optimizer, float momentum, float penalty, int width)
    {
        var options = new Gru4RecOptions { Optimizer = optimizer, LearningRate = 0.07f, Momentum = momentum, L2Penalty = penalty };
        switch (optimizer)
        {
            case Optimizer.Adagrad: Check(options, new Adagrad(1e-6f), width); break;
            case Optimizer.RmsProp: Check(options, new RmsProp(0.9f, 1e-6f), width); break;
            case Optimizer.Adadelta: Check(options, new Adadelta(0.9f, 1e-6f), width); break;
            case Optimizer.Adam: Check(options, new Adam(0.9f, 0.999f, 1e-6f), width); break;
            default: Check(options, default(Sgd), width); break;
        }
    }

    [Fact]
    public void Adagrad_FirstUpdateOfASmallGradient_HasTheEpsilonInsideTheRoot()
    {
        // a starts at 0: the first step of g = 1e-3 is lr * 1e-3 / sqrt(1e-6 + 1e-6) = lr / sqrt(2); outside the root it would be lr * 0.999.
        using var table = new ParameterTable("t", 1, 1, 1, Adagrad.States);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, 1);
        gradient.Row(0)[0] = 1e-3f;
        new Descent<Adagrad>(new Adagrad(1e-6f)).Update(table.Row(0), gradient.Row(0), table.Width, 0.5f);
        Assert.Equal(-0.5 / Math.Sqrt(2), table.At(0, 0, 0), 1e-6);
        Assert.Equal(1e-6, table.StateAt(0, 0, 0, 0), 1e-12);
    }

    [Fact]
    public void Update_GradientWhoseSquareOverflows_LeavesFiniteValuesAtEveryWidth()
    {
        // 1e25 squared is infinite in float: the row learns nothing more, and nothing becomes NaN.
        using var table = new ParameterTable("t", 1, 16, 1, MomentumDescent<Adagrad>.States);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, 16);
        gradient.Row(0)[3] = 1e25f;
        gradient.Row(0)[4] = 1;
        new MomentumDescent<Adagrad>(new Adagrad(1e-6f), 0.2f).Update(table.Row(0), gradient.Row(0), table.Width, 0.5f);
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
        new StoreGradient(0).Update(table.Row(0), gradient.Row(0), table.Width, 1);
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

    [Theory, InlineData(5, 3, 2), InlineData(17, 1, 1), InlineData(128, 3, 1), InlineData(100, 1, 0), InlineData(300, 1, 4)]
    public void ParameterTable_IntoValues_IsTheCopyWithoutStatesInTheSameMemory(int columns, int blocks, int states)
    {
        const int Rows = 40; // some pages of memory to be given back
        using var table = new ParameterTable("t", Rows, columns, blocks, states);
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < table.Width * (1 + states); i++)
                table.Row(row)[i] = (1000 * row) + i;
        }

        using var copy = table.WithoutStates();
        var memory = (nint)table.Row(0);
        using var values = table.IntoValues();
        Assert.Equal((memory, 0, copy.Stride), ((nint)values.Row(0), values.States, values.Stride));
        for (var row = 0; row < Rows; row++)
            Assert.Equal(new ReadOnlySpan<float>(copy.Row(row), (int)copy.Stride).ToArray(), new ReadOnlySpan<float>(values.Row(row), (int)values.Stride).ToArray());
    }

    private static void Check<TScaling>(Gru4RecOptions options, TScaling scaling, int width)
        where TScaling : struct, IGradientScaling
    {
        using var table = new ParameterTable("t", 1, Width, 1, options.Momentum > 0 ? MomentumDescent<TScaling>.States : Descent<TScaling>.States);
        using var arena = new Arena();
        var gradient = arena.Allocate(1, Width);
        var p = new double[Width];
        var states = Array.ConvertAll(p, _ => new double[DoubleOptimizer.States]);
        for (var i = 0; i < Width; i++)
            p[i] = table.At(0, 0, i) = i - 20;
        for (var step = 0; step < 5; step++)
        {
            for (var i = 0; i < Width; i++)
            {
                gradient.Row(0)[i] = s_gradients[(i + (step * 3)) % s_gradients.Length];
                DoubleOptimizer.Update(options, ref p[i], states[i], gradient.Row(0)[i]);
            }

            var plain = new Descent<TScaling>(scaling, options.L2Penalty).Work(table.Row(0), gradient.Row(0), Width, options.LearningRate);
            var heavy = new MomentumDescent<TScaling>(scaling, options.Momentum, options.L2Penalty).Work(table.Row(0), gradient.Row(0), Width, options.LearningRate);
            if (options.Momentum > 0)
                Run(ref heavy, width);
            else
                Run(ref plain, width);
            for (var i = 0; i < Width; i++)
                Assert.Equal(p[i], table.At(0, 0, i), 1e-5 * (1 + Math.Abs(p[i])));
        }

        static void Run<TWork>(ref TWork work, int width)
            where TWork : struct, ISimdWork
        {
            switch (width)
            {
                case 16: work.Run<Simd512, Vector512<float>>(); break;
                case 8: work.Run<Simd256, Vector256<float>>(); break;
                case 4: work.Run<Simd128, Vector128<float>>(); break;
                default: work.Run<SimdScalar, float>(); break;
            }
        }
    }
}
