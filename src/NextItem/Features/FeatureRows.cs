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

    /// <summary>The sum of the squares of an item's entries.</summary>
    public abstract double SquaredLength(int item);

    /// <summary>The product of an item's row with a vector of F.</summary>
    public abstract double Dot(int item, ReadOnlySpan<double> vector);

    /// <summary>Adds an item's row, scaled, to a vector of F.</summary>
    public abstract void AddTo(int item, double scale, Span<double> vector);

    /// <summary>Sets a vector of F to zero where an item has an entry.</summary>
    public abstract void Clear(int item, Span<double> vector);

    /// <summary>These rows, and some of others behind them.</summary>
    /// <param name="others">Rows of the same width and kind.</param>
    /// <param name="items">Which of them, in this order.</param>
    public abstract FeatureRows With(FeatureRows others, ReadOnlySpan<int> items);
}
