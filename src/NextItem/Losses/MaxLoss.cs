using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Losses whose negatives are weighted by the softmax over the negatives, s_j: BPR-max, -log(sum s_j sigma(r_i - r_j) + 1e-24)
/// + bpreg sum s_j r_j^2, and TOP1-max, sum s_j [sigma(r_j - r_i) + sigma(r_j^2)].
/// </summary>
/// <remarks>
/// With A = sum s_j phi_j, Q = sum s_j r_j^2 and the loss f(A) + bpreg Q, and since the softmax is differentiated through,
/// d/dr_k = s_k [f'(A) (phi_k - A + dphi_k/dr_k) + bpreg (r_k^2 - Q + 2 r_k)] and d/dr_i = f'(A) sum s_j dphi_j/dr_i.
/// On distinct items s_n is proportional to m_n exp(r_n), m_n = c_n + d_n - [n is the lane's target], shifted by the largest
/// score with m_n above 0: the positive's score must not push the negatives' weights to 0 / 0.
/// Hidasi and Karatzoglou 2018, sections 3.2 and 3.3. Derivations: docs/derivations/bpr-max.md, docs/derivations/top1-max.md.
/// </remarks>
/// <typeparam name="TTerm">phi.</typeparam>
internal readonly unsafe partial struct MaxLoss<TTerm> : ILoss
    where TTerm : struct, IPairTerm
{
    private const int Maximum = 0;       // statistics: largest negative score of the range
    private const int Sum = 1;           //             sum of e = m exp(r - largest of all ranges)
    private const int Value = 2;         //             sum of e phi
    private const int Positive = 3;      //             sum of e dphi/dr_i
    private const int Square = 4;        //             sum of e r^2
    private const int Shift = 0;         // finals: largest negative score
    private const int InverseSum = 1;    //         1 / sum of e
    private const int Mean = 2;          //         A
    private const int MeanSquare = 3;    //         Q
    private const int Outer = 4;         //         f'(A)
    private const int ByPositive = 5;    //         gradient by the target's score

    /// <summary>Added to A before the logarithm, as in the original.</summary>
    private const double Epsilon = 1e-24;

    /// <summary>Scores are not taken to be lower than this, in any pass, so that nothing squares to infinity.</summary>
    private const float Lowest = -1e18f;

    private readonly bool _logarithm;
    private readonly float _regularisation;
    private readonly bool _maskTargets;

    /// <param name="logarithm">f = -log: BPR-max; else f(A) = A: TOP1-max.</param>
    /// <param name="regularisation">bpreg.</param>
    /// <param name="maskTargets">Leaves out the other columns that are the lane's target.</param>
    public MaxLoss(bool logarithm, float regularisation, bool maskTargets = false)
    {
        _logarithm = logarithm;
        _regularisation = regularisation;
        _maskTargets = maskTargets;
    }

    public static int StatisticsPerLane => 5;

    public static int FinalsPerLane => 6;

    public bool HasSecondPass => true;

    public void Reduce(ScoredColumns columns, in LossRange range)
    {
        HideTargets(columns, range, hide: true);
        var work = new MaximumWork(range);
        SimdDispatch.Run(ref work);
        HideTargets(columns, range, hide: false);
    }

    public void ReduceAgain(ScoredColumns columns, in LossRange range)
    {
        HideTargets(columns, range, hide: true);
        Largest(range);
        var work = new SumWork(columns, range);
        SimdDispatch.Run(ref work);
        HideTargets(columns, range, hide: false);
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            // Counted with all its columns, one of them the lane's own positive: at most half of the sum is taken off.
            var column = columns.TargetColumn[lane];
            if (!range.Has(column) || NegativeWeight(columns, column) == 0)
                continue;
            var score = MathF.Max(Lowest, range.Targets[lane]);
            var e = MathF.Exp(score - range.Finals.Row(Shift)[lane]);
            var term = TTerm.Of<SimdScalar, float>(score, score);
            range.Own(Sum)[lane] -= e;
            range.Own(Value)[lane] -= e * term.Value;
            range.Own(Positive)[lane] -= e * term.ByPositive;
            range.Own(Square)[lane] -= e * score * score;
        }
    }

    public double Combine(ScoredColumns columns, in LossRange range)
    {
        // Lanes without any negative, and lanes that are not there, get weights of 0: exp(r - largest float).
        Largest(range);
        var finals = range.Finals;
        for (var final = InverseSum; final < FinalsPerLane; final++)
            new Span<float>(finals.Row(final), range.Width).Clear();
        double loss = 0;
        for (var lane = 0; lane < range.Width; lane++)
        {
            if (lane >= columns.Lanes || float.IsNegativeInfinity(finals.Row(Shift)[lane]))
            {
                finals.Row(Shift)[lane] = float.MaxValue;
                continue;
            }

            double sum = 0, value = 0, positive = 0, square = 0;
            for (var r = 0; r < range.Ranges; r++)
            {
                sum += range.Of(r, Sum)[lane];
                value += range.Of(r, Value)[lane];
                positive += range.Of(r, Positive)[lane];
                square += range.Of(r, Square)[lane];
            }

            var mean = value / sum;
            var outer = _logarithm ? -1 / (mean + Epsilon) : 1;
            finals.Row(InverseSum)[lane] = (float)(1 / sum);
            finals.Row(Mean)[lane] = (float)mean;
            finals.Row(MeanSquare)[lane] = (float)(square / sum);
            finals.Row(Outer)[lane] = (float)outer;
            finals.Row(ByPositive)[lane] = (float)(outer * positive / sum);
            loss += (_logarithm ? -Math.Log(mean + Epsilon) : mean) + (_regularisation * square / sum);
        }

        return loss;
    }

    public void Gradient(ScoredColumns columns, in LossRange range, int start, int end, float scale)
    {
        var work = new GradientWork(columns, range, start, end, _regularisation, scale);
        SimdDispatch.Run(ref work);
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column < start || column >= end)
                continue;
            var negative = NegativeWeight(columns, column);
            var cell = range.Logits.Row(column) + lane;
            var asNegative = negative == 0 ? 0 : *cell * negative / (negative + 1);
            *cell = asNegative + (scale * range.Finals.Row(ByPositive)[lane]);
        }
    }

    /// <summary>How often a lane's target stands among that lane's negatives.</summary>
    private int NegativeWeight(ScoredColumns columns, int column) =>
        _maskTargets ? 0 : columns.TargetCount[column] + columns.DrawnCount[column] - 1;

    /// <summary>The largest negative score over all ranges, in the finals.</summary>
    private static void Largest(in LossRange range)
    {
        var largest = new Span<float>(range.Finals.Row(Shift), range.Width);
        new ReadOnlySpan<float>(range.Of(0, Maximum), range.Width).CopyTo(largest);
        for (var r = 1; r < range.Ranges; r++)
            System.Numerics.Tensors.TensorPrimitives.Max(largest, new ReadOnlySpan<float>(range.Of(r, Maximum), range.Width), largest);
        foreach (ref var score in largest)
        {
            // Minus infinity says that there is no negative.
            if (float.IsFinite(score))
                score = MathF.Max(Lowest, score);
        }
    }

    /// <summary>Where a lane's target is no negative of it, its cell is lower than anything while the negatives are summed up.</summary>
    private void HideTargets(ScoredColumns columns, in LossRange range, bool hide)
    {
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (range.Has(column) && NegativeWeight(columns, column) == 0)
                range.Logits.Row(column)[lane] = hide ? float.NegativeInfinity : range.Targets[lane];
        }
    }
}
