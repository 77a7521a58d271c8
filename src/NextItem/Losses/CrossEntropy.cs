using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Cross-entropy over the sampled columns with the logQ correction: -log p_target, where p is the softmax of
/// o_j - logq * log(q_j), q_j = support for in-batch columns and support^alpha for drawn ones.
/// </summary>
/// <remarks>
/// On distinct items: p_n = w_n exp(o_n) / Z with w_n = c_n support^-logq + d_n support^(-alpha logq), Z the sum of the
/// numerators, p_t = exp(o_t) support_t^-logq / Z, and loss = -log(p_t + 1e-24). Gradient by o_n:
/// (p_n - [n is the target]) * p_t / (p_t + 1e-24). The 1e-24 is the original's and matters: with hidden dropout carried on,
/// the state of a long session can grow without bound, and such a lane (p_t far below 1e-24) must not wreck the item rows.
/// Derivation: docs/derivations/cross-entropy.md. Hidasi and Karatzoglou 2018; official name <c>cross-entropy</c>, <c>logq</c>.
/// </remarks>
internal readonly struct CrossEntropy : ILoss
{
    private const int Maximum = 0;    // statistics: max of the range's logits
    private const int Sum = 1;        //             sum of w exp(o - max)
    private const int TargetLogit = 2; //            the target's logit, where the target is in the range
    private const int Factor = 0;     // finals: exp(range max - max) / Z, times the lane's weight
    private const int LaneWeight = 1; //         p_t / (p_t + epsilon), 1 but for lanes gone astray

    /// <summary>Added to the target's probability before the logarithm.</summary>
    private const double Epsilon = 1e-24;

    private readonly float[] _targetWeight;
    private readonly float[] _drawnWeight;

    /// <summary>Tabulates the correction of each item.</summary>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="alpha">The sampler's exponent.</param>
    /// <param name="logQ">Strength of the correction, 0 to 1.</param>
    public CrossEntropy(ReadOnlySpan<int> support, float alpha, float logQ)
    {
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

    public static int StatisticsPerLane => 3;

    public static int FinalsPerLane => 2;

    public unsafe void Reduce(ScoredColumns columns, int start, int end, Matrix logits, Matrix statistics)
    {
        var width = (int)logits.Stride;
        var maximum = new Span<float>(statistics.Row(Maximum), width);
        var sum = new Span<float>(statistics.Row(Sum), width);
        maximum.Fill(float.NegativeInfinity);
        sum.Clear();
        for (var column = start; column < end; column++)
        {
            var row = new ReadOnlySpan<float>(logits.Row(column), width);
            TensorPrimitives.Max(maximum, row, maximum);
        }

        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            statistics.Row(TargetLogit)[lane] = column >= start && column < end ? logits.Row(column)[lane] : float.NegativeInfinity;
        }

        for (var column = start; column < end; column++)
        {
            var row = new Span<float>(logits.Row(column), width);
            TensorPrimitives.Subtract(row, maximum, row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.MultiplyAdd(row, WeightOf(columns, column), sum, sum);
        }
    }

    public unsafe double Combine(ScoredColumns columns, Matrix ranges, int rangeCount, int range, Matrix finals)
    {
        finals.Clear();
        double loss = 0;
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var maximum = float.NegativeInfinity;
            var target = float.NegativeInfinity;
            for (var r = 0; r < rangeCount; r++)
            {
                maximum = MathF.Max(maximum, ranges.Row((r * StatisticsPerLane) + Maximum)[lane]);
                target = MathF.Max(target, ranges.Row((r * StatisticsPerLane) + TargetLogit)[lane]);
            }

            double z = 0;
            for (var r = 0; r < rangeCount; r++)
            {
                var shift = (double)ranges.Row((r * StatisticsPerLane) + Maximum)[lane] - maximum;
                z += ranges.Row((r * StatisticsPerLane) + Sum)[lane] * Math.Exp(shift);
            }

            var own = (double)ranges.Row((range * StatisticsPerLane) + Maximum)[lane] - maximum;
            var item = columns.Items[columns.TargetColumn[lane]];
            var probability = Math.Exp((double)target - maximum) * _targetWeight[item] / z;
            var laneWeight = probability / (probability + Epsilon);
            finals.Row(Factor)[lane] = (float)(Math.Exp(own) / z * laneWeight);
            finals.Row(LaneWeight)[lane] = (float)laneWeight;
            loss -= Math.Log(probability + Epsilon);
        }

        return loss;
    }

    public unsafe void Gradient(ScoredColumns columns, int start, int end, Matrix logits, Matrix finals, float scale)
    {
        var width = (int)logits.Stride;
        var factor = new ReadOnlySpan<float>(finals.Row(Factor), width);
        for (var column = start; column < end; column++)
        {
            var row = new Span<float>(logits.Row(column), width);
            TensorPrimitives.Multiply(row, WeightOf(columns, column) * scale, row);
            TensorPrimitives.Multiply(row, factor, row);
        }

        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column >= start && column < end)
                logits.Row(column)[lane] -= scale * finals.Row(LaneWeight)[lane];
        }
    }

    private float WeightOf(ScoredColumns columns, int column)
    {
        var item = columns.Items[column];
        return (columns.TargetCount[column] * _targetWeight[item]) + (columns.DrawnCount[column] * _drawnWeight[item]);
    }
}
