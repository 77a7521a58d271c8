namespace NextItem;

/// <summary>What a training run has beside its data and options: who watches it, where it begins, where it is kept.</summary>
public sealed record TrainingContext
{
    /// <summary>Sessions read with the training catalog, evaluated after each epoch. Default: none.</summary>
    public SessionSet? Validation { get; init; }

    /// <summary>Is told how far training is. Default: nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Clock for the speeds that are reported; null takes no times. Results never depend on it.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Keeps the run after every epoch and when it is cancelled. Default: nobody.</summary>
    public ICheckpointSink? Checkpoints { get; init; }

    /// <summary>
    /// Where the run goes on: the rest of it is the same to the byte as if it had never stopped. Data and options must be those of
    /// the checkpoint, but for <see cref="Gru4RecOptions.Epochs"/>, which may be more (not where a p-RNN trains one subnet an epoch), and the learning rate and its decay, which are
    /// then others from here on. Default: from the beginning.
    /// </summary>
    public Checkpoint? ResumeFrom { get; init; }

    /// <summary>
    /// A trained model of the same algorithm that training begins with: its weights, and the rows of the items that the new data has too. Other rows
    /// start as in a new model, items that the new data does not have are gone, and the optimiser starts anew. Layers, GRU variant and
    /// embedding must be the same; of a p-RNN its subnets, and the features encoded by those of the model. Default: a new model.
    /// </summary>
    public TrainedModel? WarmStart { get; init; }

    /// <summary>
    /// Trained GRU4Rec models of the same items that a model learns from too, beside the sessions: <see cref="Gru4RecOptions.Distillation"/> is their share. Each
    /// must have been trained with cross-entropy without <see cref="Gru4RecOptions.TopSamples"/>, whose scores are logarithms of probabilities, and know every training item; sizes and seeds may differ.
    /// <see cref="Gru4RecOptions.LogQ"/> must be the run's, and where it is below 1 <see cref="Gru4RecOptions.SampleAlpha"/> and the samples a lane too: scores
    /// are of other probabilities otherwise. They are only read. Default: none.
    /// </summary>
    public IReadOnlyList<ISessionModel> Teachers { get; init; } = [];
}
