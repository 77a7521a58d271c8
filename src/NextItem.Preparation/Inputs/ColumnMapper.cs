using System.Globalization;
using NextItem.Data;
using NextItem.Data.Reading;
using NextItem.Preparation.Contract;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Formats;

namespace NextItem.Preparation.Inputs;

/// <summary>Finds which column is which: by option, by the format, or by a guess, which is told.</summary>
/// <param name="format">Knows names.</param>
/// <param name="columns">What the caller said.</param>
/// <param name="steps">Says whether sessions or users are wanted, and types.</param>
/// <param name="times">Looks at times.</param>
internal sealed class ColumnMapper(RawFormat format, RawColumns columns, PreparationSteps steps, TimeColumns times)
{
    /// <summary>How the input was understood, a sentence each.</summary>
    public List<string> Understood { get; } = [];

    /// <summary>Whether owners are users, whose events pauses divide; known after the first source.</summary>
    public bool? IsByUser { get; private set; }

    /// <summary>The mapping of one source; all sources are of the same owners.</summary>
    public EventMapping Map(Source source)
    {
        var session = IsByUser == true || steps.Sessions == SessionSource.User ? null : Find(source, columns.Session, format.Session, "--session-column", required: steps.Sessions == SessionSource.Id || IsByUser == false);
        var isByUser = session is null;
        var owner = session ?? Find(source, columns.User, format.User, "--user-column", required: false) ?? throw NoOwner(source);
        IsByUser ??= isByUser;
        var item = Find(source, columns.Item, format.Item, "--item-column", required: true)!;
        var type = steps.EventTypes.Count > 0 ? Find(source, columns.EventType, format.EventType, "--type-column", required: true) : null;
        var (time, timeText, timeShown) = TimeOf(source);
        Tell($"{source.Shown}: {(isByUser ? "user" : "session")} '{owner.ShownName}', item '{item.ShownName}', time {timeShown}{(type is null ? "" : $", type '{type.ShownName}'")}.");
        if (type is null && format.Name == FormatNames.Events && Find(source, columns.EventType, format.EventType, "--type-column", required: false) is { } unused)
            Tell($"Column '{unused.ShownName}' may tell types of events; all are kept unless --event-types selects some.");
        return new EventMapping(source, Key(source, owner), Key(source, item), time, type is null ? null : Text(type))
        {
            Shown = [(owner.ShownName, isByUser ? "a user" : "an id"), (item.ShownName, "an id"), (timeText.Name, timeText.Expected), .. type is null ? [] : new[] { (type.ShownName, "a type of event") }],
            Texts = [Text(owner), Text(item), timeText.Sql, .. type is null ? [] : new[] { Text(type) }],
        };
    }

    /// <summary>A column as a key: any text but none, and of a text file in one line.</summary>
    private static string Key(Source source, SourceColumn column) => source.IsText && column.Type == "VARCHAR" ? $"one_line({SqlText.Name(column.Name)})" : Text(column);

    /// <summary>A column's text, NULL where there is none.</summary>
    private static string Text(SourceColumn column)
    {
        var name = SqlText.Name(column.Name);
        return column.Type switch
        {
            "VARCHAR" => $"nullif({name}, '')",
            // Whole numbers that a program kept as floating point, for want of a missing one: 7.0 is 7.
            "DOUBLE" or "FLOAT" => $"CASE WHEN {name} = floor({name}) AND abs({name}) < 1e15 THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) WHEN isfinite({name}) THEN CAST({name} AS VARCHAR) END",
            // Text that a writer of Parquet did not call so.
            "BLOB" => $"nullif(coalesce(TRY(decode({name})), CAST({name} AS VARCHAR)), '')",
            _ => $"nullif(CAST({name} AS VARCHAR), '')",
        };
    }

    private (string Sql, (string Name, string Expected, string Sql) Text, string Shown) TimeOf(Source source)
    {
        if (format.TimeSql is not null && columns.Time is null)
        {
            if (columns.TimeFormat is not null)
                throw new PreparationException($"--time-format is given, but the time of format {format.Name} is {string.Join(" and ", format.Time)}; expected --time-column with it.");
            var text = string.Join(" || ' ' || ", format.Time.Select(name => $"coalesce(CAST({SqlText.Name(Find(source, null, [name], "--time-column", required: true)!.Name)} AS VARCHAR), '')"));
            return (format.TimeSql, (string.Join(" and ", format.Time), "a date and a number", text), string.Join(" and ", format.Time));
        }

        var column = Find(source, columns.Time, format.Time, "--time-column", required: true)!;
        var unit = columns.TimeUnit != TimeUnit.Auto ? columns.TimeUnit : format.TimeUnit;
        var time = times.Of(source, column, unit, columns.TimeFormat, isChosen: columns.Time is not null);
        return (time.Sql, (column.ShownName, time.Expected, $"CAST({SqlText.Name(column.Name)} AS VARCHAR)"), $"'{column.ShownName}' ({time.Shown})");
    }

    private static SourceColumn? Find(Source source, string? wanted, IReadOnlyList<string> names, string option, bool required)
    {
        var available = Usable(source).Select(column => column.Name).ToArray();
        if (wanted is not null)
        {
            var found = source.Columns.FirstOrDefault(column => column.Name == wanted) ?? throw new EventsFileException(
                source.Shown, null, $"there is no column '{wanted}' among {string.Join(", ", available)}", $"the column that {option} names",
                NearestName.Of(wanted, available) is { } near ? $"Did you mean '{near}'?" : null);
            if (!found.IsNested)
                return found;
            string[] inside = [.. available.Where(name => name.StartsWith($"{wanted}.", StringComparison.Ordinal))];
            throw new EventsFileException(
                source.Shown, null, $"the field '{wanted}' holds objects or lists", $"{(inside is [] ? "a field of text or numbers" : $"a field inside of it, such as '{inside[0]}'")} that {option} names");
        }

        foreach (var name in names)
        {
            if (Usable(source).FirstOrDefault(column => column.PlainName == SourceColumn.Plain(name)) is { } column)
                return column;
        }

        return !required ? null : throw new EventsFileException(
            source.Shown, null, $"none of the columns {string.Join(", ", available)} is called {(names.Count == 0 ? "like that" : string.Join(", ", names))}", $"the column that {option} names", WithoutHeader(source));
    }

    private static EventsFileException NoOwner(Source source) => new(
        source.Shown, null, $"none of the columns {string.Join(", ", Usable(source).Select(column => column.Name))} is known to tell sessions or users",
        "a column that --session-column or --user-column names", source.Columns.Count == 1 ? "There is one column only: --separator says what divides them." : WithoutHeader(source));

    private static IEnumerable<SourceColumn> Usable(Source source) => source.Columns.Where(column => !column.IsNested);

    // What to do where the first line is no header.
    private static string? WithoutHeader(Source source) =>
        !source.HasHeader || !source.Columns.Any(column => IsData(column.Name)) ? null
        : $"The first line looks like data and not like a header: --columns names the {source.Columns.Count} columns, for instance --columns session,item,time{(source.Columns.Count > 3 ? ",x" : "")}.";

    private static bool IsData(string name) =>
        double.TryParse(name, CultureInfo.InvariantCulture, out _) || (name.Length >= 8 && char.IsAsciiDigit(name[0]) && DateTimeOffset.TryParse(name, CultureInfo.InvariantCulture, out _));

    private void Tell(string sentence)
    {
        if (!Understood.Contains(sentence))
            Understood.Add(sentence);
    }
}
