using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Losses that are a sum over the negatives, each counted alike: (own + sum_j phi(r_i, r_j)) / divisor + positive's own term.
/// TOP1, BPR, BPR as a sum, sigmoid cross-entropy, and TOP1 as pyGRU4REC has it.
/// </summary>
/// <remarks>
/// On distinct items: item n counts m_n = c_n + d_n - [n is the lane's target] times. A lane's own target is weighed by itself from the start:
/// taken off a sum afterwards, a target that is drawn many times would leave that sum's rounding behind.
/// Derivations: docs/derivations/top1.md, docs/derivations/bpr.md, docs/derivations/sigmoid-cross-entropy.md, docs/derivations/top1-pygru4rec.md.
/// </remarks>
/// <typeparam name="TTerm">phi.</typeparam>
internal readonly unsafe partial struct PairwiseLoss<TTerm>(PairwiseForm form) : ILoss
    where TTerm : struct, IPairTerm
{
    private const int Value = 0;      // statistics: sum of m phi
    private const int Positive = 1;   //             sum of m dphi/dr_i
    private const int Share = 0;      // finals: 1 / divisor
    private const int ByPositive = 1; //         gradient by the target's score, scaled by nothing

    private readonly PairwiseForm _form = form;

    public static int StatisticsPerLane => 2;

    public static int FinalsPerLane => 2;

    public bool HasSecondPass => true;

    public void Reduce(ScoredColumns columns, in LossRange range)
    {
    }

    public void ReduceAgain(ScoredColumns columns, in LossRange range)
    {
        var work = new SumWork(columns, range, _form);
        SimdDispatch.Run(ref work);
    }

    public double Combine(ScoredColumns columns, in LossRange range)
    {
        range.Finals.Clear();
        double loss = 0;
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            double value = 0, byPositive = 0;
            for (var r = 0; r < range.Ranges; r++)
            {
                value += range.Of(r, Value)[lane];
                byPositive += range.Of(r, Positive)[lane];
            }

            var divisor = _form.Divisor(columns, lane);
            var own = _form.Own(columns, lane, range.Targets[lane]);
            range.Finals.Row(Share)[lane] = (float)(1 / divisor);
            range.Finals.Row(ByPositive)[lane] = (float)((byPositive / divisor) + own.Slope);
            loss += (value / divisor) + own.Value;
        }

        return loss;
    }

    public void Gradient(ScoredColumns columns, in LossRange range, int start, int end, float scale)
    {
        // The target's own cell is kept aside: its weight differs from the other lanes'.
        var work = new GradientWork(columns, range, start, end, _form.InBatchOnly, scale);
        SimdDispatch.Run(ref work);
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column < start || column >= end)
                continue;
            var term = TTerm.Of<SimdScalar, float>(range.Targets[lane], range.Targets[lane]);
            var asNegative = _form.WeightForItself(columns, column) * term.ByNegative * range.Finals.Row(Share)[lane];
            range.Logits.Row(column)[lane] = scale * (asNegative + range.Finals.Row(ByPositive)[lane]);
        }
    }
}
