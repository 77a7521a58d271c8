using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>Finds the few rows of item-major scores in which a lane's score is above the lane's floor.</summary>
internal static unsafe class RowsAbove
{
    /// <summary>One bit for each row, the lowest bit the first, in which a score is not at or below its floor; a floor of NaN is below everything.</summary>
    /// <param name="scores">[n x B], n at most 64; columns padded. Not yet with the bias.</param>
    /// <param name="bias">[n] what is added to each row.</param>
    /// <param name="biasStride">Floats from one bias to the next.</param>
    /// <param name="floors">[B padded]; infinity for the padding.</param>
    public static ulong Find(Matrix scores, float* bias, long biasStride, float* floors)
    {
        if (Vector512.IsHardwareAccelerated)
            return Find<Simd512, Vector512<float>>(scores, bias, biasStride, floors);
        if (Vector256.IsHardwareAccelerated)
            return Find<Simd256, Vector256<float>>(scores, bias, biasStride, floors);
        if (Vector128.IsHardwareAccelerated)
            return Find<Simd128, Vector128<float>>(scores, bias, biasStride, floors);
        return Find<SimdScalar, float>(scores, bias, biasStride, floors);
    }

    internal static ulong Find<TSimd, TVector>(Matrix scores, float* bias, long biasStride, float* floors)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        Debug.Assert(scores.Rows <= 64);
        var width = SimdWidth.Padded(scores.Columns);
        ulong rows = 0;
        for (var lane = 0; lane < width; lane += TSimd.Width)
        {
            var floor = TSimd.Load(floors + lane);
            for (var row = 0; row < scores.Rows; row++)
            {
                var score = TSimd.Add(TSimd.Load(scores.Row(row) + lane), TSimd.Create(bias[row * biasStride]));
                if (!TSimd.AllAtMost(score, floor))
                    rows |= 1UL << row;
            }
        }

        return rows;
    }
}
