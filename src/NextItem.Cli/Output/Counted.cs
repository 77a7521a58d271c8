namespace NextItem.Cli.Output;

/// <summary>Numbers with their noun.</summary>
internal static class Counted
{
    /// <summary>"1 epoch", "2,657 items".</summary>
    public static string Of(long count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";
}
