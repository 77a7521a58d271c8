namespace NextItem;

/// <summary>Training left the path: nothing of the running epoch can be used. The checkpoint of the epoch before is still good.</summary>
public sealed class TrainingDivergedException : Exception
{
    private TrainingDivergedException(int epoch, long miniBatch, string what, Gru4RecOptions options)
        : base($"{what} in epoch {epoch}, mini-batch {miniBatch}. {LikelyCause(options)}")
    {
        Epoch = epoch;
        MiniBatch = miniBatch;
    }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The mini-batch within the epoch, counted from 1.</summary>
    public long MiniBatch { get; }

    internal static TrainingDivergedException OfLoss(int epoch, long miniBatch, double loss, Gru4RecOptions options) =>
        new(epoch, miniBatch, $"The loss became {loss}", options);

    internal static TrainingDivergedException OfParameters(int epoch, long miniBatch, string parameter, Gru4RecOptions options) =>
        new(epoch, miniBatch, $"The parameter {parameter} holds infinity or no number", options);

    internal static TrainingDivergedException OfClimb(int epoch, long miniBatch, double loss, double firstLoss, Gru4RecOptions options) =>
        new(epoch, miniBatch, $"The mean loss is {loss:G4}, far above the {firstLoss:G4} of the untrained network,", options);

    /// <summary>What most often leads there, for these options.</summary>
    private static string LikelyCause(Gru4RecOptions options)
    {
        var rate = options.Optimizer == Optimizer.Adadelta
            ? $"a learning rate that is too high ({options.LearningRate}; Adadelta's own is 1)"
            : $"a learning rate that is too high ({options.LearningRate})";
        var others = new List<string>();
        if (options.Momentum >= 0.5f)
            others.Add($"the momentum ({options.Momentum})");
        if (options is { Loss: Loss.BprMax, ScoreRegularisation: > 2 })
            others.Add($"bpr-max's score regularisation ({options.ScoreRegularisation})");
        if (options.InitialScale >= 1)
            others.Add($"the initial scale ({options.InitialScale})");
        if (options.DropoutHidden >= 0.5f)
            others.Add($"hidden dropout ({options.DropoutHidden}), which scales what it keeps up and is carried on through long sessions");
        var also = others.Count == 0 ? "" : $" Also suspicious: {string.Join(", ", others)}.";
        return $"The likely cause is {rate}; lower it, or, for GRU4Rec, limit the gradient's norm (grad_cap).{also}";
    }
}
