using NextItem.Models;

namespace NextItem.Training;

/// <content>The mean of the last epochs' parameters: what <see cref="Gru4RecOptions.AveragedEpochs"/> makes the finished model of.</content>
internal sealed partial class TrainingLoop
{
    private bool InMean(int epoch) => epoch > _plan.Epochs - _options.AveragedEpochs;

    /// <summary>After its validation, so that an epoch whose validation is stopped, and taken up again, does not count twice.</summary>
    private void TakeIntoMean(int epoch)
    {
        var mean = MeanWith(epoch);
        _mean?.Dispose();
        _mean = mean;
    }

    /// <summary>Measures what the finished model would be if this epoch were the last, on a copy.</summary>
    private EvaluationResult MeasureMean(int epoch, EvaluationOptions options)
    {
        var model = _run.ModelOf(MeanWith(epoch));
        using (model as IDisposable)
            return Evaluator.Evaluate(model, _context.Validation!, options, _cancellation);
    }

    private ParameterSet MeanWith(int epoch)
    {
        if (_mean is null)
            return _run.Parameters.WithoutStates();
        var mean = _mean.WithoutStates();
        mean.MoveTowards(_run.Parameters, 1f / (epoch - _plan.Epochs + _options.AveragedEpochs));
        return mean;
    }
}
