namespace NextItem;

/// <summary>How far training is. Reported a few hundred times an epoch and at the end of each.</summary>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="EventsDone">Events ((input, target) pairs) of this epoch that are done.</param>
/// <param name="EventsPerEpoch">Events of an epoch.</param>
/// <param name="MeanLoss">Mean loss of this epoch so far.</param>
/// <param name="FinishedEpoch">Set once at the end of each epoch.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, long EventsDone, long EventsPerEpoch, double MeanLoss, EpochSummary? FinishedEpoch);

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean loss: the mini-batches' losses weighted by their number of lanes.</param>
/// <param name="MiniBatches">Number of mini-batches.</param>
/// <param name="Events">Number of events.</param>
/// <param name="SkippedMiniBatches">Mini-batches without any negative (one lane and no additional samples), which teach nothing.</param>
/// <param name="Seconds">Time of the epoch, or 0 when no time provider was given.</param>
/// <param name="Validation">Metrics on the validation set, if one was given.</param>
public sealed record EpochSummary(
    int Epoch, double Loss, long MiniBatches, long Events, long SkippedMiniBatches, double Seconds, EvaluationResult? Validation)
{
    /// <summary>The optimiser's learning rate in this epoch.</summary>
    public float LearningRate { get; init; }

    /// <summary>Mini-batches per second, or 0 when no time was taken.</summary>
    public double MiniBatchesPerSecond => Seconds > 0 ? MiniBatches / Seconds : 0;

    /// <summary>Events per second, or 0 when no time was taken.</summary>
    public double EventsPerSecond => Seconds > 0 ? Events / Seconds : 0;
}
