namespace NextItem.Features;

/// <summary>Features of items as numbers, a row an item.</summary>
/// <param name="Width">Number of columns, F.</param>
internal abstract record FeatureRows(int Width)
{
    /// <summary>Number of items, I.</summary>
    public abstract int Count { get; }

    /// <summary>Number of entries that are not zero.</summary>
    public abstract long NonZeroCount { get; }

    /// <summary>Whether an item has nothing but zeros.</summary>
    public abstract bool IsEmpty(int item);

    /// <summary>The entries of an item that are not zero, columns rising.</summary>
    public abstract IEnumerable<(int Column, float Value)> Entries(int item);
}
