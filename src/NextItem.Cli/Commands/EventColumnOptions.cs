using System.CommandLine;
using System.CommandLine.Parsing;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>The options that say which column of an event file is which.</summary>
internal sealed class EventColumnOptions
{
    private const string PyGru4Rec = "pygru4rec";

    private readonly Option<EventsFormat> _format = CommonOptions.Choice(
        "--format",
        $"events: a header row names the columns; {PyGru4Rec}: pyGRU4REC's files, tab-separated text without a header: session, item, time",
        EventsFormat.Events);
    private readonly Option<string> _session = new("--session-column") { HelpName = "name", Description = "Column of the session id", DefaultValueFactory = _ => new EventColumns().Session };
    private readonly Option<string> _item = new("--item-column") { HelpName = "name", Description = "Column of the item id", DefaultValueFactory = _ => new EventColumns().Item };
    private readonly Option<string> _time = new("--time-column") { HelpName = "name", Description = "Column of the time: a number or an ISO 8601 date", DefaultValueFactory = _ => new EventColumns().Time };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="files">Its options for event files, which the columns are of.</param>
    public void AddTo(Command command, params Option[] files)
    {
        _format.Validators.Add(format => RequireNoNames(format, files));
        command.Add(_format);
        command.Add(_session);
        command.Add(_item);
        command.Add(_time);
    }

    /// <summary>The columns as given.</summary>
    /// <exception cref="UsageException">One has no name, or two have the same.</exception>
    public EventColumns Of(ParseResult parse)
    {
        var columns = new EventColumns
        {
            Session = parse.GetValue(_session)!,
            Item = parse.GetValue(_item)!,
            Time = parse.GetValue(_time)!,
            Format = parse.ValueOr(_format, EventsFormat.Events),
        };
        (Option<string> Option, string Name)[] named = [(_session, columns.Session), (_item, columns.Item), (_time, columns.Time)];
        List<string> faults = [.. named.Where(column => column.Name.Length == 0).Select(column => $"{column.Option.Name} is empty; expected the name of a column.")];
        foreach (var same in named.Where(column => column.Name.Length > 0).GroupBy(column => column.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add($"{string.Join(" and ", same.Select(column => column.Option.Name))} are both '{same.Key}'; expected different columns.");
        return faults is [] ? columns : throw new UsageException(faults);
    }

    /// <summary>The options that say so, for a command that is proposed: each with a space before it, none for the defaults.</summary>
    public static string TextOf(EventColumns columns)
    {
        if (columns.Format == EventsFormat.PyGru4Rec)
            return $" --format {PyGru4Rec}";
        var standard = new EventColumns();
        (string Option, string Name, string Standard)[] named =
            [("--session-column", columns.Session, standard.Session), ("--item-column", columns.Item, standard.Item), ("--time-column", columns.Time, standard.Time)];
        return string.Concat(named.Where(column => column.Name != column.Standard).Select(column => $" {column.Option} {ShellText.Quoted(column.Name)}"));
    }

    /// <summary>Refuses what names columns where there are no names.</summary>
    private void RequireNoNames(OptionResult format, Option[] files)
    {
        if (format.Tokens is not [{ Value: var value }] || !value.Equals(PyGru4Rec, StringComparison.OrdinalIgnoreCase))
            return;
        var named = new[] { _session, _item, _time }.Where(column => format.GetResult(column) is { Implicit: false }).Select(column => column.Name).ToArray();
        if (named.Length > 0)
            format.AddError($"--format {PyGru4Rec} has no column names; leave out {string.Join(", ", named)}, or --format.");
        foreach (var file in files)
        {
            if (format.GetResult(file)?.Tokens is [var path] && path.Value.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
                format.AddError($"{file.Name} is '{path.Value}'; --format {PyGru4Rec} expects tab-separated text, plain or gzipped.");
        }
    }
}
