using System.Collections.Immutable;

namespace NextItem.Features;

/// <summary>
/// What was learned about some columns of a block, so that the features of any item, new ones too, become numbers in the same
/// way. Immutable and safe to share between threads.
/// </summary>
/// <param name="kind">What the columns hold.</param>
/// <param name="columns">Their names: all the text columns of a block, or one of another kind.</param>
internal abstract class PartEncoder(FeatureKind kind, ImmutableArray<string> columns)
{
    public FeatureKind Kind { get; } = kind;

    public ImmutableArray<string> Columns { get; } = columns;

    /// <summary>Number of features.</summary>
    public abstract int Width { get; }

    /// <summary>What feature <paramref name="feature"/> says, for people.</summary>
    public abstract string NameOf(int feature);

    /// <summary>Starts to encode the items of a table.</summary>
    /// <exception cref="ArgumentException">The table lacks a column, or it holds something else.</exception>
    public abstract PartSource Open(FeatureTable table);

    /// <summary>What is special about the part, for a report.</summary>
    public abstract string Describe();
}

/// <summary>Encodes the items of one table; not for several threads at a time.</summary>
internal abstract class PartSource
{
    /// <summary>Adds an item's features to the row.</summary>
    /// <param name="item">The item's index in the table.</param>
    /// <param name="start">Column of the part's first feature.</param>
    /// <param name="rows">Gets them.</param>
    /// <returns>Whether the table has anything for the item, known to the encoder or not.</returns>
    public abstract bool Append(int item, int start, RowsBuilder rows);
}
