using System.Runtime.Intrinsics;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Tests.Reference;
namespace NextItem.Tests.Losses;

public unsafe class FinalActivationTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in new[] { "linear", "relu", "tanh", "leaky-0.1", "elu-0.5", "elu-1", "selu-1.05-1.67" })
            {
                foreach (var width in new[] { 16, 8, 4, 1 })
                    data.Add(name, width);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_AnyLogit_MatchesDoubleReferenceAndItsSlope(string name, int width)
    {
        var activation = FinalActivation.Parse(name)!;
        Assert.Equal(name, activation.ToString());
        float[] logits = [-1e4f, -120, -88, -20, -3, -1, -0.5f, -1e-3f, 1e-3f, 0.5f, 1, 3, 20, 88, 120, 1e4f];
        using var arena = new Arena();
        Matrix row = arena.Allocate(1, 16), slope = arena.Allocate(1, 16);
        logits.CopyTo(new Span<float>(row.Row(0), 16));
        if (activation.IsIdentity)
            return;
        var work = new ActivationWork
        {
            Kind = activation.Kind,
            Alpha = activation.Alpha,
            Lambda = activation.Lambda,
            Row = row.Row(0),
            Slope = slope.Row(0),
            Width = 16,
        };
        switch (width)
        {
            case 16: work.Run<Simd512, Vector512<float>>(); break;
            case 8: work.Run<Simd256, Vector256<float>>(); break;
            case 4: work.Run<Simd128, Vector128<float>>(); break;
            default: work.Run<SimdScalar, float>(); break;
        }

        for (var i = 0; i < 16; i++)
        {
            double o = logits[i], step = 1e-6 * Math.Max(1e-3, Math.Abs(o));
            var expected = DoubleLoss.Activation(activation, o);
            Assert.Equal(expected, row.Row(0)[i], 3e-7 * (1 + Math.Abs(expected)));
            var difference = (DoubleLoss.Activation(activation, o + step) - DoubleLoss.Activation(activation, o - step)) / (2 * step);
            Assert.Equal(difference, slope.Row(0)[i], 2e-6);
        }
    }

    [Theory]
    [InlineData("linear"), InlineData("relu"), InlineData("tanh"), InlineData("softmax"), InlineData("leaky-0.25"), InlineData("elu-2"), InlineData("elu-1E-05"), InlineData("selu-1E-05-2"), InlineData("selu-1-0.5")]
    public void Parse_OfToString_IsTheSame(string text)
    {
        var parsed = FinalActivation.Parse(text);
        Assert.NotNull(parsed);
        Assert.Equal(text, parsed.ToString());
        Assert.Equal(parsed, FinalActivation.Parse($" {text.ToUpperInvariant()} "));
    }

    [Theory]
    [InlineData(""), InlineData("gelu"), InlineData("elu"), InlineData("elu-x"), InlineData("elu--1"), InlineData("elu-e-1"), InlineData("selu-1"), InlineData("relu-1"), InlineData("leaky-1-2")]
    public void Parse_NoActivation_IsNull(string text) => Assert.Null(FinalActivation.Parse(text));
}
