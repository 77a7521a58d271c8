namespace NextItem.Preparation;

/// <summary>Which column of a raw log is which; null where the format knows or a guess is wanted. Guesses are told.</summary>
public sealed record RawColumns
{
    /// <summary>Column of the session id.</summary>
    public string? Session { get; init; }

    /// <summary>Column of the user or visitor, for sessions by pauses.</summary>
    public string? User { get; init; }

    /// <summary>Column of the item.</summary>
    public string? Item { get; init; }

    /// <summary>Column of the time.</summary>
    public string? Time { get; init; }

    /// <summary>Column of the event's type (view, purchase, ...).</summary>
    public string? EventType { get; init; }

    /// <summary>What a numeric time counts. Default: guessed from its size.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.Auto;

    /// <summary>
    /// How dates are written that are not ISO 8601, in the letters of <c>strptime</c>: <c>%d.%m.%Y %H:%M</c>. They are UTC where the format
    /// has no <c>%z</c>. Default: numbers or ISO 8601.
    /// </summary>
    public string? TimeFormat { get; init; }

    /// <summary>Names of the columns of text files that have no header row; null where there is one.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The separator of text files; null for tab, comma, semicolon, bar or two colons, whichever the first line has.</summary>
    public string? Separator { get; init; }

    internal void AddFaults(List<string> faults)
    {
        foreach (var (property, name) in new[] { (nameof(Session), Session), (nameof(User), User), (nameof(Item), Item), (nameof(Time), Time), (nameof(EventType), EventType) })
        {
            if (name is "")
                faults.Add($"{property} is empty; expected the name of a column.");
        }

        if (!Enum.IsDefined(TimeUnit))
            faults.Add($"TimeUnit is {TimeUnit}; expected {string.Join(", ", Enum.GetNames<TimeUnit>())}.");
        if (TimeFormat is not null && !TimeFormat.Contains('%'))
            faults.Add($"TimeFormat is '{TimeFormat}'; expected how dates are written, such as %d.%m.%Y %H:%M.");
        if (TimeFormat is not null && TimeUnit != TimeUnit.Auto)
            faults.Add("TimeFormat and TimeUnit are both given; a date has no unit: expected one of them.");
        if (Names is [] || Names?.Any(string.IsNullOrEmpty) == true || Names?.Distinct().Count() != Names?.Count)
            faults.Add("Names has an empty name or the same name twice; expected a name for every column of the files.");
        if (Separator is not null && (Separator.Length is 0 or > 4 || Separator.AsSpan().ContainsAny('"', '\r', '\n')))
            faults.Add($"Separator is '{Separator}'; expected one to four characters, no quote mark and no line break.");
    }
}
