namespace NextItem.Sessions;

/// <summary>
/// The time from one event of a session to the next, as far as a network hears of it: its power of two. One byte an event is what that takes;
/// kept times would take eight.
/// </summary>
internal static class TimeGap
{
    /// <summary>Class of an event that is the first of its session, or whose time is not known.</summary>
    public const byte None = 0;

    /// <summary>The highest class: more are told apart by no option.</summary>
    public const byte Highest = 63;

    /// <summary>1 + floor(log2(seconds)); gaps below a second count as one of a second.</summary>
    public static byte Of(double seconds) =>
        double.IsNaN(seconds) ? None : (byte)(1 + Math.Min(Math.ILogB(Math.Max(1, seconds)), Highest - 1));

    /// <summary>
    /// The classes as lanes take them, which pass over unknown items: an event's time is counted from the last known event before it. A sum of
    /// gaps is taken for the largest of them, whose class it has or one slightly above; known are only the classes.
    /// </summary>
    /// <param name="items">A session's items.</param>
    /// <param name="gaps">Their classes, each from the event before.</param>
    public static byte[] OfKnown(ReadOnlySpan<int> items, ReadOnlySpan<byte> gaps)
    {
        var known = new byte[items.Length];
        var (largest, isFirst) = (None, true);
        for (var i = 0; i < items.Length; i++)
        {
            largest = Math.Max(largest, gaps[i]);
            if (items[i] < 0)
                continue;
            known[i] = isFirst ? None : largest;
            (largest, isFirst) = (None, false);
        }

        return known;
    }
}
