namespace NextItem;

/// <summary>One interaction of a visitor with an item: the row of an event file.</summary>
/// <param name="SessionKey">The outside's id of the visit; any string.</param>
/// <param name="ItemKey">The outside's id of the item; any string.</param>
/// <param name="Time">When it happened; any sortable number, by convention Unix seconds. Equal times keep their input order.</param>
public readonly record struct SessionEvent(string SessionKey, string ItemKey, double Time);
