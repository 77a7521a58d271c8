using NextItem.Batches;

namespace NextItem.Losses;

/// <summary>What a pairwise loss divides by, which columns it counts, and what the positive adds for itself.</summary>
internal readonly struct PairwiseForm
{
    private readonly Loss _loss;
    private readonly bool _maskTargets;
    private readonly float _calibration;
    private readonly int _itemCount;

    /// <param name="loss">One of the pairwise losses, or sigmoid cross-entropy.</param>
    /// <param name="maskTargets">Leaves out the other columns that are the lane's target, as if they were not there.</param>
    /// <param name="calibration">gBCE's t; 0 for plain sigmoid cross-entropy.</param>
    /// <param name="itemCount">Number of items I, which gBCE's sampling rate is relative to.</param>
    public PairwiseForm(Loss loss, bool maskTargets = false, float calibration = 0, int itemCount = 0)
    {
        _loss = loss;
        _maskTargets = maskTargets;
        _calibration = calibration;
        _itemCount = itemCount;
    }

    /// <summary>Whether drawn negatives do not count.</summary>
    public bool InBatchOnly => _loss == Loss.Top1PyGru4Rec;

    /// <summary>How often an item counts for a lane whose target it is not.</summary>
    public static int Weight(ScoredColumns columns, int column, bool inBatchOnly) =>
        columns.TargetCount[column] + (inBatchOnly ? 0 : columns.DrawnCount[column]);

    /// <inheritdoc cref="Weight(ScoredColumns, int, bool)"/>
    public int Weight(ScoredColumns columns, int column) => Weight(columns, column, InBatchOnly);

    /// <summary>How often a lane's target counts among that lane's own negatives. pyGRU4REC's TOP1 counts the positive itself too.</summary>
    public int WeightForItself(ScoredColumns columns, int column)
    {
        var own = _loss == Loss.Top1PyGru4Rec ? 1 : 0;
        return _maskTargets ? own : Weight(columns, column) - 1 + own;
    }

    /// <summary>What the sum over the negatives is divided by: for a mean, the number of columns that count; at least 1.</summary>
    public double Divisor(ScoredColumns columns, int lane) => _loss switch
    {
        Loss.BprSum => 1,
        Loss.Top1 => Columns(columns, lane),
        Loss.Top1PyGru4Rec => Columns(columns, lane),
        _ => Math.Max(1, Columns(columns, lane) - 1),
    };

    /// <summary>The positive's own term and its derivative.</summary>
    public (double Value, double Slope) Own(ScoredColumns columns, int lane, double target) => _loss switch
    {
        Loss.BprSum => (Math.Log(2), 0),                        // its own column: -log sigma(0)
        Loss.Top1 => (0.5 / Columns(columns, lane), 0),         // sigma(0), its sigma(r_i^2) is taken off
        Loss.SigmoidCrossEntropy => OfSigmoid(columns, lane, target),
        _ => (0, 0),
    };

    /// <summary>-beta log sigma(r_i). gBCE: beta = 1 - t (1 - a) with a = (M - 1) / (I - 1), the share of the items that is sampled.</summary>
    /// <remarks>Petrov and Macdonald, gSASRec, RecSys 2023, equations 9 and 13.</remarks>
    private (double Value, double Slope) OfSigmoid(ScoredColumns columns, int lane, double target)
    {
        var rate = Math.Min(1, (Columns(columns, lane) - 1.0) / Math.Max(1, _itemCount - 1));
        var beta = 1 - (_calibration * (1 - rate));
        var tail = Math.Exp(-Math.Abs(target));
        var softplus = Math.Max(-target, 0) + Math.Log(1 + tail);
        var sigma = target >= 0 ? tail / (1 + tail) : 1 / (1 + tail); // sigma(-r_i)
        return (beta * softplus, -beta * sigma);
    }

    /// <summary>The columns that count for a lane, its own included.</summary>
    private int Columns(ScoredColumns columns, int lane)
    {
        var all = columns.Lanes + (InBatchOnly ? 0 : columns.Drawn);
        return _maskTargets ? all - Weight(columns, columns.TargetColumn[lane]) + 1 : all;
    }
}
