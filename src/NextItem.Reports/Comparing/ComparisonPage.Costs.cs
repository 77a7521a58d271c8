namespace NextItem.Reports;

/// <summary>What the models cost: time for an event, and epochs of training.</summary>
internal sealed partial class ComparisonPage
{
    /// <summary>The time of an event against accuracy; nothing where no model was timed.</summary>
    private string Speed()
    {
        if (!ComparisonReport.CanDraw(comparison, ComparisonPicture.Speed))
            return "";
        var latency = comparison.Models.First(model => model.Latency is not null).Latency!;
        var untimed = Names(comparison.Models.Where(model => model.Latency is null));
        return $"<div class=\"together\">\n<p class=\"note\">Time for one event and the {latency.ListLength} best items after it, one session at a time on one thread, over {latency.Events:N0} events: "
            + $"the sign stands at the median, the line runs to the time that 95 % stay within; upright the interval of the metric. Good and fast is up and left.{(untimed.Length > 0 ? $" Not timed: {untimed}." : "")}</p>\n"
            + $"{Image(ComparisonPicture.Speed)}\n</div>";
    }

    /// <summary>Losses by epoch, and which epoch each model has.</summary>
    private string Training()
    {
        var without = comparison.Models.Where(model => model.Training is null).ToArray();
        if (without.Length == comparison.Models.Length)
            return $"<h2>Training</h2>\n<p class=\"note\">{(without.Length == 1 ? "The model was" : "The models were")} not trained in epochs: there is no curve.</p>";
        var trained = comparison.Models.Where(model => model.Training is not null).ToArray();
        var rings = trained.Any(model => model.Training!.KeptEpoch < model.Training.Losses.Length) ? " A ring is around the epoch that the model was kept from." : "";
        var absent = without.Length > 0 ? $" Not trained in epochs, and so without a curve: {Names(without)}." : "";
        return "<div class=\"together\">\n<h2>Training</h2>\n<p class=\"note\">The loss tells how a training went, not which model is better: it depends on its kind and on how many negatives there are. "
            + $"Validation is what the model file has: of the epoch kept.{rings}{absent}</p>\n"
            + $"{Image(ComparisonPicture.Training)}\n</div>\n"
            + Table(["model", "loss", "epochs", "epoch kept", "mean loss, first", "mean loss, kept", "validation"], trained.Select(model => (false, Row(model.Name, model.Training!))), textColumns: 2);
    }

    private static string[] Row(string name, TrainingCurve training) =>
    [
        $"<td>{Encoded(name)}</td>",
        $"<td>{Encoded(training.LossName)}</td>",
        $"<td>{training.Losses.Length:N0}</td>",
        $"<td>{training.KeptEpoch:N0}</td>",
        $"<td>{training.Losses[0]:F4}</td>",
        $"<td>{(training.KeptEpoch >= 1 && training.KeptEpoch <= training.Losses.Length ? $"{training.Losses[training.KeptEpoch - 1]:F4}" : "")}</td>",
        $"<td>{Validation(training)}</td>",
    ];

    /// <summary>The validation metrics at the largest cutoff of each.</summary>
    private static string Validation(TrainingCurve training) => training.Validation.IsDefaultOrEmpty ? "none" : string.Join(", ", training.Validation
        .GroupBy(metric => metric.Name)
        .Select(group => group.MaxBy(metric => metric.Cutoff))
        .Select(metric => $"{MetricLabels.At(metric.Name, metric.Cutoff)} {metric.Value:F4}"));

    private static string Names(IEnumerable<ComparedModel> models) => Encoded(string.Join(", ", models.Select(model => model.Name)));
}
