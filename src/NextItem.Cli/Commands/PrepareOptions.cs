using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Preparation;

namespace NextItem.Cli.Commands;

/// <summary>The options of <c>prepare</c> and what they mean; those that are not given are the format's.</summary>
internal sealed class PrepareOptions
{
    private const string OfTheFormat = "[default: the format's]";

    private readonly Option<string[]> _input = new("--input", "-i") { HelpName = "path", Description = "Files, folders, globs (quoted); a DuckDB or SQLite file; postgres://user@host/database; repeatable", Required = true };
    private readonly Option<string> _format = CommonOptions.Word("--format", "Whose log it is", "events", SessionPreparer.Formats);
    private readonly Option<DirectoryInfo?> _out = new("--out", "-o") { HelpName = "folder", Description = "Folder for the files" };
    private readonly Option<string?> _table = new("--table") { HelpName = "name", Description = "Table of a database" };
    private readonly Option<string?> _query = new("--query") { HelpName = "sql", Description = "Query of a database, instead of a table" };
    private readonly Option<string?> _session = Column("--session-column", "session id");
    private readonly Option<string?> _user = Column("--user-column", "user");
    private readonly Option<string?> _item = Column("--item-column", "item");
    private readonly Option<string?> _time = Column("--time-column", "time");
    private readonly Option<string?> _type = Column("--type-column", "event's type");
    private readonly Option<TimeUnit> _unit = CommonOptions.Choice("--time-unit", "What a numeric time counts", TimeUnit.Auto);
    private readonly Option<string?> _timeFormat = new("--time-format") { HelpName = "format", Description = "How dates are written that are not ISO 8601, as strptime says it: '%d.%m.%Y %H:%M'" };
    private readonly Option<string?> _columns = new("--columns") { HelpName = "names", Description = "Names of the columns, separated by commas, of text files without a header" };
    private readonly Option<string?> _separator = new("--separator") { HelpName = "text", Description = "Between the fields of text files; tab for a tab [default: found]" };
    private readonly Option<string?> _types = new("--event-types") { HelpName = "list", Description = $"Types of events to keep, separated by commas, or all {OfTheFormat}" };
    private readonly Option<Truth?> _typesFirst = Choice<Truth>("--types-first", "Whether types are selected before sessions are built; else all events hold sessions together");
    private readonly Option<SessionSource?> _sessions = Choice<SessionSource>("--sessions", "Sessions by id, or by user and pauses");
    private readonly Option<string?> _gap = Text("--gap", "duration|none", "A longer pause than this begins a new session: 30m, 1h, 1d");
    private readonly Option<Truth?> _collapse = Choice<Truth>("--collapse-repeats", "Whether of immediate repeats of an item the first stays alone");
    private readonly Option<int?> _maxLength = Number("--max-session-length", "The most events of a session; 0: any number");
    private readonly Option<LongSessions?> _long = Choice<LongSessions>("--long-sessions", "What happens with longer ones");
    private readonly Option<int?> _support = Number("--min-item-support", "Items with fewer events are dropped");
    private readonly Option<int?> _length = Number("--min-session-length", "Sessions with fewer events are dropped");
    private readonly Option<FilterRounds?> _filter = Choice<FilterRounds>("--filter", "How often these two are applied");
    private readonly Option<string?> _split = Text("--split", "duration|date", "The test: the last day (1d), the last n days, or from a date on");
    private readonly Option<string?> _end = Text("--split-end", "date|last", "The end of the log, from which --split counts back; last: the last event");
    private readonly Option<SplitBy?> _splitBy = Choice<SplitBy>("--split-by", "What decides where a session is");
    private readonly Option<CrossingSessions?> _crossing = Choice<CrossingSessions>("--crossing", "Sessions that began before the test's time and go on in it, with --split-by start");
    private readonly Option<UnseenItems?> _unseen = Choice<UnseenItems>("--unseen", "Test events of items that training does not have");
    private readonly Option<string?> _fraction = Text("--latest-fraction", "fraction", "Which part of the training sessions stays, the latest: 1/4, 1/64, 0.1");
    private readonly Option<bool> _noValidation = new("--no-validation") { Description = "No train_tr and train_valid" };
    private readonly Option<FileInfo[]> _items = new("--item-features") { HelpName = "file", Description = "File with more columns of items, joined into 'items'; repeatable" };
    private readonly Option<string?> _itemColumns = new("--item-columns") { HelpName = "list", Description = $"Columns of the events that tell of the item, separated by commas; the latest value is joined {OfTheFormat}" };
    private readonly Option<OutputFormat> _write = CommonOptions.Choice("--write", "Format of the files", OutputFormat.Parquet);
    private readonly Option<bool> _strict = new("--strict") { Description = "Fail at the first bad row instead of counting them" };
    private readonly Option<int> _threads = CommonOptions.Threads("all processors; the files do not depend on it");
    private readonly Option<long> _memory = Size("--memory", "How large the process may become: 4GB, 512MB [default: half of what there is]");
    private readonly Option<DirectoryInfo?> _temp = new("--temp") { HelpName = "folder", Description = "Folder for temporary files, a few times as large as the events [default: the folder of --out]" };
    private readonly Option<long> _tempLimit = Size("--temp-limit", "The most that is spilled there when memory is short: 50GB [default: any]");

    /// <summary>Whether the SQL is only printed.</summary>
    public Option<bool> PrintSql { get; } = new("--print-sql") { Description = "Print the SQL of all steps and run nothing" };

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
                 {
                     _input, _format, _out, _table, _query, _session, _user, _item, _time, _type, _unit, _timeFormat, _columns, _separator, _types, _typesFirst, _sessions, _gap, _collapse, _maxLength, _long,
                     _support, _length, _filter, _split, _end, _splitBy, _crossing, _unseen, _fraction, _noValidation, _items, _itemColumns, _write, _strict, _threads, _memory, _temp, _tempLimit, PrintSql,
                 })
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    public PreparationOptions Of(ParseResult parse)
    {
        var format = parse.GetValue(_format)!;
        var folder = parse.GetValue(_out)?.ToString();
        if (folder is null && !parse.GetValue(PrintSql))
            throw new UsageException("Option '--out' is required.");
        return new PreparationOptions
        {
            Inputs = parse.GetValue(_input)!,
            Format = format,
            OutputFolder = folder ?? ".",
            Table = parse.GetValue(_table),
            Query = parse.GetValue(_query),
            Columns = new RawColumns
            {
                Session = parse.GetValue(_session),
                User = parse.GetValue(_user),
                Item = parse.GetValue(_item),
                Time = parse.GetValue(_time),
                EventType = parse.GetValue(_type),
                TimeUnit = parse.GetValue(_unit),
                TimeFormat = parse.GetValue(_timeFormat),
                Names = parse.GetValue(_columns)?.Split(','),
                Separator = parse.GetValue(_separator) is "tab" or "\\t" ? "\t" : parse.GetValue(_separator),
            },
            Steps = Steps(parse, SessionPreparer.StepsOf(format)),
            ItemFiles = [.. (parse.GetValue(_items) ?? []).Select(file => file.ToString())],
            ItemColumns = parse.GetValue(_itemColumns)?.Split(',', StringSplitOptions.RemoveEmptyEntries),
            OutputFormat = parse.GetValue(_write),
            Strict = parse.GetValue(_strict),
            Threads = parse.GetValue(_threads),
            MemoryBytes = parse.GetValue(_memory),
            TemporaryFolder = parse.GetValue(_temp)?.ToString(),
            TemporaryBytes = parse.GetValue(_tempLimit),
        };
    }

    /// <summary>Checks what was asked for, and tells faults by the options' names.</summary>
    /// <exception cref="UsageException">All faults.</exception>
    public void Validate(PreparationOptions asked) => OptionWords.Validate(asked.Validate, NameOf);

    /// <summary>The option that sets a property, or null where its name is no other.</summary>
    private string? NameOf(string property) => property switch
    {
        nameof(PreparationOptions.Inputs) => _input.Name,
        nameof(PreparationOptions.Table) => _table.Name,
        nameof(PreparationOptions.Query) => _query.Name,
        nameof(PreparationOptions.MemoryBytes) => _memory.Name,
        nameof(PreparationOptions.TemporaryBytes) => _tempLimit.Name,
        nameof(RawColumns.Session) => _session.Name,
        nameof(RawColumns.User) => _user.Name,
        nameof(RawColumns.Item) => _item.Name,
        nameof(RawColumns.Time) => _time.Name,
        nameof(RawColumns.EventType) => _type.Name,
        nameof(RawColumns.TimeUnit) => _unit.Name,
        nameof(RawColumns.TimeFormat) => _timeFormat.Name,
        nameof(RawColumns.Names) => _columns.Name,
        nameof(RawColumns.Separator) => _separator.Name,
        nameof(PreparationSteps.EventTypes) => _types.Name,
        nameof(PreparationSteps.Gap) => _gap.Name,
        nameof(PreparationSteps.MaxSessionLength) => _maxLength.Name,
        nameof(PreparationSteps.MinItemSupport) => _support.Name,
        nameof(PreparationSteps.MinSessionLength) => _length.Name,
        nameof(PreparationSteps.TestPeriod) => _split.Name,
        nameof(PreparationSteps.LatestFraction) => _fraction.Name,
        _ => null,
    };

    private PreparationSteps Steps(ParseResult parse, PreparationSteps steps)
    {
        var split = parse.GetValue(_split);
        var end = parse.GetValue(_end);
        return steps with
        {
            EventTypes = parse.GetValue(_types) switch { null => steps.EventTypes, "all" => [], var list => list.Split(',') },
            SelectTypesFirst = Of(parse.GetValue(_typesFirst)) ?? steps.SelectTypesFirst,
            Sessions = parse.GetValue(_sessions) ?? steps.Sessions,
            Gap = parse.GetValue(_gap) switch { null => steps.Gap, "none" => null, var text => PreparationText.Duration("--gap", text) },
            CollapseRepeats = Of(parse.GetValue(_collapse)) ?? steps.CollapseRepeats,
            MaxSessionLength = parse.GetValue(_maxLength) ?? steps.MaxSessionLength,
            LongSessions = parse.GetValue(_long) ?? steps.LongSessions,
            MinItemSupport = parse.GetValue(_support) ?? steps.MinItemSupport,
            MinSessionLength = parse.GetValue(_length) ?? steps.MinSessionLength,
            Filter = parse.GetValue(_filter) ?? steps.Filter,
            TestPeriod = split is not null && PreparationText.IsDuration(split) ? PreparationText.Duration("--split", split) : steps.TestPeriod,
            TestFrom = split is not null && !PreparationText.IsDuration(split) ? PreparationText.Date("--split", split) : steps.TestFrom,
            End = end switch { null => steps.End, "last" => null, _ => PreparationText.Date("--split-end", end) },
            SplitBy = parse.GetValue(_splitBy) ?? steps.SplitBy,
            Crossing = parse.GetValue(_crossing) ?? steps.Crossing,
            UnseenItems = parse.GetValue(_unseen) ?? steps.UnseenItems,
            LatestFraction = parse.GetValue(_fraction) is { } fraction ? PreparationText.Fraction("--latest-fraction", fraction) : steps.LatestFraction,
            Validation = !parse.GetValue(_noValidation) && steps.Validation,
        };
    }

    // An option of type bool takes no other word than these two, and the message would be about a word that belongs to nothing.
    private enum Truth
    {
        True,
        False,
    }

    private static bool? Of(Truth? truth) => truth is null ? null : truth == Truth.True;

    private static Option<string?> Column(string name, string content) => new(name) { HelpName = "name", Description = $"Column of the {content} [default: the format's, or a guess]" };

    private static Option<string?> Text(string name, string help, string description) => new(name) { HelpName = help, Description = $"{description} {OfTheFormat}" };

    private static Option<int?> Number(string name, string description) => CommonOptions.ParsedOrNone(
        new Option<int?>(name) { HelpName = "number", Description = $"{description} {OfTheFormat}" }, text => CommonOptions.Number(text) is { } number and <= int.MaxValue ? (int)number : null, "a whole number of at least 0");

    private static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var choices = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant());
        return CommonOptions.ParsedOrNone(
            new Option<T?>(name) { HelpName = string.Join('|', choices.Keys), Description = $"{description} {OfTheFormat}" },
            text => choices.TryGetValue(text.ToLowerInvariant(), out var value) ? value : null,
            $"one of {string.Join(", ", choices.Keys)}");
    }

    private static Option<long> Size(string name, string description) => CommonOptions.Parsed(
        new Option<long>(name) { HelpName = "size", Description = description }, PreparationText.Bytes, "a size such as 4GB or 512MB");
}
