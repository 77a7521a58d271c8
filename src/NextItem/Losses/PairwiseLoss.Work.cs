using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <content>The two passes over the scores, a vector of lanes at a time.</content>
internal readonly unsafe partial struct PairwiseLoss<TTerm>
{
    private readonly struct SumWork(ScoredColumns columns, LossRange range, PairwiseForm form) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var weights = stackalloc float[TSimd.Width];
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var target = TSimd.Load(range.Targets + lane);
                var (value, byPositive) = (TSimd.Create(0), TSimd.Create(0));
                for (var column = range.Start; column < range.End; column++)
                {
                    var weight = WeightsOf<TSimd, TVector>(column, lane, weights);
                    var term = TTerm.Of<TSimd, TVector>(target, TSimd.Load(range.Logits.Row(column) + lane));
                    value = TSimd.MultiplyAdd(weight, term.Value, value);
                    byPositive = TSimd.MultiplyAdd(weight, term.ByPositive, byPositive);
                }

                TSimd.Store(value, range.Own(Value) + lane);
                TSimd.Store(byPositive, range.Own(Positive) + lane);
            }
        }

        /// <summary>How often a column counts for each of some lanes: as often for all, but where it is the lane's own target.</summary>
        private TVector WeightsOf<TSimd, TVector>(int column, int lane, float* weights)
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var common = form.Weight(columns, column);
            if (columns.TargetCount[column] == 0)
                return TSimd.Create(common);
            var own = form.WeightForItself(columns, column);
            for (var i = 0; i < TSimd.Width; i++)
                weights[i] = lane + i < columns.Lanes && columns.TargetColumn[lane + i] == column ? own : common;
            return TSimd.Load(weights);
        }
    }

    private readonly struct GradientWork(ScoredColumns columns, LossRange range, int start, int end, bool inBatchOnly, float scale) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var target = TSimd.Load(range.Targets + lane);
                var share = TSimd.Multiply(TSimd.Create(scale), TSimd.Load(range.Finals.Row(Share) + lane));
                for (var column = start; column < end; column++)
                {
                    var cell = range.Logits.Row(column) + lane;
                    var weight = TSimd.Multiply(share, TSimd.Create(PairwiseForm.Weight(columns, column, inBatchOnly)));
                    TSimd.Store(TSimd.Multiply(weight, TTerm.Of<TSimd, TVector>(target, TSimd.Load(cell)).ByNegative), cell);
                }
            }
        }
    }
}
