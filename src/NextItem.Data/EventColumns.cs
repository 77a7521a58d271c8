using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>
/// Which column of an event file is which: by name, or by place in a format without a header. Names are compared exactly,
/// upper and lower case included.
/// </summary>
public sealed record EventColumns
{
    /// <summary>Column of the session key. Default <c>SessionId</c>.</summary>
    public string Session { get; init; } = "SessionId";

    /// <summary>Column of the item key. Default <c>ItemId</c>.</summary>
    public string Item { get; init; } = "ItemId";

    /// <summary>Column of the event's time. Default <c>Time</c>.</summary>
    public string Time { get; init; } = "Time";

    /// <summary>
    /// How the file says which column is which. Default: a header row names the columns. A format without a header has no
    /// names, so the other properties keep their defaults with it.
    /// </summary>
    public EventsFormat Format { get; init; } = EventsFormat.Events;

    /// <summary>
    /// Checks that every name is there, that no column is used twice, and that no name is given to a format without names.
    /// </summary>
    /// <exception cref="OptionsException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        (string Property, string? Name)[] names = [(nameof(Session), Session), (nameof(Item), Item), (nameof(Time), Time)];
        foreach (var (property, name) in names)
        {
            if (string.IsNullOrEmpty(name))
                faults.Add($"{property} is empty; expected the name of a column.");
        }

        for (var i = 0; i < names.Length; i++)
        {
            for (var j = i + 1; j < names.Length; j++)
            {
                if (!string.IsNullOrEmpty(names[i].Name) && names[i].Name == names[j].Name)
                    faults.Add($"{names[i].Property} and {names[j].Property} are both '{names[i].Name}'; expected different columns.");
            }
        }

        if (!Enum.IsDefined(Format))
            faults.Add($"Format is {Format}; expected {string.Join(" or ", Enum.GetNames<EventsFormat>())}.");
        else if (Format != EventsFormat.Events && this != new EventColumns { Format = Format })
            faults.Add($"The format is {Format}, whose columns have no names; expected Session, Item and Time to be left as they are.");

        if (faults.Count > 0)
            throw new OptionsException(nameof(EventColumns), faults);
    }

    /// <summary>The three columns in the order session, item, time, with the options that rename them.</summary>
    internal WantedColumn[] Wanted()
    {
        WantedColumn[] named =
        [
            new(Session, "--session-column", "EventColumns.Session"),
            new(Item, "--item-column", "EventColumns.Item"),
            new(Time, "--time-column", "EventColumns.Time", HoldsTime: true),
        ];
        if (Format == EventsFormat.Events)
            return named;
        string[] contents = ["session", "item", "time"];
        return [.. named.Select((column, position) => column with { Name = contents[position], Position = position })];
    }
}
