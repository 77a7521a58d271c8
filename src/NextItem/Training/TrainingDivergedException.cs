namespace NextItem;

/// <summary>Training produced a loss that is not a finite number; nothing of it can be used.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException(int epoch, long miniBatch, double loss, float learningRate)
        : base($"The loss became {loss} in epoch {epoch}, mini-batch {miniBatch}. The likely cause is a learning rate that is too high ({learningRate}); lower it or the momentum.")
    {
        Epoch = epoch;
        MiniBatch = miniBatch;
    }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The mini-batch within the epoch, counted from 1.</summary>
    public long MiniBatch { get; }
}
