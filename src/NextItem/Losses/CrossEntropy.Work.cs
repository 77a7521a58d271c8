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

    /// <summary>
    /// Smoothing's sums over the columns: of log(p + epsilon), and of p / (p + epsilon). Where the first goes lies, before, what
    /// makes a lane's e a probability but for the item's weight.
    /// </summary>
    private readonly struct SmoothedSumWork(ScoredColumns columns, LossRange range, float[] targetWeight, float[] drawnWeight) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var epsilon = TSimd.Create((float)Epsilon);
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var factor = TSimd.Load(range.Own(LogSum) + lane);
                var (logs, shares) = (TSimd.Create(0), TSimd.Create(0));
                for (var column = range.Start; column < range.End; column++)
                {
                    var item = columns.Items[column];
                    var numerator = TSimd.Multiply(TSimd.Load(range.Logits.Row(column) + lane), factor);
                    Add<TSimd, TVector>(numerator, targetWeight[item], columns.TargetCount[column], epsilon, ref logs, ref shares);
                    Add<TSimd, TVector>(numerator, drawnWeight[item], columns.DrawnCount[column], epsilon, ref logs, ref shares);
                }

                TSimd.Store(logs, range.Own(LogSum) + lane);
                TSimd.Store(shares, range.Own(ShareSum) + lane);
            }
        }

        private static void Add<TSimd, TVector>(TVector numerator, float weight, int count, TVector epsilon, ref TVector logs, ref TVector shares)
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            if (count == 0)
                return;
            var p = TSimd.Multiply(numerator, TSimd.Create(weight));
            var sum = TSimd.Add(p, epsilon);
            logs = TSimd.MultiplyAdd(TSimd.Create(count), TSimd.Log(sum), logs);
            shares = TSimd.MultiplyAdd(TSimd.Create(count), TSimd.Divide(p, sum), shares);
        }
    }

    /// <summary>Smoothing's gradient by the scores, the target's own part left out.</summary>
    private readonly struct SmoothedGradientWork(
        ScoredColumns columns, LossRange range, int start, int end, float scale, float[] targetWeight, float[] drawnWeight) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var epsilon = TSimd.Create((float)Epsilon);
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var all = TSimd.Multiply(TSimd.Create(scale), TSimd.Load(range.Finals.Row(Factor) + lane));
                var spread = TSimd.Multiply(TSimd.Create(-scale), TSimd.Load(range.Finals.Row(Spread) + lane));
                var probability = TSimd.Load(range.Finals.Row(Probability) + lane);
                for (var column = start; column < end; column++)
                {
                    var item = columns.Items[column];
                    var cell = range.Logits.Row(column) + lane;
                    var numerator = TSimd.Multiply(TSimd.Load(cell), probability);
                    var gradient = TSimd.Create(0);
                    Add<TSimd, TVector>(numerator, targetWeight[item], columns.TargetCount[column], epsilon, all, spread, ref gradient);
                    Add<TSimd, TVector>(numerator, drawnWeight[item], columns.DrawnCount[column], epsilon, all, spread, ref gradient);
                    TSimd.Store(gradient, cell);
                }
            }
        }

        private static void Add<TSimd, TVector>(
            TVector numerator, float weight, int count, TVector epsilon, TVector all, TVector spread, ref TVector gradient)
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            if (count == 0)
                return;
            var p = TSimd.Multiply(numerator, TSimd.Create(weight));
            var share = TSimd.MultiplyAdd(p, all, TSimd.Multiply(TSimd.Divide(p, TSimd.Add(p, epsilon)), spread));
            gradient = TSimd.MultiplyAdd(TSimd.Create(count), share, gradient);
        }
    }
}
