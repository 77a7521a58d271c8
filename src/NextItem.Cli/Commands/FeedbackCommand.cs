using System.CommandLine;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Server;

namespace NextItem.Cli.Commands;

/// <summary><c>feedback</c>: what visitors did with the lists that servers showed, by variant.</summary>
internal static class FeedbackCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<DirectoryInfo[]>("--input", "-i") { HelpName = "folder", Description = "Folder of 'serve --feedback'; repeatable, one for each server", Required = true };
        var json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "feedback",
            "Tells from the files of 'serve --feedback' how often visitors clicked what was recommended, for each variant, with intervals of 95 %.",
            "feedback --input feedback",
            "feedback --input server1/feedback --input server2/feedback --json feedback.json")
        {
            input, json,
        };
        command.SetAction((parse, _) =>
        {
            Files.RequireWritable("--json", parse.GetValue(json));
            var report = FeedbackReport.Read([.. parse.GetValue(input)!.Select(folder => folder.ToString()).Distinct()]);
            Write(terminal, report);
            Files.WriteJson(parse.GetValue(json), writer => WriteJson(writer, report));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Write(Terminal terminal, FeedbackReport report)
    {
        terminal.WriteTable(
            ["variant", "lists", "sessions", "clicked", "click-through", "95 %", "followed", "hit rate", "95 %"],
            report.Variants.Select(variant => (string[])
            [
                variant.Variant, $"{variant.Lists:N0}", $"{variant.Sessions:N0}",
                $"{variant.ClickThrough?.Count ?? 0:N0}", Share(variant.ClickThrough), Range(variant.ClickThrough?.Interval),
                $"{variant.HitRate?.Cases ?? 0:N0}", Share(variant.HitRate), Range(variant.HitRate?.Interval),
            ]));
        foreach (var variant in report.Variants)
            terminal.Out.WriteLine($"{variant.Variant}: model {string.Join(", ", variant.ModelVersions)}");
        terminal.Out.WriteLine($"{Counted.Of(report.Events, "event")}. click-through: lists of which an event names the list and an item in it. hit rate: lists that had the item that the session viewed next, of the lists followed by a view.");
        foreach (var (name, difference) in Differences(report))
            terminal.Out.WriteLine($"{name}, B less A: {difference.Value:+0.0000;-0.0000;0.0000} [{difference.Low:0.0000}, {difference.High:0.0000}], {(IsBeyondChance(difference) ? "beyond chance" : "within chance")}");
    }

    private static IEnumerable<(string Name, ConfidenceInterval Difference)> Differences(FeedbackReport report)
    {
        if (report.Variants is not [var a, var b])
            yield break;
        if (a.ClickThrough is not null && b.ClickThrough is not null)
            yield return ("click-through", RateEstimate.Difference(a.ClickThrough, b.ClickThrough));
        if (a.HitRate is not null && b.HitRate is not null)
            yield return ("hit rate", RateEstimate.Difference(a.HitRate, b.HitRate));
    }

    private static bool IsBeyondChance(ConfidenceInterval difference) => difference.Low > 0 || difference.High < 0;

    private static string Share(RateEstimate? rate) => rate is null ? "-" : $"{rate.Interval.Value:0.0000}";

    private static string Range(ConfidenceInterval? interval) => interval is { } range ? $"{range.Low:0.0000} to {range.High:0.0000}" : "-";

    private static void WriteJson(Utf8JsonWriter json, FeedbackReport report)
    {
        json.WriteNumber("events", report.Events);
        json.WriteStartArray("variants");
        foreach (var variant in report.Variants)
        {
            json.WriteStartObject();
            json.WriteString("variant", variant.Variant);
            json.WriteStartArray("modelVersions");
            foreach (var version in variant.ModelVersions)
                json.WriteStringValue(version);
            json.WriteEndArray();
            json.WriteNumber("lists", variant.Lists);
            json.WriteNumber("sessions", variant.Sessions);
            WriteRate(json, "clickThrough", variant.ClickThrough);
            WriteRate(json, "hitRate", variant.HitRate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var (name, difference) in Differences(report))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            EvaluationReport.WriteInterval(json, difference);
            json.WriteBoolean("beyondChance", IsBeyondChance(difference));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRate(Utf8JsonWriter json, string name, RateEstimate? rate)
    {
        if (rate is null)
            return;
        json.WriteStartObject(name);
        json.WriteNumber("count", rate.Count);
        json.WriteNumber("cases", rate.Cases);
        json.WriteNumber("effectiveCases", rate.EffectiveCases);
        EvaluationReport.WriteInterval(json, rate.Interval);
        json.WriteEndObject();
    }
}
