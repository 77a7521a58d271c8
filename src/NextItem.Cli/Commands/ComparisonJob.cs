using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Cli.Settings;
using NextItem.Data;
using NextItem.Reports;

namespace NextItem.Cli.Commands;

/// <summary>Measures models on the same test sessions, reviews the data, and tells what follows.</summary>
internal sealed class ComparisonJob(Terminal terminal)
{
    public const string Latency = "latency";

    public required IReadOnlyList<FileInfo> Models { get; init; }

    public required FileInfo Data { get; init; }

    public required FileInfo? Train { get; init; }

    public required EventColumns Columns { get; init; }

    public required FeaturesOption Features { get; init; }

    public required FeatureSettings? FeatureSettings { get; init; }

    public required EvaluationOptions Options { get; init; }

    public required UnknownChoice Unknown { get; init; }

    public required bool MeasuresLatency { get; init; }

    public required ResamplingOptions Resampling { get; init; }

    public required ComparisonFiles Files { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        if (Models.Count == 0)
            throw new UsageException("--models names no file; expected model files, separated by commas.");
        if (Models.GroupBy(file => file.FullName).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"--models has {twice.First()} twice; expected each model once.");
        Commands.Files.RequireEvents(Data, Train);
        Files.RequireWritable([Data, Train, .. Models]);
        var trained = Models.Select(Commands.Files.LoadModel).ToArray();
        var names = NamesOf(Models);
        var findings = new List<Finding>();
        var options = Options;
        var alike = trained.All(model => KnowTheSame(trained[0].Model.Catalog, model.Model.Catalog));
        if (!alike && Options.Unknown == UnknownItems.Drop)
        {
            if (Unknown == UnknownChoice.Drop)
                throw new RunException("The models know different items, so that --unknown drop would measure each on other cases; expected --unknown miss, under which the cases are the same.");
            options = Options with { Unknown = UnknownItems.Miss };
            findings.Add(new Finding("different-items", "the models know different items: unknown items count as misses for all of them, so that the cases are the same.", [.. trained.Select((model, i) => (names[i], (double)model.Model.Catalog.Count))]));
        }

        findings.AddRange(ReviewTraining(cancellationToken));
        var compared = new ComparedModel[trained.Length];
        ItemFeatures? firstFeatures = null;
        var perModel = new List<(string Name, Finding Finding)>();
        for (var i = 0; i < trained.Length; i++)
        {
            var catalog = trained[i].Model.Catalog;
            var features = i == 0 ? Features.Read(FeatureSettings, catalog, cancellationToken) : FeaturesOption.ReadAlike(FeatureSettings, firstFeatures, catalog, cancellationToken);
            firstFeatures ??= features;
            var test = ReviewedEvents.Read(Data, Columns, catalog, cancellationToken);
            if (i == 0)
                findings.AddRange(DataReview.OfTestFile(test));
            perModel.AddRange(DataReview.OfModel(trained[i], test.Sessions).Select(finding => (names[i], finding)));
            compared[i] = Measure(names[i], trained[i], test.Sessions, options with { Features = features }, alike, cancellationToken);
        }

        findings.AddRange(Merged(perModel, trained.Length).ExceptBy(findings.Select(finding => finding.Message), finding => finding.Message));
        var told = findings.Find(finding => finding.Code == DataReview.OverFiltered);
        findings.RemoveAll(finding => finding.Code == DataReview.OverFiltered && !ReferenceEquals(finding, told)); // of much the same data: once is enough
        var comparison = ModelComparison.Of(compared, Data.Name, findings.Select(finding => finding.Message), Resampling, cancellationToken);
        ComparisonTables.Write(terminal, comparison);
        Files.Write(terminal, comparison, new ComparisonJson(comparison, Models, Data, findings));
        terminal.Out.WriteLine($"wrote {Files.PagePath} and its tables and pictures");
    }

    private ComparedModel Measure(string name, TrainedModel trained, SessionSet test, EvaluationOptions options, bool alike, CancellationToken cancellationToken)
    {
        var model = trained.Model;
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var evaluation = EvaluateCommand.Measure(Data, () => Evaluator.EvaluateInDetail(model, test, options, Enum.GetValues<SliceBy>(), cancellationToken));
        var both = Unknown == UnknownChoice.Both && alike && test.UnknownEventCount > 0;
        var compared = new ComparedModel
        {
            Name = name,
            Algorithm = model.Algorithm,
            Evaluation = evaluation,
            UnderMiss = both ? Evaluator.Evaluate(model, test, options with { Unknown = UnknownItems.Miss }, cancellationToken) : null,
            Latency = MeasuresLatency ? EvaluateCommand.Measure(Data, () => ScoringLatency.Measure(model, test, time, cancellationToken: cancellationToken)) : null,
            Training = TrainingCurve.Of(trained),
        };
        terminal.Out.WriteLine($"{name} ({model.Algorithm}): measured on {evaluation.Result.Cases:N0} cases in {time.GetElapsedTime(started).TotalSeconds:F1} s");
        return compared;
    }

    private IEnumerable<Finding> ReviewTraining(CancellationToken cancellationToken)
    {
        if (Train is null)
            return [];
        var train = ReviewedEvents.Read(Train, Columns, null, cancellationToken);
        var test = ReviewedEvents.Read(Data, Columns, train.Sessions.Catalog, cancellationToken);
        return [.. DataReview.OfTrainingFile(train), .. DataReview.OfSplit(train, test)];
    }

    /// <summary>What holds for all models is said once, what does not with the models' names.</summary>
    private static IEnumerable<Finding> Merged(IEnumerable<(string Name, Finding Finding)> perModel, int models)
    {
        foreach (var same in perModel.GroupBy(pair => pair.Finding.Message))
        {
            var finding = same.First().Finding;
            yield return same.Count() == models ? finding : finding with { Message = $"{string.Join(", ", same.Select(pair => pair.Name))}: {finding.Message}" };
        }
    }

    /// <summary>Names of files without their ending, or as they were given where two would be alike.</summary>
    private static string[] NamesOf(IReadOnlyList<FileInfo> files)
    {
        string[] names = [.. files.Select(file => Path.GetFileNameWithoutExtension(file.Name))];
        return names.Distinct().Count() == names.Length ? names : [.. files.Select(file => file.ToString())];
    }

    private static bool KnowTheSame(ItemCatalog first, ItemCatalog second)
    {
        if (first.Count != second.Count)
            return false;
        for (var item = 0; item < first.Count; item++)
        {
            if (second.IndexOf(first.KeyOf(item)) < 0)
                return false;
        }

        return true;
    }
}
