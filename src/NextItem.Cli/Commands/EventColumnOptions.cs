using System.CommandLine;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>The options that name the columns of an event file.</summary>
internal sealed class EventColumnOptions
{
    private readonly Option<string> _session = new("--session-column") { HelpName = "name", Description = "Column of the session id", DefaultValueFactory = _ => new EventColumns().Session };
    private readonly Option<string> _item = new("--item-column") { HelpName = "name", Description = "Column of the item id", DefaultValueFactory = _ => new EventColumns().Item };
    private readonly Option<string> _time = new("--time-column") { HelpName = "name", Description = "Column of the time: a number or an ISO 8601 date", DefaultValueFactory = _ => new EventColumns().Time };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_session);
        command.Add(_item);
        command.Add(_time);
    }

    /// <summary>The columns as given.</summary>
    public EventColumns Of(ParseResult parse) => new()
    {
        Session = parse.GetValue(_session)!,
        Item = parse.GetValue(_item)!,
        Time = parse.GetValue(_time)!,
    };
}
