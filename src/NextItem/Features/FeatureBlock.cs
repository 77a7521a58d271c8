using System.Collections.Immutable;
using NextItem.Diagnostics;
using NextItem.Features;

namespace NextItem;

/// <summary>The features of items that one subnet sees, as numbers: a row of F features an item, compressed or dense. Immutable.</summary>
public sealed class FeatureBlock
{
    private readonly bool[] _present;

    internal FeatureBlock(BlockEncoder encoder, FeatureRows rows, bool[] present)
    {
        (Encoder, Rows, _present) = (encoder, rows, present);
        for (var item = 0; item < present.Length; item++)
        {
            MissingCount += present[item] ? 0 : 1;
            EmptyCount += present[item] && rows.IsEmpty(item) ? 1 : 0;
        }
    }

    /// <summary>What the block is called.</summary>
    public string Name => Encoder.Name;

    /// <summary>Number of items, I.</summary>
    public int ItemCount => _present.Length;

    /// <summary>Number of features, F.</summary>
    public int Width => Encoder.Width;

    /// <summary>Whether rows are compressed: memory for what is not zero alone. They are with any text or category column.</summary>
    public bool IsSparse => Encoder.IsSparse;

    /// <summary>Number of features of all items together that are not zero.</summary>
    public long NonZeroCount => Rows.NonZeroCount;

    /// <summary>How many items have no value in any column.</summary>
    public int MissingCount { get; }

    /// <summary>
    /// How many items have a value but only zeros as features: none of their words or categories is known, or their numbers are
    /// the mean.
    /// </summary>
    public int EmptyCount { get; }

    /// <summary>The columns that the block is made of.</summary>
    public ImmutableArray<FeatureColumnOptions> Columns =>
    [
        .. from part in Encoder.Parts
           from column in part.Columns
           select new FeatureColumnOptions(column, part.Kind) { Separator = (part as CategoryEncoder)?.Separator },
    ];

    internal BlockEncoder Encoder { get; }

    internal FeatureRows Rows { get; }

    internal ReadOnlySpan<bool> Present => _present;

    /// <summary>Whether an item has a value in any column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item of that index.</exception>
    public bool HasFeatures(int itemIndex)
    {
        Throw.IfOutside(itemIndex, ItemCount, "item");
        return _present[itemIndex];
    }

    /// <summary>The features of an item that are not zero: their numbers, rising, and values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item of that index.</exception>
    public IEnumerable<(int Feature, float Value)> FeaturesOf(int itemIndex)
    {
        Throw.IfOutside(itemIndex, ItemCount, "item");
        return Rows.Entries(itemIndex);
    }

    /// <summary>What a feature says, for people: a term, <c>genres=Comedy</c>, <c>price</c>, <c>image[3]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature of that number.</exception>
    public string NameOf(int feature)
    {
        Throw.IfOutside(feature, Width, "feature");
        return Encoder.NameOf(feature);
    }

    /// <summary>One line a column, or one for all texts: what it became.</summary>
    public IEnumerable<string> Describe() =>
        Encoder.Parts.Select(part => $"{part.Kind.ToString().ToLowerInvariant()} {string.Join(", ", part.Columns)}: {part.Describe()}");
}
