using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>Adagrad: a += g^2; p -= lr g / sqrt(a + 1e-6). The accumulator a starts at zero.</summary>
/// <remarks>Duchi, Hazan, Singer 2011; the epsilon stands inside the root, as in the original GRU4Rec.</remarks>
internal readonly unsafe struct Adagrad(float learningRate) : IRowRule
{
    /// <summary>Added to the accumulator inside the root.</summary>
    public const float Epsilon = 1e-6f;

    private readonly float _learningRate = learningRate;

    public static int States => 1;

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
        var epsilon = TSimd.Create(Epsilon);
        var minusRate = TSimd.Create(-_learningRate);
        for (var i = 0; i < width; i += TSimd.Width)
        {
            var g = TSimd.Load(gradient + i);
            var sum = TSimd.MultiplyAdd(g, g, TSimd.Load(accumulator + i));
            TSimd.Store(sum, accumulator + i);
            var scaled = TSimd.Multiply(g, TSimd.ReciprocalSqrt(TSimd.Add(sum, epsilon)));
            TSimd.Store(TSimd.MultiplyAdd(minusRate, scaled, TSimd.Load(row + i)), row + i);
        }
    }
}
