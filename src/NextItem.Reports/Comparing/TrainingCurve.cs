using System.Collections.Immutable;

namespace NextItem.Reports;

/// <summary>How the training of a model went, epoch by epoch, as far as its file tells.</summary>
/// <param name="LossName">What the loss is called. Losses of different kinds cannot be compared.</param>
/// <param name="Losses">The mean loss of each epoch, at least one.</param>
/// <param name="KeptEpoch">The epoch whose parameters the model has, from 1: the last one, or with early stopping the best.</param>
/// <param name="Validation">Metrics on the validation set after that epoch; empty where there was none.</param>
public sealed record TrainingCurve(string LossName, ImmutableArray<double> Losses, int KeptEpoch, ImmutableArray<MetricValue> Validation)
{
    /// <summary>Reads it off a trained model; null for models without epochs.</summary>
    public static TrainingCurve? Of(TrainedModel trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        var provenance = trained.Provenance;
        return provenance.EpochLosses.IsDefaultOrEmpty ? null : new TrainingCurve(NameOf(trained.Model), provenance.EpochLosses, provenance.Epoch, provenance.ValidationMetrics);
    }

    private static string NameOf(ISessionModel model) => model switch
    {
        Gru4RecModel gru4Rec => NameOf(gru4Rec.Options.Loss),
        PrnnModel prnn => NameOf(prnn.Options.Training.Loss),
        _ => $"loss of {model.Algorithm}",
    };

    private static string NameOf(Loss loss) => loss switch
    {
        Loss.CrossEntropy => "cross-entropy",
        Loss.BprMax => "BPR-max",
        Loss.Top1Max => "TOP1-max",
        Loss.Bpr => "BPR",
        Loss.BprSum => "BPR, summed",
        Loss.Top1 => "TOP1",
        Loss.SigmoidCrossEntropy => "sigmoid cross-entropy",
        Loss.Top1PyGru4Rec => "TOP1 of pyGRU4REC",
        var other => other.ToString(),
    };
}
