using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>Applies a final activation to a row of logits and keeps its derivative for the way back.</summary>
internal unsafe struct ActivationWork : ISimdWork
{
    /// <summary>Which function.</summary>
    public required ActivationKind Kind;

    /// <summary>alpha of leaky, elu and selu.</summary>
    public required float Alpha;

    /// <summary>lambda of selu, 1 otherwise.</summary>
    public required float Lambda;

    /// <summary>[Width] in: logits o; out: r.</summary>
    public required float* Row;

    /// <summary>[Width] out: dr/do.</summary>
    public required float* Slope;

    /// <summary>Floats of the row: a multiple of 16.</summary>
    public required int Width;

    /// <summary>From the gradient by the scores to that by the logits, for one row.</summary>
    public static void Multiply(float* gradient, float* slope, int width)
    {
        var row = new Span<float>(gradient, width);
        TensorPrimitives.Multiply(row, new ReadOnlySpan<float>(slope, width), row);
    }

    /// <summary>Runs over one row at the width of this process.</summary>
    public static void Run(FinalActivation activation, float* row, float* slope, int width)
    {
        var work = new ActivationWork
        {
            Kind = activation.Kind,
            Alpha = activation.Alpha,
            Lambda = activation.Lambda,
            Row = row,
            Slope = slope,
            Width = width,
        };
        SimdDispatch.Run(ref work);
    }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var (zero, one, two) = (TSimd.Create(0), TSimd.Create(1), TSimd.Create(2));
        var (alpha, lambda) = (TSimd.Create(Alpha), TSimd.Create(Lambda));
        for (var i = 0; i < Width; i += TSimd.Width)
        {
            var o = TSimd.Load(Row + i);
            TVector below, slopeBelow;
            switch (Kind)
            {
                case ActivationKind.Tanh:
                    // 1 - 2 / (e^2o + 1): exact at both ends, where e^2o is infinite or 0.
                    var r = TSimd.Subtract(one, TSimd.Divide(two, TSimd.Add(TSimd.Exp(TSimd.Add(o, o)), one)));
                    TSimd.Store(r, Row + i);
                    TSimd.Store(TSimd.Subtract(one, TSimd.Multiply(r, r)), Slope + i);
                    continue;
                case ActivationKind.Relu:
                    (below, slopeBelow) = (zero, zero);
                    break;
                case ActivationKind.Leaky:
                    (below, slopeBelow) = (TSimd.Multiply(alpha, o), alpha);
                    break;
                default:
                    // elu and selu: alpha (e^o - 1), slope alpha e^o
                    slopeBelow = TSimd.Multiply(alpha, TSimd.Exp(o));
                    below = TSimd.Subtract(slopeBelow, alpha);
                    break;
            }

            TSimd.Store(TSimd.Multiply(lambda, TSimd.SelectAtLeast(o, zero, o, below)), Row + i);
            TSimd.Store(TSimd.Multiply(lambda, TSimd.SelectAtLeast(o, zero, one, slopeBelow)), Slope + i);
        }
    }
}
