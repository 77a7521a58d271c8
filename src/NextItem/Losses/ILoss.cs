using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// A loss over item-major logits [D x B]: one row per distinct scored item, one lane per vector element. It works in three
/// parts, so that several threads can each take a range of the rows: statistics of a range, their combination, and the
/// gradient of a range. The training step is generic over this struct.
/// </summary>
internal interface ILoss
{
    /// <summary>Numbers kept per lane and range.</summary>
    static abstract int StatisticsPerLane { get; }

    /// <summary>Numbers kept per lane after <see cref="Combine"/>.</summary>
    static abstract int FinalsPerLane { get; }

    /// <summary>Reads the logits of columns [start, end) once and keeps what the loss needs of them.</summary>
    /// <param name="columns">The step's columns.</param>
    /// <param name="start">First column of the range.</param>
    /// <param name="end">One past its last column.</param>
    /// <param name="logits">[D x B] in: logits; the rows of the range may be overwritten by what <see cref="Gradient"/> needs.</param>
    /// <param name="statistics">[StatisticsPerLane x B] overwritten.</param>
    void Reduce(ScoredColumns columns, int start, int end, Matrix logits, Matrix statistics);

    /// <summary>Combines the ranges' statistics.</summary>
    /// <param name="columns">The step's columns.</param>
    /// <param name="ranges">The statistics of all ranges, stacked: [ranges * StatisticsPerLane x B].</param>
    /// <param name="rangeCount">Number of ranges.</param>
    /// <param name="range">The range whose gradient the finals are for.</param>
    /// <param name="finals">[FinalsPerLane x B] overwritten.</param>
    /// <returns>The sum of the loss over the lanes, not divided by anything.</returns>
    double Combine(ScoredColumns columns, Matrix ranges, int rangeCount, int range, Matrix finals);

    /// <summary>Turns the rows [start, end) into the gradient by the logits, times <paramref name="scale"/>.</summary>
    /// <param name="columns">The step's columns.</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last column; both within one range of <see cref="Reduce"/>.</param>
    /// <param name="logits">[D x B] in: as <see cref="Reduce"/> left it; out: the gradient; zero in the padding lanes.</param>
    /// <param name="finals">What <see cref="Combine"/> wrote for this range.</param>
    /// <param name="scale">1 / batch size.</param>
    void Gradient(ScoredColumns columns, int start, int end, Matrix logits, Matrix finals, float scale);
}
