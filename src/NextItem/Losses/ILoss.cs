using NextItem.Batches;

namespace NextItem.Losses;

/// <summary>
/// A loss over item-major scores [D x B]: one row per distinct scored item, one lane per vector element. It works in parts, so
/// that several threads can each take a range of the rows: statistics of a range, for most losses a second pass that knows all
/// ranges' first statistics and the targets' scores, their combination, and the gradient of a range. The training step is
/// generic over this struct.
/// </summary>
internal interface ILoss
{
    /// <summary>Numbers kept per lane and range.</summary>
    static abstract int StatisticsPerLane { get; }

    /// <summary>Numbers kept per lane after <see cref="Combine"/>.</summary>
    static abstract int FinalsPerLane { get; }

    /// <summary>Whether <see cref="ReduceAgain"/> has to run.</summary>
    bool HasSecondPass { get; }

    /// <summary>Reads the scores of the range and keeps what can be known from them alone.</summary>
    void Reduce(ScoredColumns columns, in LossRange range);

    /// <summary>Reads them again, when <see cref="Reduce"/> has run on all ranges and the targets' scores are there.</summary>
    void ReduceAgain(ScoredColumns columns, in LossRange range);

    /// <summary>Combines the statistics of all ranges into the finals of this one.</summary>
    /// <returns>The sum of the loss over the lanes, not divided by anything.</returns>
    double Combine(ScoredColumns columns, in LossRange range);

    /// <summary>
    /// Turns the rows [start, end) of the range into the gradient by the scores, times <paramref name="scale"/>; zero in the
    /// padding lanes.
    /// </summary>
    void Gradient(ScoredColumns columns, in LossRange range, int start, int end, float scale);
}
