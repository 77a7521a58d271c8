using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Data;
using NextItem.Reports;
using NextItem.Synthetic;

namespace NextItem.Cli.Commands;

/// <summary>The demo's models beside each other and beside the best that is possible: a table on the terminal, and the page that <c>compare</c> makes.</summary>
internal sealed class DemoComparison(Terminal terminal, Shop shop, ReviewedEvents train, ReviewedEvents test)
{
    private const int Cutoff = 20;

    private static readonly EvaluationOptions s_options = new()
    {
        Metrics = [EvaluationMetric.Recall, EvaluationMetric.Mrr, EvaluationMetric.Ndcg, EvaluationMetric.Coverage, EvaluationMetric.Gini, EvaluationMetric.Popularity, EvaluationMetric.Novelty],
        Ties = TieBreaking.Conservative,
        Threads = Environment.ProcessorCount,
    };

    /// <summary>Measures, writes both, and says where the page is.</summary>
    public void Write(FileInfo page, string shownAs, TrainedModel trained, CancellationToken cancellationToken)
    {
        ComparedModel[] models =
        [
            Measure("popularity", PopularityModel.Fit(train.Sessions), null, cancellationToken),
            Measure("Markov chain", MarkovModel.Fit(train.Sessions, cancellationToken), null, cancellationToken),
            Measure("GRU4Rec", trained.Model, TrainingCurve.Of(trained), cancellationToken),
        ];
        var best = shop.Oracle.Evaluate(Cutoff);
        WriteTable(models, best);

        string[] warnings = [.. DataReview.OfTrainingFile(train).Concat(DataReview.OfTestFile(test)).Concat(DataReview.OfSplit(train, test)).Select(finding => finding.Message).Distinct()];
        var comparison = ModelComparison.Of(models, "the demo's prepared/test.tsv", warnings, new ResamplingOptions { Threads = Environment.ProcessorCount }, cancellationToken);
        ComparisonFiles.CanDraw(terminal);
        AtomicFile.Write(page.FullName, stream => ComparisonReport.WriteHtml(
            stream, comparison, $"The best that is possible on these sessions, for one who knows the rules that the shop was made by, is Recall@{Cutoff} {best.RecallAtK:F4} and MRR@{Cutoff} {best.MrrAtK:F4}."));
        terminal.Out.WriteLine($"The report, with intervals, tests, warnings and plots, is a page for any browser: {shownAs}");
        terminal.Out.WriteLine();
    }

    private ComparedModel Measure(string name, ISessionModel model, TrainingCurve? training, CancellationToken cancellationToken) => new()
    {
        Name = name,
        Algorithm = model.Algorithm,
        Evaluation = Evaluator.EvaluateInDetail(model, test.Sessions, s_options, Enum.GetValues<SliceBy>(), cancellationToken),
        Latency = ScoringLatency.Measure(model, test.Sessions, TimeProvider.System, cancellationToken: cancellationToken),
        Training = training,
    };

    private void WriteTable(ComparedModel[] models, OracleScore best)
    {
        terminal.Out.WriteLine("Every next item of the test sessions, ranked among all items (ties: conservative):");
        string[] knows = [" (the same for all)", " (last item only)", " (the whole session)"];
        terminal.WriteTable(
            ["model", $"Recall@{Cutoff}", $"MRR@{Cutoff}", "cases"],
            [
                .. models.Zip(knows, (model, what) => (string[])
                [
                    model.Name + what, $"{model.Evaluation.Result.RecallAt(Cutoff):F4}", $"{model.Evaluation.Result.MrrAt(Cutoff):F4}", $"{model.Evaluation.Result.Cases:N0}",
                ]),
                ["best possible (knows the shop's rules)", $"{best.RecallAtK:F4}", $"{best.MrrAtK:F4}", $"{best.Cases:N0}"],
            ]);
    }
}
