using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>Counts, per lane, how many rows of item-major scores lie above and level with the lane's threshold.</summary>
internal static unsafe class RankCount
{
    /// <summary>Adds a block of rows to the counts.</summary>
    /// <param name="scores">[n x B]; columns padded.</param>
    /// <param name="threshold">[B padded] the targets' scores.</param>
    /// <param name="above">[B padded] grows by the rows above; exact up to 2^24.</param>
    /// <param name="level">[B padded] grows by the rows of exactly the same score, the target's own included.</param>
    public static void Add(Matrix scores, float* threshold, float* above, float* level)
    {
        if (Vector512.IsHardwareAccelerated)
            Add<Simd512, Vector512<float>>(scores, threshold, above, level);
        else if (Vector256.IsHardwareAccelerated)
            Add<Simd256, Vector256<float>>(scores, threshold, above, level);
        else if (Vector128.IsHardwareAccelerated)
            Add<Simd128, Vector128<float>>(scores, threshold, above, level);
        else
            Add<SimdScalar, float>(scores, threshold, above, level);
    }

    internal static void Add<TSimd, TVector>(Matrix scores, float* threshold, float* above, float* level)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var width = SimdWidth.Padded(scores.Columns);
        for (var lane = 0; lane < width; lane += TSimd.Width)
        {
            var limit = TSimd.Load(threshold + lane);
            var higher = TSimd.Load(above + lane);
            var equal = TSimd.Load(level + lane);
            for (var row = 0; row < scores.Rows; row++)
            {
                var score = TSimd.Load(scores.Row(row) + lane);
                higher = TSimd.CountGreater(score, limit, higher);
                equal = TSimd.CountEqual(score, limit, equal);
            }

            TSimd.Store(higher, above + lane);
            TSimd.Store(equal, level + lane);
        }
    }
}
