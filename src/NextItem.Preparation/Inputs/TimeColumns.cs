using System.Globalization;
using NextItem.Data;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>Looks at a column's times: numbers of which unit, or dates.</summary>
internal sealed class TimeColumns(Database database)
{
    private const int RowsLookedAt = 1000;

    private static readonly Dictionary<TimeUnit, string> s_microseconds = new()
    {
        [TimeUnit.Seconds] = "1000000",
        [TimeUnit.Milliseconds] = "1000",
        [TimeUnit.Microseconds] = "1",
        [TimeUnit.Nanoseconds] = "0.001",
    };

    /// <summary>How a column is read.</summary>
    /// <param name="Sql">The time in microseconds.</param>
    /// <param name="IsDate">Dates, not numbers.</param>
    /// <param name="Shown">For the report.</param>
    internal readonly record struct TimeColumn(string Sql, bool IsDate, string Shown);

    /// <summary>Decides by type, unit and the first rows.</summary>
    public TimeColumn Of(Source source, SourceColumn column, TimeUnit unit)
    {
        var name = SqlText.Name(column.Name);
        if (column.IsMoment)
            return new($"date_time({name})", true, "dates");
        var texts = database.Query($"SELECT CAST({name} AS VARCHAR) FROM ({source.Query}) WHERE {name} IS NOT NULL LIMIT {RowsLookedAt}", row => row.GetString(0));
        var numbers = texts.Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : (double?)null).OfType<double>().Order().ToArray();
        if (numbers.Length * 2 <= texts.Count && unit == TimeUnit.Auto && texts.Count > 0)
        {
            if (numbers.Length == 0 && !database.Single($"SELECT bool_or(TRY_CAST(text AS TIMESTAMPTZ) IS NOT NULL) FROM (SELECT unnest({SqlText.List(texts)}) AS text)", row => row.GetBoolean(0)))
                throw new EventsFileException(source.Shown, null, $"'{column.Name}' is '{texts[0]}'", "a number or an ISO 8601 date", "Choose the column with --time-column.");
            return new($"date_time({name})", true, "dates");
        }

        var isGuess = unit == TimeUnit.Auto;
        if (isGuess)
            unit = numbers.Length == 0 ? TimeUnit.Seconds : UnitOf(Math.Abs(numbers[numbers.Length / 2]));
        return new($"number_time({name}, {s_microseconds[unit]})", false, $"{unit.ToString().ToLowerInvariant()}{(isGuess ? ", a guess" : "")}");
    }

    // Seconds reach these sizes in the years 5138 and later; milliseconds had them in 1973.
    private static TimeUnit UnitOf(double size) => size switch
    {
        < 1e11 => TimeUnit.Seconds,
        < 1e14 => TimeUnit.Milliseconds,
        < 1e17 => TimeUnit.Microseconds,
        _ => TimeUnit.Nanoseconds,
    };
}
