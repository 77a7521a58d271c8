using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Cross-entropy over the sampled columns with the logQ correction: -log p_target, where p is the softmax of
/// o_j - logq * log(q_j), q_j = support for in-batch columns and support^alpha for drawn ones; and its label smoothing.
/// </summary>
/// <remarks>
/// On distinct items: p_n = w_n exp(o_n) / Z with w_n = c_n support^-logq + d_n support^(-alpha logq), Z the sum of the
/// numerators, p_t = exp(o_t) support_t^-logq / Z, and loss = -log(p_t + 1e-24). Gradient by o_n:
/// (p_n - [n is the target]) * p_t / (p_t + 1e-24). The 1e-24 is the original's and matters: with hidden dropout carried on,
/// the state of a long session can grow without bound, and such a lane (p_t far below 1e-24) must not wreck the item rows.
/// Derivation: docs/derivations/cross-entropy.md. Hidasi and Karatzoglou 2018; official name <c>cross-entropy</c>, <c>logq</c>.
/// </remarks>
internal readonly partial struct CrossEntropy : ILoss
{
    internal const int Maximum = 0;      // statistics: max of the range's logits
    private const int Sum = 1;          //             sum of w exp(o - max)
    internal const int LogSum = 2;       //             smoothing: sum over the columns of log(p + epsilon)
    private const int ShareSum = 3;     //             smoothing: sum over the columns of p / (p + epsilon)
    internal const int Factor = 0;       // finals: exp(range max - max) / Z, times the lane's weight
    internal const int LaneWeight = 1;   //         p_t / (p_t + epsilon), 1 but for lanes gone astray; smoothing: its factor too
    private const int Probability = 2;  //         smoothing: exp(range max - max) / Z
    private const int Spread = 3;       //         smoothing: e / (n - 1)

    /// <summary>Added to the target's probability before the logarithm.</summary>
    internal const double Epsilon = 1e-24;

    private readonly float[] _targetWeight;
    private readonly float[] _drawnWeight;
    private readonly float _smoothing;
    private readonly bool _maskTargets;

    /// <summary>Tabulates the correction of each item.</summary>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="alpha">The sampler's exponent.</param>
    /// <param name="logQ">Strength of the correction, 0 to 1.</param>
    /// <param name="smoothing">Label smoothing e, 0 for none.</param>
    /// <param name="maskTargets">Leaves out the other columns that are the lane's target.</param>
    public CrossEntropy(ReadOnlySpan<int> support, float alpha, float logQ, float smoothing = 0, bool maskTargets = false)
    {
        _smoothing = smoothing;
        _maskTargets = maskTargets;
        _targetWeight = new float[support.Length];
        _drawnWeight = new float[support.Length];
        for (var i = 0; i < support.Length; i++)
        {
            // A given catalog may list items that training never saw: a weight of infinity would make every loss NaN.
            var counted = Math.Max(1, support[i]);
            _targetWeight[i] = (float)Math.Pow(counted, -logQ);
            _drawnWeight[i] = (float)Math.Pow(counted, -(double)alpha * logQ);
        }
    }

    public static int StatisticsPerLane => 4;

    public static int FinalsPerLane => 4;

    public bool HasSecondPass => _smoothing > 0;

    public unsafe void Reduce(ScoredColumns columns, in LossRange range)
    {
        for (var column = range.Start; column < range.End; column++)
            columns.Weight[column] = WeightOf(columns, column);
        var work = new ReduceWork(columns, range);
        SimdDispatch.Run(ref work);
        if (_maskTargets)
            SumMasked(columns, range);
    }

    /// <summary>
    /// Where a lane's own target stands, only its own column counts: the cell is scaled so that the item's weight times it is
    /// that one column's part. Taking the others off a finished sum would lose its digits.
    /// </summary>
    private unsafe void SumMasked(ScoredColumns columns, in LossRange range)
    {
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (range.Has(column))
                range.Logits.Row(column)[lane] *= _targetWeight[columns.Items[column]] / columns.Weight[column];
        }

        var work = new SumWork(columns, range);
        SimdDispatch.Run(ref work);
    }

    public unsafe double Combine(ScoredColumns columns, in LossRange range)
    {
        range.Finals.Clear();
        double loss = 0;
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var (shift, z) = Partition(range, lane);
            var own = Math.Exp((double)range.Own(Maximum)[lane] - shift) / z;
            var item = columns.Items[columns.TargetColumn[lane]];
            var probability = Math.Exp((double)range.Targets[lane] - shift) * _targetWeight[item] / z;
            var laneWeight = probability / (probability + Epsilon);
            if (_smoothing > 0)
            {
                loss += CombineSmoothed(columns, range, lane, own, probability, laneWeight);
                continue;
            }

            range.Finals.Row(Factor)[lane] = (float)(own * laneWeight);
            range.Finals.Row(LaneWeight)[lane] = (float)laneWeight;
            loss -= Math.Log(probability + Epsilon);
        }

        return loss;
    }

    public unsafe void Gradient(ScoredColumns columns, in LossRange range, int start, int end, float scale)
    {
        if (_smoothing > 0)
        {
            SubtractSmoothing(columns, range, start, end, scale);
        }
        else
        {
            var work = new GradientWork(columns, range, start, end, scale);
            SimdDispatch.Run(ref work);
        }

        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column >= start && column < end)
                range.Logits.Row(column)[lane] -= scale * range.Finals.Row(LaneWeight)[lane];
        }
    }

    /// <summary>The largest logit of a lane, and Z: the sum of w exp(o - largest).</summary>
    internal static unsafe (float Shift, double Z) Partition(in LossRange range, int lane)
    {
        var shift = float.NegativeInfinity;
        for (var r = 0; r < range.Ranges; r++)
            shift = MathF.Max(shift, range.Of(r, Maximum)[lane]);
        double z = 0;
        for (var r = 0; r < range.Ranges; r++)
            z += range.Of(r, Sum)[lane] * Math.Exp((double)range.Of(r, Maximum)[lane] - shift);
        return (shift, z);
    }

    /// <summary>An item's weight when it is a lane's target: that of its one column.</summary>
    internal float TargetWeightOf(int item) => _targetWeight[item];

    /// <summary>What a column's exp(o) is multiplied with: the sum over all that stand for its item.</summary>
    internal float WeightOf(ScoredColumns columns, int column)
    {
        var item = columns.Items[column];
        var drawn = columns.DrawnCount[column] * _drawnWeight[item];
        return columns.TargetCount[column] == 0 ? drawn : (columns.TargetCount[column] * _targetWeight[item]) + drawn;
    }
}
