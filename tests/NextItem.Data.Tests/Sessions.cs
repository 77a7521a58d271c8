namespace NextItem.Data.Tests;

/// <summary>Sessions as one line of text: "s1: a b @1..2; s2: c @3..3".</summary>
internal static class Sessions
{
    public static string Text(SessionSet set) => string.Join("; ", Enumerable.Range(0, set.Count).Select(s =>
        $"{set.KeyOf(s)}: {string.Join(" ", set.ItemsOf(s).ToArray().Select(item => item < 0 ? "?" : set.Catalog.KeyOf(item)))}"
        + $" @{set.StartTimeOf(s)}..{set.EndTimeOf(s)}"));
}
