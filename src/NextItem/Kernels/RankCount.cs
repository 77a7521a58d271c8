using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>
/// Counts, per lane, how many rows of item-major scores lie above and level with the lane's threshold. Counts are floats, beside the
/// scores in the same vectors, and so exact up to 2^24 rows: <see cref="Flush"/> moves them to integers before that.
/// </summary>
internal static unsafe class RankCount
{
    /// <summary>Most rows that may be added between two flushes.</summary>
    public const int MostRows = 1 << 24;

    /// <summary>Adds a block of rows to the counts.</summary>
    /// <param name="scores">[n x B]; columns padded. Not yet with the bias.</param>
    /// <param name="bias">[n] what is added to each row.</param>
    /// <param name="biasStride">Floats from one bias to the next.</param>
    /// <param name="threshold">[B padded] the targets' scores.</param>
    /// <param name="above">[B padded] grows by the rows above.</param>
    /// <param name="level">[B padded] grows by the rows of exactly the same score, the target's own included.</param>
    public static void Add(Matrix scores, float* bias, long biasStride, float* threshold, float* above, float* level)
    {
        if (Vector512.IsHardwareAccelerated)
            Add<Simd512, Vector512<float>>(scores, bias, biasStride, threshold, above, level);
        else if (Vector256.IsHardwareAccelerated)
            Add<Simd256, Vector256<float>>(scores, bias, biasStride, threshold, above, level);
        else if (Vector128.IsHardwareAccelerated)
            Add<Simd128, Vector128<float>>(scores, bias, biasStride, threshold, above, level);
        else
            Add<SimdScalar, float>(scores, bias, biasStride, threshold, above, level);
    }

    /// <summary>Adds the counts to integers and starts them anew.</summary>
    /// <param name="counts">[B].</param>
    /// <param name="sums">[B].</param>
    public static void Flush(Span<float> counts, Span<int> sums)
    {
        for (var lane = 0; lane < sums.Length; lane++)
            sums[lane] += (int)counts[lane];
        counts.Clear();
    }

    internal static void Add<TSimd, TVector>(Matrix scores, float* bias, long biasStride, float* threshold, float* above, float* level)
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
                var score = TSimd.Add(TSimd.Load(scores.Row(row) + lane), TSimd.Create(bias[row * biasStride]));
                higher = TSimd.CountGreater(score, limit, higher);
                equal = TSimd.CountEqual(score, limit, equal);
            }

            TSimd.Store(higher, above + lane);
            TSimd.Store(equal, level + lane);
        }
    }
}
