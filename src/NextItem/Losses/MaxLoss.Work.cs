using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <content>The passes over the scores, a vector of lanes at a time.</content>
internal readonly unsafe partial struct MaxLoss<TTerm>
{
    private readonly struct MaximumWork(LossRange range) : ISimdWork
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
                TSimd.Store(maximum, range.Own(Maximum) + lane);
            }
        }
    }

    private readonly struct SumWork(ScoredColumns columns, LossRange range) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var lowest = TSimd.Create(Lowest);
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var target = TSimd.Max(lowest, TSimd.Load(range.Targets + lane));
                var shift = TSimd.Load(range.Finals.Row(Shift) + lane);
                var (sum, value, byPositive, square) = (TSimd.Create(0), TSimd.Create(0), TSimd.Create(0), TSimd.Create(0));
                for (var column = range.Start; column < range.End; column++)
                {
                    var score = TSimd.Max(lowest, TSimd.Load(range.Logits.Row(column) + lane));
                    var weight = TSimd.Create(columns.TargetCount[column] + columns.DrawnCount[column]);
                    var e = TSimd.Multiply(weight, TSimd.Exp(TSimd.Subtract(score, shift)));
                    var term = TTerm.Of<TSimd, TVector>(target, score);
                    sum = TSimd.Add(sum, e);
                    value = TSimd.MultiplyAdd(e, term.Value, value);
                    byPositive = TSimd.MultiplyAdd(e, term.ByPositive, byPositive);
                    square = TSimd.MultiplyAdd(e, TSimd.Multiply(score, score), square);
                }

                TSimd.Store(sum, range.Own(Sum) + lane);
                TSimd.Store(value, range.Own(Value) + lane);
                TSimd.Store(byPositive, range.Own(Positive) + lane);
                TSimd.Store(square, range.Own(Square) + lane);
            }
        }
    }

    private readonly struct GradientWork(ScoredColumns columns, LossRange range, int start, int end, float regularisation, float scale) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var lowest = TSimd.Create(Lowest);
            var pull = TSimd.Create(regularisation);
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var target = TSimd.Max(lowest, TSimd.Load(range.Targets + lane));
                var shift = TSimd.Load(range.Finals.Row(Shift) + lane);
                var share = TSimd.Multiply(TSimd.Create(scale), TSimd.Load(range.Finals.Row(InverseSum) + lane));
                var mean = TSimd.Load(range.Finals.Row(Mean) + lane);
                var meanSquare = TSimd.Load(range.Finals.Row(MeanSquare) + lane);
                var outer = TSimd.Load(range.Finals.Row(Outer) + lane);
                for (var column = start; column < end; column++)
                {
                    var cell = range.Logits.Row(column) + lane;
                    var score = TSimd.Max(lowest, TSimd.Load(cell));
                    var weight = TSimd.Create(columns.TargetCount[column] + columns.DrawnCount[column]);
                    var s = TSimd.Multiply(TSimd.Multiply(weight, share), TSimd.Exp(TSimd.Subtract(score, shift)));
                    var term = TTerm.Of<TSimd, TVector>(target, score);
                    var ranking = TSimd.Multiply(outer, TSimd.Add(TSimd.Subtract(term.Value, mean), term.ByNegative));
                    var size = TSimd.Subtract(TSimd.MultiplyAdd(score, score, TSimd.Add(score, score)), meanSquare);
                    TSimd.Store(TSimd.Multiply(s, TSimd.MultiplyAdd(pull, size, ranking)), cell);
                }
            }
        }
    }
}
