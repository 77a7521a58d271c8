namespace NextItem.Server.Catalog;

/// <summary>What the shop told about an item.</summary>
/// <param name="Title">For people; null where none was told.</param>
/// <param name="Categories">What it belongs to.</param>
/// <param name="IsAvailable">Whether it may be shown.</param>
internal sealed record ItemFacts(string? Title, IReadOnlyList<string> Categories, bool IsAvailable)
{
    /// <summary>An item that nothing was told of.</summary>
    public static ItemFacts Unknown { get; } = new(null, [], true);
}
