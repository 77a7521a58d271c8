using System.Collections.Immutable;
using NextItem.Batches;

namespace NextItem.Training;

/// <summary>The numbers of a run that are no tensors.</summary>
internal sealed record RunState
{
    /// <summary>The options of the run.</summary>
    public required Gru4RecOptions Options { get; init; }

    /// <summary>Of the training sessions.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Of the validation sessions, or empty.</summary>
    public required string ValidationFingerprint { get; init; }

    /// <summary>The epoch that is next or under way, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mini-batches since training began.</summary>
    public required long Steps { get; init; }

    /// <summary>The first mini-batch's loss per lane: the untrained network's; 0 before it.</summary>
    public required double FirstLoss { get; init; }

    /// <summary>The epoch's sums so far, or null between two epochs.</summary>
    public EpochTally? Tally { get; init; }

    /// <summary>Where the epoch's batcher stands, or null between two epochs.</summary>
    public BatcherPosition? Position { get; init; }

    /// <summary>The finished epochs.</summary>
    public required ImmutableArray<EpochSummary> Epochs { get; init; }

    /// <summary>The epoch with the best validation metric so far, or 0.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Its metric.</summary>
    public double BestMetric { get; init; }

    /// <summary>Fingerprint of the data of the model that training began with, or empty.</summary>
    public required string WarmStartedFrom { get; init; }
}

/// <summary>An epoch's sums.</summary>
/// <param name="WeightedLoss">Sum of loss times lanes.</param>
/// <param name="Events">Events taken.</param>
/// <param name="TrainedEvents">Events that were trained on.</param>
/// <param name="MiniBatches">Mini-batches trained on.</param>
/// <param name="Skipped">Mini-batches without a negative.</param>
internal readonly record struct EpochTally(double WeightedLoss, long Events, long TrainedEvents, long MiniBatches, long Skipped)
{
    /// <summary>Mean loss so far.</summary>
    public double MeanLoss => TrainedEvents == 0 ? 0 : WeightedLoss / TrainedEvents;
}
