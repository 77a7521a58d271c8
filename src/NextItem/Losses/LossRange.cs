using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>One range of columns and the memory that a loss works in. Statistics of all ranges are stacked, this range's are <see cref="Own"/>.</summary>
/// <param name="start">First column.</param>
/// <param name="end">One past the last column.</param>
/// <param name="logits">[D x B] scores after the final activation; rows of the range may be overwritten by what the gradient needs.</param>
/// <param name="targets">[1 x B] the score of each lane's target; complete before the second pass.</param>
/// <param name="statistics">[ranges * per lane x B].</param>
/// <param name="ranges">Number of ranges.</param>
/// <param name="range">Which of them this is.</param>
/// <param name="finals">[finals x B] of this range.</param>
internal readonly unsafe struct LossRange(
    int start, int end, Matrix logits, Matrix targets, Matrix statistics, int ranges, int range, Matrix finals)
{
    public readonly int Start = start;
    public readonly int End = end;
    public readonly Matrix Logits = logits;
    public readonly Matrix Finals = finals;
    private readonly Matrix _targets = targets;
    private readonly Matrix _statistics = statistics;
    private readonly int _perLane = statistics.Rows / ranges;
    public readonly int Ranges = ranges;

    /// <summary>Which of the ranges this is.</summary>
    public readonly int Index = range;

    /// <summary>Floats of a row, the padding lanes included.</summary>
    public int Width => SimdWidth.Padded(Logits.Columns);

    /// <summary>[B] the targets' scores.</summary>
    public float* Targets => _targets.Row(0);

    /// <summary>[B] a statistic of this range.</summary>
    public float* Own(int statistic) => Of(Index, statistic);

    /// <summary>[B] a statistic of any range.</summary>
    public float* Of(int range, int statistic) => _statistics.Row((range * _perLane) + statistic);

    /// <summary>Whether a column lies in [start, end) of this range.</summary>
    public bool Has(int column) => column >= Start && column < End;
}
