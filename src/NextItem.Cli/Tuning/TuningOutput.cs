using System.Globalization;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Reports;

namespace NextItem.Cli.Tuning;

/// <summary>What <c>tune</c> leaves: settings, page, picture, and the numbers as JSON.</summary>
internal sealed class TuningOutput(Terminal terminal, TuningRequest request, TuningFiles files)
{
    public void Write(TuningResult result)
    {
        Files.WriteJson(files.Settings, result.WriteSettings);
        var summary = Summary(result);
        var canDraw = ComparisonFiles.CanDraw(terminal);
        if (canDraw)
        {
            AtomicFile.Write(files.Png.FullName, stream => SearchReport.WritePng(stream, summary));
            AtomicFile.Write(files.Svg.FullName, stream => SearchReport.WriteSvg(stream, summary));
        }

        AtomicFile.Write(files.Page.FullName, stream => SearchReport.WriteHtml(stream, summary));
        Files.WriteJson(request.Json, result.Write);
        terminal.Out.WriteLine($"wrote {files.Settings}, {files.Page}{(canDraw ? $", {files.Png}, {files.Svg}" : "")}; {files.Log} has every trial");
        terminal.Out.WriteLine($"next: {TrainingCommand(result.Tuned.Algorithm)}");
    }

    /// <summary>Trains with what was found: the options that the settings do not say are said here.</summary>
    private string TrainingCommand(string algorithm)
    {
        var named = algorithm == TrainingRequest.Gru4Rec ? "" : $" --algorithm {algorithm}";
        var features = string.Concat(request.Features.Select(feature => $" --features {ShellText.Quoted(feature)}"));
        return $"nextitem train --data {ShellText.Quoted(DataToTrainOn())}{EventColumnOptions.TextOf(request.Columns)} --out model.nextitem{named}{features} --params {ShellText.Quoted(files.Settings)}";
    }

    /// <summary>The file of the search; of the files that <c>prepare</c> wrote the one that has the validation's sessions too.</summary>
    private string DataToTrainOn()
    {
        const string WithoutValidation = "train_tr.";
        if (!request.Data.Name.StartsWith(WithoutValidation, StringComparison.Ordinal))
            return request.Data.ToString();
        var full = Path.Combine(Path.GetDirectoryName(request.Data.ToString()) ?? "", "train_full." + request.Data.Name[WithoutValidation.Length..]);
        return File.Exists(full) ? full : request.Data.ToString();
    }

    private SearchSummary Summary(TuningResult result)
    {
        var best = result.Ranked[0];
        var culture = CultureInfo.InvariantCulture;
        return new SearchSummary(result.Search.Space, [.. result.Search.Trials], result.Search.Rungs)
        {
            Title = $"{result.Tuned.Algorithm} on {request.Data.Name}: a search for {request.Metric}",
            Metric = MetricLabels.At(request.Metric.Name, request.Metric.Cutoff),
            HasEpochs = result.HasEpochs,
            Importance = result.Importance,
            Seconds = [.. result.Search.Trials.Select(trial => result.Ranked.First(record => record.Trial == trial.Number).Seconds)],
            Sentences =
            [
                string.Create(culture, $"Of {Counted.Of(result.Search.Trials.Count, "trial")} the best is trial {best.Trial}: {MetricLabels.At(request.Metric.Name, request.Metric.Cutoff)} {best.Value:F4} on {request.Valid.Name}{(result.HasEpochs ? $", after {Counted.Of(best.BestEpoch, "epoch")}" : "")}, with {best.SettingsText}."),
                .. result.HasEpochs ? [string.Create(culture, $"{result.EpochsTrained:N0} epochs were trained, of the {result.EpochsInAll:N0} that all trials would have had without halving.")] : Array.Empty<string>(),
                "The setting was chosen by these numbers: on sessions that it was not chosen by expect less.",
            ],
            Facts =
            [
                .. result.Files.Select(file => $"{file.Role}: {file.Path}, SHA-256 {file.Sha256}"),
                $"Sampler: tree-structured Parzen estimator after {request.Search.StartTrials} trials spread evenly, rounds of {request.Search.RoundSize}, seed {request.Search.Seed}.",
                .. result.Search.Rungs.Length > 1 ? [$"Compared after {string.Join(", ", result.Search.Rungs)} epochs; of {request.Search.ReductionFactor} trials one goes on."] : Array.Empty<string>(),
                $"Not searched: {(result.Tuned.Common.Count == 0 ? "the defaults" : string.Join(", ", result.Tuned.Common))}{(request.Preset is null ? "" : $", preset {request.Preset}")}.",
            ],
        };
    }
}
