using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>Names of the columns of an event file. Names are compared exactly, upper and lower case included.</summary>
public sealed record EventColumns
{
    /// <summary>Column of the session key. Default <c>SessionId</c>.</summary>
    public string Session { get; init; } = "SessionId";

    /// <summary>Column of the item key. Default <c>ItemId</c>.</summary>
    public string Item { get; init; } = "ItemId";

    /// <summary>Column of the event's time. Default <c>Time</c>.</summary>
    public string Time { get; init; } = "Time";

    /// <summary>Checks that every name is there and that no column is used twice.</summary>
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

        if (faults.Count > 0)
            throw new OptionsException(nameof(EventColumns), faults);
    }

    /// <summary>The three columns in the order session, item, time, with the options that rename them.</summary>
    internal WantedColumn[] Wanted() =>
    [
        new(Session, "--session-column", "EventColumns.Session"),
        new(Item, "--item-column", "EventColumns.Item"),
        new(Time, "--time-column", "EventColumns.Time", HoldsTime: true),
    ];
}
