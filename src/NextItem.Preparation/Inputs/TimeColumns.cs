using System.Globalization;
using NextItem.Data;
using NextItem.Data.Reading;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>Looks at a column's times: numbers of which unit, or dates.</summary>
internal sealed class TimeColumns(Database database)
{
    private const int RowsLookedAt = 1000;
    private const string IsoDate = "an ISO 8601 date";

    private static readonly Dictionary<TimeUnit, string> s_microseconds = new()
    {
        [TimeUnit.Seconds] = "1000000",
        [TimeUnit.Milliseconds] = "1000",
        [TimeUnit.Microseconds] = "1",
        [TimeUnit.Nanoseconds] = "0.001",
    };

    /// <summary>How a column is read.</summary>
    /// <param name="Sql">The time in microseconds.</param>
    /// <param name="Expected">What its values must be, for messages.</param>
    /// <param name="Shown">For the report.</param>
    internal readonly record struct TimeColumn(string Sql, string Expected, string Shown);

    /// <summary>Decides by type, unit and the first rows.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="column">Its column of times.</param>
    /// <param name="unit">What numbers count.</param>
    /// <param name="format">How dates are written; null for numbers and ISO 8601.</param>
    /// <param name="isChosen">Whether the caller named the column, and so does not have to be told how to.</param>
    public TimeColumn Of(Source source, SourceColumn column, TimeUnit unit, string? format, bool isChosen)
    {
        var name = SqlText.Name(column.Name);
        if (format is not null)
            return OfFormat(source, column, format);
        var value = column.Type == "VARCHAR" ? ValueOf(source, name) : name;
        if (column.IsMoment)
            return new($"date_time({value})", IsoDate, "dates");
        var texts = database.Query($"SELECT CAST({name} AS VARCHAR) FROM ({source.Query}) WHERE {name} IS NOT NULL LIMIT {RowsLookedAt}", row => row.GetString(0));
        var numbers = texts.Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : (double?)null).OfType<double>().Order().ToArray();
        if (numbers.Length * 2 <= texts.Count && unit == TimeUnit.Auto && texts.Count > 0)
        {
            if (numbers.Length == 0 && !database.Single($"SELECT bool_or(TRY_CAST(text AS TIMESTAMPTZ) IS NOT NULL) FROM (SELECT unnest({SqlText.List(texts.Where(text => !text.Contains('\0')))}) AS text)", row => row.GetBoolean(0)))
                throw new EventsFileException(source.Shown, null, $"'{column.Name}' is '{texts[0]}'", "a number or an ISO 8601 date", Advice(texts[0], isChosen));
            return new($"date_time({value})", IsoDate, "dates");
        }

        var isGuess = unit == TimeUnit.Auto;
        if (isGuess)
            unit = numbers.Length == 0 ? TimeUnit.Seconds : UnitOf(Math.Abs(numbers[numbers.Length / 2]));
        return new($"number_time({value}, {s_microseconds[unit]})", "a number", $"{unit.ToString().ToLowerInvariant()}{(isGuess ? ", a guess" : "")}");
    }

    private TimeColumn OfFormat(Source source, SourceColumn column, string format)
    {
        var (name, literal) = (SqlText.Name(column.Name), SqlText.Literal(format));
        try
        {
            database.Query($"SELECT try_strptime('', {literal})", _ => 0);
        }
        catch (PreparationException e)
        {
            throw new PreparationException($"--time-format is '{format}'; expected letters of strptime, such as %d.%m.%Y %H:%M ({e.Message}).", e);
        }

        var sql = $"date_time(try_strptime({ValueOf(source, $"CAST({name} AS VARCHAR)")}, {literal}))";
        var looked = database.Query($"SELECT CAST({name} AS VARCHAR), {sql} IS NOT NULL FROM ({source.Query}) WHERE {name} IS NOT NULL LIMIT {RowsLookedAt}", row => (Text: row.GetString(0), IsTime: row.GetBoolean(1)));
        if (looked.Count > 0 && !looked.Exists(row => row.IsTime))
            throw new EventsFileException(source.Shown, null, $"'{column.Name}' is '{SqlText.Shown(looked[0].Text)}'", Expected(format));
        return new(sql, Expected(format), $"dates, {format}");
    }

    // The casts would take a number with a line break for the number.
    private static string ValueOf(Source source, string sql) => source.IsText ? $"one_line({sql})" : sql;

    private static string Expected(string format) => $"a date written as {format}";

    // A column of dates is the one that was meant.
    private static string? Advice(string text, bool isChosen) =>
        TimeText.LooksLikeDate(text) ? "Say how dates are written with --time-format, such as --time-format '%d.%m.%Y %H:%M'."
        : isChosen ? null : "Choose the column with --time-column.";

    // Seconds reach these sizes in the years 5138 and later; milliseconds had them in 1973.
    private static TimeUnit UnitOf(double size) => size switch
    {
        < 1e11 => TimeUnit.Seconds,
        < 1e14 => TimeUnit.Milliseconds,
        < 1e17 => TimeUnit.Microseconds,
        _ => TimeUnit.Nanoseconds,
    };
}
