using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>
/// Adagrad with classical momentum on the scaled gradient: a += g^2; v = mu v - lr g / sqrt(a + 1e-6); p += v. Lazy on sparse
/// rows: a row that the step does not touch keeps its accumulator and its velocity.
/// </summary>
internal readonly unsafe struct AdagradMomentum(float learningRate, float momentum) : IRowRule
{
    private readonly float _learningRate = learningRate;
    private readonly float _momentum = momentum;

    public static int States => 2;

    public void Update(float* row, float* gradient, int width)
    {
        if (Vector512.IsHardwareAccelerated)
            Update<Simd512, Vector512<float>>(row, gradient, width);
        else if (Vector256.IsHardwareAccelerated)
            Update<Simd256, Vector256<float>>(row, gradient, width);
        else if (Vector128.IsHardwareAccelerated)
            Update<Simd128, Vector128<float>>(row, gradient, width);
        else
            Update<SimdScalar, float>(row, gradient, width);
    }

    internal void Update<TSimd, TVector>(float* row, float* gradient, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var accumulator = row + width;
        var velocity = accumulator + width;
        var epsilon = TSimd.Create(Adagrad.Epsilon);
        var minusRate = TSimd.Create(-_learningRate);
        var momentum = TSimd.Create(_momentum);
        for (var i = 0; i < width; i += TSimd.Width)
        {
            var g = TSimd.Load(gradient + i);
            var sum = TSimd.MultiplyAdd(g, g, TSimd.Load(accumulator + i));
            TSimd.Store(sum, accumulator + i);
            var scaled = TSimd.Multiply(g, TSimd.ReciprocalSqrt(TSimd.Add(sum, epsilon)));
            var v = TSimd.MultiplyAdd(minusRate, scaled, TSimd.Multiply(momentum, TSimd.Load(velocity + i)));
            TSimd.Store(v, velocity + i);
            TSimd.Store(TSimd.Add(TSimd.Load(row + i), v), row + i);
        }
    }
}
