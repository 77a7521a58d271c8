using System.Data;
using System.Text;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Steps;

/// <summary>Runs SQL steps one after the other, keeps their text, counts what they leave, and refuses to go on with nothing.</summary>
/// <param name="database">Where they run; null to write down their text alone.</param>
/// <param name="progress">Is told of them.</param>
/// <param name="expected">How many there will be, about.</param>
internal sealed class StepRunner(Database? database, IProgress<PreparationProgress>? progress, int expected)
{
    private readonly StringBuilder _script = new();
    private int _number;

    /// <summary>What was there after each step.</summary>
    public List<StepCount> Counts { get; } = [];

    /// <summary>The text of all steps.</summary>
    public string Script => _script.ToString();

    /// <summary>Whether steps are run and not only written down.</summary>
    public bool IsRunning => database is not null;

    /// <summary>Runs a step.</summary>
    public void Run(string name, params ReadOnlySpan<(string Word, string Value)> values)
    {
        var sql = SqlStep.Fill(name, values);
        _script.Append(_script.Length == 0 ? "" : "\n").Append($"-- {name}.sql\n").Append(sql);
        if (database is null)
            return;
        Tell(name);
        try
        {
            database.Execute(sql);
        }
        catch (PreparationException e)
        {
            throw new PreparationException($"Step {name}: {e.Message}", e);
        }
    }

    /// <summary>Tells of work beside the steps' SQL.</summary>
    public void Tell(string name)
    {
        _number++;
        var step = new PreparationProgress(name, _number, Math.Max(expected, _number), 0);
        progress?.Report(step);
        database!.Progress = progress is null ? null : fraction => progress.Report(step with { Fraction = fraction });
    }

    /// <summary>A remark in the text.</summary>
    public void Note(string text) => _script.Append($"\n-- {text}\n");

    /// <summary>Counts a table; none of its events left is a failure of the step.</summary>
    /// <param name="step">The step that made it.</param>
    /// <param name="table">The table.</param>
    /// <param name="advice">What to do where nothing is left.</param>
    /// <returns>Number of events; 1 where nothing runs.</returns>
    public long Count(string step, string table, string advice)
    {
        if (database is null)
            return 1;
        var owner = step is "01-read" or "02-drop-bad-rows" || (step == "03-keep-event-types" && !Counts.Exists(count => count.Step.StartsWith("04", StringComparison.Ordinal))) ? "owner_key" : "session_key";
        var count = database.Single(
            $"SELECT count(*), count(DISTINCT {owner}), count(DISTINCT item_key), min(time) / 1000000, max(time) / 1000000 FROM {table}",
            row => new StepCount(step, table, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), Nullable(row, 3), Nullable(row, 4)));
        Counts.Add(count);
        if (count.Events == 0)
            throw new PreparationException($"Step {step} left no event in {table}{(Before(table) is { } before ? $", of {before:N0} before it" : "")}. {advice}");
        return count.Events;
    }

    private long? Before(string table) => Counts.SkipLast(1).LastOrDefault(count => count.Table == table || count.Table == "events")?.Events;

    private static double? Nullable(IDataRecord row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
