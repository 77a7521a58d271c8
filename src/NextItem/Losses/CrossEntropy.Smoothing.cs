using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <content>
/// Label smoothing e over the n columns: (1 - e n / (n - 1)) (-log p_target) + e / (n - 1) * sum over all columns of -log p_j.
/// </content>
/// <remarks>
/// With a_j = p_j / (p_j + epsilon) and k_j the factor of column j above, the gradient by o_n is
/// p_n * sum_j k_j a_j - sum over the columns j of item n of k_j a_j.
/// A second pass is needed since a_j and the logarithms want Z. With masking, which makes a lane's target a case of its own, it is
/// written lane by lane in double: both together are rare.
/// Derivation: docs/derivations/cross-entropy.md. Official name of the Theano version: <c>smoothing</c>.
/// </remarks>
internal readonly partial struct CrossEntropy
{
    public unsafe void ReduceAgain(ScoredColumns columns, in LossRange range)
    {
        if (!_maskTargets)
        {
            for (var lane = 0; lane < columns.Lanes; lane++)
            {
                var (shift, z) = Partition(range, lane);
                range.Own(LogSum)[lane] = (float)(Math.Exp((double)range.Own(Maximum)[lane] - shift) / z);
            }

            var work = new SmoothedSumWork(columns, range, _targetWeight, _drawnWeight);
            SimdDispatch.Run(ref work);
            return;
        }

        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var (shift, z) = Partition(range, lane);
            var factor = Math.Exp((double)range.Own(Maximum)[lane] - shift) / z;
            double logs = 0, shares = 0;
            for (var column = range.Start; column < range.End; column++)
            {
                var of = ColumnsOf(columns, column, lane, range.Logits.Row(column)[lane] * factor);
                logs += (of.Targets * Math.Log(of.TargetProbability + Epsilon)) + (of.Drawn * Math.Log(of.DrawnProbability + Epsilon));
                shares += of.Shares;
            }

            range.Own(LogSum)[lane] = (float)logs;
            range.Own(ShareSum)[lane] = (float)shares;
        }
    }

    private unsafe double CombineSmoothed(ScoredColumns columns, in LossRange range, int lane, double own, double probability, double laneWeight)
    {
        double logs = 0, shares = 0;
        for (var r = 0; r < range.Ranges; r++)
        {
            logs += range.Of(r, LogSum)[lane];
            shares += range.Of(r, ShareSum)[lane];
        }

        // One column alone has no other to spread to.
        var count = ColumnCount(columns, lane);
        var spread = count > 1 ? _smoothing / (count - 1) : 0;
        var rest = 1 - (spread * count);
        range.Finals.Row(Factor)[lane] = (float)((rest * laneWeight) + (spread * shares));
        range.Finals.Row(LaneWeight)[lane] = (float)(rest * laneWeight);
        range.Finals.Row(Probability)[lane] = (float)own;
        range.Finals.Row(Spread)[lane] = (float)spread;
        return -((rest * Math.Log(probability + Epsilon)) + (spread * logs));
    }

    private unsafe void SubtractSmoothing(ScoredColumns columns, in LossRange range, int start, int end, float scale)
    {
        if (!_maskTargets)
        {
            var work = new SmoothedGradientWork(columns, range, start, end, scale, _targetWeight, _drawnWeight);
            SimdDispatch.Run(ref work);
            return;
        }

        float* all = range.Finals.Row(Factor), probability = range.Finals.Row(Probability), spread = range.Finals.Row(Spread);
        for (var column = start; column < end; column++)
        {
            var row = range.Logits.Row(column);
            for (var lane = 0; lane < columns.Lanes; lane++)
            {
                var of = ColumnsOf(columns, column, lane, (double)row[lane] * probability[lane]);
                var share = (of.Targets * of.TargetProbability) + (of.Drawn * of.DrawnProbability);
                row[lane] = (float)(scale * ((share * all[lane]) - (spread[lane] * of.Shares)));
            }

            new Span<float>(row + columns.Lanes, range.Width - columns.Lanes).Clear();
        }
    }

    /// <summary>The columns of a lane that are not left out.</summary>
    private int ColumnCount(ScoredColumns columns, int lane)
    {
        var column = columns.TargetColumn[lane];
        var all = columns.Lanes + columns.Drawn;
        return _maskTargets ? all - columns.TargetCount[column] - columns.DrawnCount[column] + 1 : all;
    }

    /// <summary>An item's columns as one lane sees them: how many of each kind, and the probability of one of each.</summary>
    private ItemColumns ColumnsOf(ScoredColumns columns, int column, int lane, double numerator)
    {
        var item = columns.Items[column];
        if (_maskTargets && columns.TargetColumn[lane] == column)
            return new ItemColumns(1, 0, numerator * WeightOf(columns, column), 0); // as SumMasked left it
        return new ItemColumns(
            columns.TargetCount[column], columns.DrawnCount[column], numerator * _targetWeight[item], numerator * _drawnWeight[item]);
    }

    private readonly record struct ItemColumns(int Targets, int Drawn, double TargetProbability, double DrawnProbability)
    {
        /// <summary>Sum over the columns of p / (p + epsilon).</summary>
        public double Shares =>
            (Targets * TargetProbability / (TargetProbability + Epsilon)) + (Drawn * DrawnProbability / (DrawnProbability + Epsilon));
    }
}
