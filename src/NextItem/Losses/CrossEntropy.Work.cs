using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <content>The passes over the scores, a vector of lanes at a time.</content>
internal readonly unsafe partial struct CrossEntropy
{
    /// <summary>Turns the scores o of the range into e = exp(o - the range's largest), and sums up the weighted e.</summary>
    private readonly struct ReduceWork(ScoredColumns columns, LossRange range) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var maximum = TSimd.Create(float.NegativeInfinity);
                for (var column = range.Start; column < range.End; column++)
                    maximum = TSimd.Max(maximum, TSimd.Load(range.Logits.Row(column) + lane));

                var sum = TSimd.Create(0);
                for (var column = range.Start; column < range.End; column++)
                {
                    var cell = range.Logits.Row(column) + lane;
                    var e = TSimd.Exp(TSimd.Subtract(TSimd.Load(cell), maximum));
                    TSimd.Store(e, cell);
                    sum = TSimd.MultiplyAdd(e, TSimd.Create(columns.Weight[column]), sum);
                }

                TSimd.Store(maximum, range.Own(Maximum) + lane);
                TSimd.Store(sum, range.Own(Sum) + lane);
            }
        }
    }

    /// <summary>The weighted sum of e alone.</summary>
    private readonly struct SumWork(ScoredColumns columns, LossRange range) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var sum = TSimd.Create(0);
                for (var column = range.Start; column < range.End; column++)
                    sum = TSimd.MultiplyAdd(TSimd.Load(range.Logits.Row(column) + lane), TSimd.Create(columns.Weight[column]), sum);
                TSimd.Store(sum, range.Own(Sum) + lane);
            }
        }
    }

    /// <summary>From e to the lane's probability of the item, times the scale and the lane's weight.</summary>
    private readonly struct GradientWork(ScoredColumns columns, LossRange range, int start, int end, float scale) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var factor = TSimd.Load(range.Finals.Row(Factor) + lane);
                for (var column = start; column < end; column++)
                {
                    var cell = range.Logits.Row(column) + lane;
                    TSimd.Store(TSimd.Multiply(TSimd.Multiply(TSimd.Load(cell), TSimd.Create(columns.Weight[column] * scale)), factor), cell);
                }
            }
        }
    }
}
