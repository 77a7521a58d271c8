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
    /// <returns>How many rows it deleted.</returns>
    public long Run(string name, params ReadOnlySpan<(string Word, string Value)> values)
    {
        var sql = SqlStep.Fill(name, values);
        _script.Append(_script.Length == 0 ? "" : "\n").Append($"-- {name}.sql\n").Append(sql);
        if (database is null)
            return 0;
        Tell(name);
        try
        {
            return database.Execute(sql);
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

    /// <summary>Tells how many rows of a database have come; how many there will be is not known.</summary>
    public void TellRows(long rows) => progress?.Report(new PreparationProgress($"input, {rows:N0} rows", _number, Math.Max(expected, _number), -1));

    /// <summary>A remark in the text.</summary>
    public void Note(string text) => _script.Append($"\n-- {text}\n");

    /// <summary>Runs a step that deletes rows, and counts what is left where it deleted any.</summary>
    /// <param name="name">The step.</param>
    /// <param name="table">The table.</param>
    /// <param name="advice">What to do where nothing is left.</param>
    /// <param name="values">What words of the step stand for.</param>
    /// <returns>How many rows it deleted.</returns>
    public long Delete(string name, string table, string advice, params ReadOnlySpan<(string Word, string Value)> values)
    {
        var deleted = Run(name, values);
        if (deleted > 0)
            Count(name, table, advice);
        else
            CountAgain(name, table);
        return deleted;
    }

    /// <summary>Counts a table; none of its events left is a failure of the step.</summary>
    /// <param name="step">The step that made it.</param>
    /// <param name="table">The table.</param>
    /// <param name="advice">What to do where nothing is left.</param>
    /// <param name="session">The column of the session.</param>
    /// <param name="nothing">What to say instead where nothing is left; null to name the step.</param>
    public void Count(string step, string table, string advice, string session = "session_key", string? nothing = null)
    {
        if (database is null)
            return;
        // The step itself is done; how far the counting is would look as if it began anew.
        database.Progress = null;
        var count = database.Single(
            $"SELECT count(*), count(DISTINCT {session}), count(DISTINCT item_key), min(time) / 1000000, max(time) / 1000000 FROM {table}",
            row => new StepCount(step, table, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), Nullable(row, 3), Nullable(row, 4)));
        Counts.Add(count);
        if (count.Events == 0)
            throw new PreparationException(nothing ?? $"Step {step} left no event in {table}{(Before(table) is { } before ? $", of {before:N0} before it" : "")}. {advice}");
    }

    /// <summary>The same counts as before, after a step that changed none of them.</summary>
    public void CountAgain(string step, string table)
    {
        if (database is not null)
            Counts.Add(Counts.Last(count => count.Table == table) with { Step = step });
    }

    // Of the table itself, or of the one that it was split from.
    private long? Before(string table) => Counts.SkipLast(1).LastOrDefault(count => count.Table == table)?.Events
        ?? Counts.SkipLast(1).LastOrDefault(count => count.Table == (table.StartsWith("train_", StringComparison.Ordinal) && table != "train_full" ? "train_full" : "events"))?.Events;

    private static double? Nullable(IDataRecord row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
