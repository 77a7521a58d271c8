namespace NextItem.Preparation.Inputs;

/// <summary>How a source's rows become events.</summary>
/// <param name="Source">What is read.</param>
/// <param name="Owner">SQL of the session id or the user.</param>
/// <param name="Item">SQL of the item.</param>
/// <param name="Time">SQL of the time in microseconds.</param>
/// <param name="EventType">SQL of the type, or null where types are not asked for.</param>
internal sealed record EventMapping(Source Source, string Owner, string Item, string Time, string? EventType)
{
    /// <summary>Names of the columns, and what their values must be, for messages: owner, item, time, and the type where it is asked for.</summary>
    public required IReadOnlyList<(string Column, string Expected)> Shown { get; init; }

    /// <summary>The columns' texts, for messages, in the same order.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The events of a query that has the source's columns.</summary>
    public string Events(string query, string more = "") =>
        $"SELECT {Owner} AS owner_key, {Item} AS item_key, {Time} AS time{(EventType is null ? "" : $", {EventType} AS event_type")}{more}\nFROM ({query})";
}
