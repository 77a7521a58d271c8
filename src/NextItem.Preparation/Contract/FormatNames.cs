namespace NextItem.Preparation.Contract;

/// <summary>What <c>--format</c> calls the formats.</summary>
internal static class FormatNames
{
    /// <summary>Any log with a row an event.</summary>
    public const string Events = "events";

    /// <summary>All of them, in the order in which they are told.</summary>
    public static IReadOnlyList<string> All { get; } = [Events, "yoochoose", "diginetica", "retailrocket", "rees46", "coveo", "otto", "movielens", "recbole", "pygru4rec", "amazon"];
}
