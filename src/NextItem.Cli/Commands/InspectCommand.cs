using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Commands;

/// <summary><c>inspect</c>: what is in a model file, in a checkpoint or in a data file.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<FileInfo?>("--model", "-m") { HelpName = "file", Description = "A model file, or the checkpoint of a run" };
        var data = new Option<FileInfo?>("--data", "-d") { HelpName = "file", Description = "An event file" };
        var test = new Option<FileInfo?>("--test") { HelpName = "file", Description = "With --data, the training events: the test events, to be checked against them" };
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "inspect",
            "Tells what is in a model file, a checkpoint or an event file, with the warnings of an honest reviewer.",
            "inspect --model shop.nextitem",
            "inspect --data train.tsv",
            "inspect --data train.tsv --test test.tsv --json review.json")
        {
            model, data, test, json,
        };
        columns.AddTo(command, data, test);

        command.SetAction((parse, cancellationToken) =>
        {
            var (modelFile, dataFile) = (parse.GetValue(model), parse.GetValue(data));
            if (modelFile is null == dataFile is null)
                throw new UsageException(modelFile is null ? "inspect needs --model or --data." : "inspect takes either --model or --data, not both.");
            var testFile = parse.GetValue(test);
            if (testFile is not null && dataFile is null)
                throw new UsageException("--test is checked against training events; expected --data with it.");
            Files.RequireEvents(dataFile, testFile);
            Files.RequireWritable("--json", parse.GetValue(json), modelFile, dataFile, testFile);
            var facts = modelFile is not null
                ? (Files.IsCheckpoint(modelFile) ? OfCheckpoint(modelFile) : OfModel(modelFile))
                : OfData(dataFile!, testFile, file => ReviewedEvents.Read(file, columns.Of(parse), null, cancellationToken), (file, catalog) => ReviewedEvents.Read(file, columns.Of(parse), catalog, cancellationToken));
            var width = Math.Max(20, facts.Lines.Max(fact => fact.Name.Length));
            foreach (var fact in facts.Lines)
                terminal.Out.WriteLine($"{fact.Name.PadRight(width)} {fact.Shown}".TrimEnd());
            foreach (var warning in facts.Warnings)
                terminal.Out.WriteLine($"warning: {warning.Message}");
            Files.WriteJson(parse.GetValue(json), writer => WriteJson(writer, facts));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>A fact as a person reads it, and its number or text in JSON; no JSON name where another fact has it already.</summary>
    private sealed record Fact(string Name, string Shown, string? JsonName, object? JsonValue);

    private sealed record Facts(IReadOnlyList<Fact> Lines, IReadOnlyList<Finding> Warnings);

    private static Facts OfModel(FileInfo file)
    {
        var trained = Files.LoadModel(file);
        var (model, provenance) = trained;
        var lines = new List<Fact>
        {
            new("file", $"{file} ({Sizes.Bytes(file.Length)}), format version {ModelFile.FormatVersionOf(trained)}", "file", file.ToString()),
            new("algorithm", model.Algorithm, "algorithm", model.Algorithm),
            new("items", $"{model.Catalog.Count:N0}", "items", model.Catalog.Count),
        };
        switch (model)
        {
            case Gru4RecModel gru4Rec:
                lines.Add(new("parameters", $"{gru4Rec.ParameterCount:N0}", "parameters", gru4Rec.ParameterCount));
                AddOptions(lines, HyperparameterNames.Describe(gru4Rec.Options));
                break;
            case PrnnModel prnn:
                lines.Add(new("parameters", $"{prnn.ParameterCount:N0}", "parameters", prnn.ParameterCount));
                AddFeatures(lines, prnn.Features);
                AddOptions(lines, PrnnNames.Describe(prnn.Options));
                break;
            case MarkovModel markov:
                lines.Add(new("transitions", $"{markov.TransitionCount:N0}", "transitions", markov.TransitionCount));
                break;
            case ItemKnnModel itemKnn:
                lines.Add(new("similarities", $"{itemKnn.SimilarityCount:N0}", "similarities", itemKnn.SimilarityCount));
                break;
            case RulesModel rules:
                lines.Add(new("rules", $"{rules.RuleCount:N0}", "rules", rules.RuleCount));
                break;
            case SessionPopularityModel sessionPopularity:
                lines.Add(new("listed items", $"{sessionPopularity.ListedItemCount:N0}", "listedItems", sessionPopularity.ListedItemCount));
                break;
            case RecentPopularityModel recentPopularity:
                lines.Add(new("listed items", $"{recentPopularity.ListedItemCount:N0}", "listedItems", recentPopularity.ListedItemCount));
                break;
            case BprMfModel bprMf:
                lines.Add(new("parameters", $"{bprMf.ParameterCount:N0}", "parameters", bprMf.ParameterCount));
                break;
            case FusionModel fusion:
                AddFusion(lines, fusion);
                break;
            case VSknnModel vSknn:
                lines.Add(new("indexed sessions", $"{vSknn.SessionCount:N0}", "indexedSessions", vSknn.SessionCount));
                break;
            case VmisKnnModel vmisKnn:
                lines.Add(new("indexed sessions", $"{vmisKnn.SessionCount:N0}", "indexedSessions", vmisKnn.SessionCount));
                break;
            case PopularityModel popularity:
                lines.Add(new("listed items", $"{popularity.ListedItemCount:N0}", "listedItems", popularity.ListedItemCount));
                break;
        }

        AddOptions(lines, Baselines.Find(model.Algorithm)?.Describe(model) ?? []);
        var isImported = provenance.DataFingerprint.Length == 0; // import: only the network's own options are known, and the JSON leaves out what is not
        lines.Add(isImported && provenance.Events == 0
            ? Unknown("trained on")
            : new("trained on", $"{Counted.Of(provenance.Events, "event")}{(isImported ? "" : $", {Counted.Of(provenance.Sessions, "session")}")}", "events", provenance.Events));
        lines.Add(isImported && provenance.TrainedUntil == 0 ? Unknown("trained until") : new("trained until", Sizes.Time(provenance.TrainedUntil), "trainedUntil", provenance.TrainedUntil));
        lines.Add(isImported ? Unknown("data fingerprint") : new("data fingerprint", provenance.DataFingerprint, "dataFingerprint", provenance.DataFingerprint));
        if (!provenance.Teachers.IsDefaultOrEmpty)
        {
            lines.Add(new("teachers", $"{provenance.Teachers.Length}, by fingerprint:", "teachers", provenance.Teachers));
            lines.AddRange(provenance.Teachers.Select(teacher => new Fact("", teacher, null, null)));
        }

        var run = isImported ? ", from another program's weights: options of training are defaults" : model is Gru4RecModel or PrnnModel ? $", seed {provenance.Seed}, {Counted.Of(provenance.Threads, "thread")}, vectors of {provenance.VectorWidth} floats" : ""; // the others have no chance in them
        lines.Add(new(isImported ? "imported by" : "trained by", $"NextItem {provenance.NextItemVersion}{run}", "nextItemVersion", provenance.NextItemVersion));
        AddEpochs(lines, provenance.EpochLosses, provenance.ValidationMetrics);
        return new Facts(lines, []);
    }

    private static Facts OfCheckpoint(FileInfo file)
    {
        using var checkpoint = Files.LoadCheckpoint(file);
        var finished = checkpoint.Epochs.Length;
        var algorithm = checkpoint.Prnn is null ? TrainingRequest.Gru4Rec : TrainingRequest.Prnn;
        var place = checkpoint.IsWithinEpoch ? $", stopped within epoch {checkpoint.Epoch}" : "";
        var lines = new List<Fact>
        {
            new("file", $"{file} ({Sizes.Bytes(file.Length)}), format version {CheckpointFile.FormatVersionOf(checkpoint)}", "file", file.ToString()),
            new("checkpoint", $"of a training run, no model yet: train --resume --checkpoint {ShellText.Quoted(file)} goes on with it", "isCheckpoint", true),
            new("finished epochs", $"{finished} of {checkpoint.PlannedEpochs}{place}", "finishedEpochs", finished),
            new("algorithm", algorithm, "algorithm", algorithm),
            new("items", $"{checkpoint.ItemCount:N0}", "items", checkpoint.ItemCount),
        };
        lines.Add(new("parameters", $"{checkpoint.ParameterCount:N0}", "parameters", checkpoint.ParameterCount));
        AddOptions(lines, checkpoint.Prnn is { } prnn ? PrnnNames.Describe(prnn) : HyperparameterNames.Describe(checkpoint.Options));
        lines.Add(new("data fingerprint", checkpoint.DataFingerprint, "dataFingerprint", checkpoint.DataFingerprint));
        if (checkpoint.BestEpoch > 0)
            lines.Add(new("best epoch", $"{checkpoint.BestEpoch}, by {HyperparameterNames.MetricOf(checkpoint.Options)}", "bestEpoch", checkpoint.BestEpoch));
        AddEpochs(lines, [.. checkpoint.Epochs.Select(epoch => epoch.Loss)], finished == 0 ? [] : checkpoint.Epochs[^1].Validation?.Metrics ?? []);
        return new Facts(lines, []);
    }

    private static void AddFeatures(List<Fact> lines, ItemFeatures? features)
    {
        if (features is null)
            return;
        lines.Add(new("features", "", "features", features.Blocks.ToDictionary(block => block.Name, block => block.Width)));
        foreach (var block in features.Blocks)
        {
            lines.Add(new($"  {block.Name}", $"{block.Width:N0}, of {Counted.Of(block.ItemCount - block.MissingCount, "item")}; {Counted.Of(block.MissingCount, "item")} without", null, null));
            lines.AddRange(block.Describe().Select(line => new Fact("", line, null, null)));
        }
    }

    private static void AddFusion(List<Fact> lines, FusionModel fusion)
    {
        var weights = fusion.Options.Weights.IsDefaultOrEmpty ? [.. fusion.Models.Select(_ => 1f)] : fusion.Options.Weights;
        var models = string.Join(", ", fusion.Models.Select((model, i) => FormattableString.Invariant($"{model.Algorithm} (weight {weights[i]})")));
        lines.Add(new("models", models, "models", models));
        AddOptions(lines, [("rank_offset", fusion.Options.RankOffset.ToString(CultureInfo.InvariantCulture)), ("depth", fusion.Options.Depth.ToString(CultureInfo.InvariantCulture))]);
    }

    private static Fact Unknown(string name) => new(name, "unknown", null, null);

    private static void AddOptions(List<Fact> lines, IEnumerable<(string Name, string Value)> described)
    {
        var options = described.ToArray();
        if (options is [])
            return;
        lines.Add(new("options", "", "options", options.ToDictionary(option => option.Name, option => option.Value)));
        lines.AddRange(options.Select(option => new Fact($"  {option.Name}", option.Value, null, null)));
    }

    private static void AddEpochs(List<Fact> lines, ImmutableArray<double> losses, ImmutableArray<MetricValue> metrics)
    {
        if (!losses.IsDefaultOrEmpty)
            lines.Add(new("epoch losses", string.Join(' ', losses.Select(loss => $"{loss:F3}")), "lastEpochLoss", losses[^1]));
        foreach (var metric in metrics.IsDefault ? [] : metrics)
            lines.Add(new($"validation {metric.Name}@{metric.Cutoff}", $"{metric.Value:F4}", $"validation {metric.Name}@{metric.Cutoff}", metric.Value));
    }

    private static Facts OfData(FileInfo file, FileInfo? testFile, Func<FileInfo, ReviewedEvents> read, Func<FileInfo, ItemCatalog, ReviewedEvents> readTest)
    {
        var train = read(file);
        var facts = OfTraining(file, train.Sessions);
        Finding[] warnings = [.. DataReview.OfTrainingFile(train)];
        if (testFile is null)
            return new Facts(facts, warnings);

        var test = readTest(testFile, train.Sessions.Catalog);
        return new Facts([.. facts, .. OfTest(testFile, test.Sessions)], [.. warnings, .. DataReview.OfTestFile(test), .. DataReview.OfSplit(train, test)]);
    }

    private static IEnumerable<Fact> OfTest(FileInfo file, SessionSet test)
    {
        var summary = DataSummary.Of(test);
        var (underDrop, underMiss) = Evaluator.CountCases(test);
        return
        [
            new("test file", $"{file} ({Sizes.Bytes(file.Length)})", "testFile", file.ToString()),
            new("  events", $"{test.EventCount:N0}", "testEvents", test.EventCount),
            new("  sessions", $"{test.Count:N0}", "testSessions", test.Count),
            new("  of unknown items", $"{test.UnknownEventCount:N0} events ({(double)test.UnknownEventCount / test.EventCount:P2})", "testUnknownEvents", test.UnknownEventCount),
            new("  cases", $"{underDrop:N0} under drop", "testCasesUnderDrop", underDrop),
            new("", $"{underMiss:N0} under miss", "testCasesUnderMiss", underMiss),
            new("  first time", Sizes.Time(summary.FirstTime), "testFirstTime", summary.FirstTime),
            new("  last time", Sizes.Time(summary.LastTime), "testLastTime", summary.LastTime),
        ];
    }

    private static IReadOnlyList<Fact> OfTraining(FileInfo file, SessionSet data)
    {
        var summary = DataSummary.Of(data);
        return
            [
                new("file", $"{file} ({Sizes.Bytes(file.Length)})", "file", file.ToString()),
                new("events", $"{data.EventCount:N0}", "events", data.EventCount),
                new("sessions", $"{data.Count:N0}", "sessions", data.Count),
                new("  of one event", $"{summary.SingleEventSessions:N0}", "sessionsOfOneEvent", summary.SingleEventSessions),
                new("  mean length", $"{summary.MeanLength:F2}", "meanSessionLength", summary.MeanLength),
                new("  median length", $"{summary.MedianLength}", "medianSessionLength", summary.MedianLength),
                new("  longest", $"{summary.LongestSession:N0}", "longestSession", summary.LongestSession),
                new("items", $"{data.Catalog.Count:N0}", "items", data.Catalog.Count),
                new("  below 5 events", $"{summary.RareItems:N0}", "itemsBelowFiveEvents", summary.RareItems),
                new("predictions", $"{summary.Pairs:N0}", "predictions", summary.Pairs),
                new("repeats", $"{summary.RepeatShare:P1} of the events repeat the event before", "repeatShare", summary.RepeatShare),
                new("most popular", $"'{summary.MostPopularKey}' with {summary.MostPopularShare:P1} of the events", "mostPopularItem", summary.MostPopularKey),
                new("first time", Sizes.Time(summary.FirstTime), "firstTime", summary.FirstTime),
                new("last time", Sizes.Time(summary.LastTime), "lastTime", summary.LastTime),
                new("fingerprint", data.Fingerprint(), "dataFingerprint", data.Fingerprint()),
            ];
    }

    private static void WriteJson(Utf8JsonWriter json, Facts facts)
    {
        json.WriteStartObject("facts");
        foreach (var fact in facts.Lines.Where(fact => fact.JsonName is not null))
        {
            json.WritePropertyName(fact.JsonName!);
            JsonSerializer.Serialize(json, fact.JsonValue);
        }

        json.WriteEndObject();
        json.WriteStartArray("warnings");
        foreach (var warning in facts.Warnings)
            json.WriteStringValue(warning.Message);
        json.WriteEndArray();
        WriteFindings(json, facts.Warnings);
    }
    /// <summary>Writes findings as [{code, message, numbers}].</summary>
    internal static void WriteFindings(Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("message", finding.Message);
            json.WriteStartObject("numbers");
            foreach (var (name, value) in finding.Numbers)
                json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
