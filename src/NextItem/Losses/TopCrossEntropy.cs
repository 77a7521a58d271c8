using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Cross-entropy in which a lane's softmax is over its target's column and its k best other columns alone, best by their numerators w exp(o). What is
/// level with the k-th stays. The target's column, with all that stand for its item, is always there and is not counted.
/// </summary>
/// <remarks>
/// The other columns of the lane have neither part in Z nor a gradient; the choice itself is taken as a constant. Scores become c = o + log w in the first
/// pass and stay that until the gradient is taken: a lane's k-th best is known only from all ranges, so the second pass divides the lanes among the
/// members, not the columns, and a lane's threshold, largest c and Z are in the rows of the first range, where all members read them.
/// TRON, RecSys 2023.
/// </remarks>
/// <param name="loss">What columns weigh.</param>
/// <param name="count">k, above 0.</param>
internal readonly unsafe struct TopCrossEntropy(CrossEntropy loss, int count) : ILoss
{
    private const int Maximum = 0;    // statistics, of the first range: max of the lane's c
    private const int Sum = 1;        //                                 Z: sum of exp(c - max) over the columns that count
    private const int Threshold = 2;  //                                 a column other than the target counts if its c is above this
    private const int Own = 3;        //                                 c of the target's column
    private const int Factor = 0;     // finals: 1 / Z, times the lane's weight
    private const int ByTarget = 1;   //         the gradient by the target's score

    public static int StatisticsPerLane => 4;

    public static int FinalsPerLane => 2;

    public bool HasSecondPass => true;

    public void Reduce(ScoredColumns columns, in LossRange range)
    {
        for (var column = range.Start; column < range.End; column++)
        {
            columns.Weight[column] = loss.WeightOf(columns, column);
            var row = new Span<float>(range.Logits.Row(column), range.Width);
            TensorPrimitives.Add(row, MathF.Log(columns.Weight[column]), row);
        }
    }

    public void ReduceAgain(ScoredColumns columns, in LossRange range)
    {
        var (start, end) = WorkerTeam.Share(range.Index, range.Ranges, range.Width, SimdWidth.Padding);
        for (var lane = start; lane < end; lane++)
            range.Of(0, Own)[lane] = lane < columns.Lanes ? range.Logits.Row(columns.TargetColumn[lane])[lane] : 0;
        var work = new SelectWork(columns.Count, columns.Lanes, range, start, end, count);
        SimdDispatch.Run(ref work);
    }

    public double Combine(ScoredColumns columns, in LossRange range)
    {
        range.Finals.Clear();
        double sum = 0;
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            double shift = range.Of(0, Maximum)[lane], z = range.Of(0, Sum)[lane];
            var probability = Math.Exp(range.Targets[lane] - shift) * loss.TargetWeightOf(columns.Items[column]) / z;
            var laneWeight = probability / (probability + CrossEntropy.Epsilon);
            range.Finals.Row(Factor)[lane] = (float)(laneWeight / z);
            range.Finals.Row(ByTarget)[lane] = (float)(laneWeight * ((Math.Exp(range.Of(0, Own)[lane] - shift) / z) - 1));
            sum -= Math.Log(probability + CrossEntropy.Epsilon);
        }

        return sum;
    }

    public void Gradient(ScoredColumns columns, in LossRange range, int start, int end, float scale)
    {
        var work = new GradientWork(range, start, end, scale);
        SimdDispatch.Run(ref work);
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column >= start && column < end)
                range.Logits.Row(column)[lane] = scale * range.Finals.Row(ByTarget)[lane];
        }
    }

    /// <summary>Of some lanes over all columns: the threshold, the largest c and Z.</summary>
    private readonly struct SelectWork(int columns, int lanes, LossRange range, int start, int end, int count) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = start; lane < end; lane += TSimd.Width)
            {
                var own = TSimd.Load(range.Of(0, Own) + lane);
                var (lowest, highest) = (own, own);
                for (var column = 0; column < columns; column++)
                {
                    var c = TSimd.Load(range.Logits.Row(column) + lane);
                    (lowest, highest) = (TSimd.MinNative(lowest, c), TSimd.Max(highest, c));
                }

                TSimd.Store(highest, range.Of(0, Maximum) + lane);
                var threshold = TSimd.Create(float.NegativeInfinity);
                if (count < columns - 1)
                    threshold = Search<TSimd, TVector>(lane, own, lowest, highest);
                TSimd.Store(threshold, range.Of(0, Threshold) + lane);

                // The target's own column counts once: in the loop if it is above the threshold, else behind it.
                var sum = TSimd.SelectAtLeast(threshold, own, TSimd.Exp(TSimd.Subtract(own, highest)), TSimd.Create(0));
                for (var column = 0; column < columns; column++)
                {
                    var c = TSimd.Load(range.Logits.Row(column) + lane);
                    var e = TSimd.Exp(TSimd.Subtract(c, highest));
                    sum = TSimd.Add(sum, TSimd.SelectAtLeast(threshold, c, TSimd.Create(0), e));
                }

                TSimd.Store(sum, range.Of(0, Sum) + lane);
            }
        }

        /// <summary>
        /// Below the k-th best and not below any that is worse. At least k columns are above <c>low</c> and fewer than k above <c>high</c>, until either no
        /// float is between the two, so that the k-th best is <c>high</c> and all that are level with it stay, or exactly k are above <c>low</c>. Three floats
        /// in between are tried in a pass over the columns: one pass does what two would with the middle alone.
        /// </summary>
        private TVector Search<TSimd, TVector>(int lane, TVector own, TVector lowest, TVector highest)
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var (wanted, more) = (TSimd.Create(count), TSimd.Create(count + 1));
            var (zero, one) = (TSimd.Create(0), TSimd.Create(1));
            var low = TSimd.Subtract(lowest, TSimd.Create(1e-30f));
            low = TSimd.Subtract(low, TSimd.Multiply(TSimd.Max(lowest, TSimd.Subtract(zero, lowest)), TSimd.Create(1e-6f)));
            var high = HideMissing<TSimd, TVector>(lane, highest, low);
            while (true)
            {
                var gap = TSimd.Subtract(high, low);
                var first = TSimd.MultiplyAdd(gap, TSimd.Create(0.25f), low);
                var middle = TSimd.MultiplyAdd(gap, TSimd.Create(0.5f), low);
                var last = TSimd.MultiplyAdd(gap, TSimd.Create(0.75f), low);
                var open = TSimd.CountGreater(high, middle, TSimd.CountGreater(middle, low, zero)); // 2 is: NaN never is
                if (!TSimd.AnyGreater(open, one))
                    return low;

                // The target is taken off before it is counted.
                var aboveFirst = TSimd.Subtract(zero, TSimd.CountGreater(own, first, zero));
                var aboveMiddle = TSimd.Subtract(zero, TSimd.CountGreater(own, middle, zero));
                var aboveLast = TSimd.Subtract(zero, TSimd.CountGreater(own, last, zero));
                for (var column = 0; column < columns; column++)
                {
                    var c = TSimd.Load(range.Logits.Row(column) + lane);
                    aboveFirst = TSimd.CountGreater(c, first, aboveFirst);
                    aboveMiddle = TSimd.CountGreater(c, middle, aboveMiddle);
                    aboveLast = TSimd.CountGreater(c, last, aboveLast);
                }

                Narrow(first, aboveFirst, ref low, ref high);
                Narrow(middle, aboveMiddle, ref low, ref high);
                Narrow(last, aboveLast, ref low, ref high);
            }

            // With exactly k above it, a float is low and high at once: nothing is between them any more.
            void Narrow(TVector at, TVector above, ref TVector low, ref TVector high)
            {
                low = TSimd.SelectAtLeast(above, wanted, TSimd.Max(low, at), low);
                high = TSimd.SelectAtLeast(above, more, high, TSimd.MinNative(high, at));
            }
        }

        /// <summary>Lanes that are not there have nothing to search: high is low.</summary>
        private TVector HideMissing<TSimd, TVector>(int lane, TVector high, TVector low)
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            if (lane + TSimd.Width <= lanes)
                return high;
            TSimd.Store(high, range.Of(0, Threshold) + lane);
            TSimd.Store(low, range.Of(0, Sum) + lane);
            for (var missing = Math.Max(lane, lanes); missing < lane + TSimd.Width; missing++)
                range.Of(0, Threshold)[missing] = range.Of(0, Sum)[missing];
            return TSimd.Load(range.Of(0, Threshold) + lane);
        }
    }

    /// <summary>From c to the lane's probability of the item, times the scale and the lane's weight; 0 where the column does not count.</summary>
    private readonly struct GradientWork(LossRange range, int start, int end, float scale) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < range.Width; lane += TSimd.Width)
            {
                var factor = TSimd.Multiply(TSimd.Load(range.Finals.Row(Factor) + lane), TSimd.Create(scale));
                var (shift, threshold) = (TSimd.Load(range.Of(0, Maximum) + lane), TSimd.Load(range.Of(0, Threshold) + lane));
                for (var column = start; column < end; column++)
                {
                    var cell = range.Logits.Row(column) + lane;
                    var c = TSimd.Load(cell);
                    var p = TSimd.Multiply(TSimd.Exp(TSimd.Subtract(c, shift)), factor);
                    TSimd.Store(TSimd.SelectAtLeast(threshold, c, TSimd.Create(0), p), cell);
                }
            }
        }
    }
}
