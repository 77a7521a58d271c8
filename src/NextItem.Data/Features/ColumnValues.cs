using System.Runtime.InteropServices;

namespace NextItem.Data.Features;

/// <summary>The values of a column while they are read, by item index. Items are added as they come.</summary>
internal abstract class ColumnValues(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether the values can be used as a kind.</summary>
    public abstract bool IsFor(FeatureKind kind);

    /// <summary>The column for so many items.</summary>
    public abstract FeatureColumn Build(int items);

    /// <summary>Makes a list at least so long.</summary>
    protected static void Lengthen<T>(List<T> values, int count, T missing)
    {
        var before = values.Count;
        if (before >= count)
            return;
        CollectionsMarshal.SetCount(values, count);
        CollectionsMarshal.AsSpan(values)[before..].Fill(missing);
    }
}

/// <summary>Texts and categories.</summary>
internal sealed class TextValues(string name) : ColumnValues(name)
{
    private const int MostPooled = 10_000;

    // Categories repeat: one string for each, as long as there are few.
    private readonly HashSet<string> _pool = new(StringComparer.Ordinal);

    public List<string?> Values { get; } = [];

    public override bool IsFor(FeatureKind kind) => kind is FeatureKind.Text or FeatureKind.Category;

    public void Set(int item, ReadOnlySpan<char> text)
    {
        Lengthen(Values, item + 1, null);
        Values[item] = text.IsWhiteSpace() ? null : Pooled(text);
    }

    public override FeatureColumn Build(int items)
    {
        Lengthen(Values, items, null);
        return FeatureColumn.Texts(Name, [.. Values]);
    }

    private string Pooled(ReadOnlySpan<char> text)
    {
        var lookup = _pool.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known))
            return known;
        var value = text.ToString();
        if (_pool.Count < MostPooled)
            _pool.Add(value);
        return value;
    }
}

/// <summary>Numbers.</summary>
internal sealed class NumberValues(string name) : ColumnValues(name)
{
    private readonly List<double> _values = [];

    public override bool IsFor(FeatureKind kind) => kind == FeatureKind.Number;

    public void Set(int item, double number)
    {
        Lengthen(_values, item + 1, double.NaN);
        _values[item] = number;
    }

    public override FeatureColumn Build(int items)
    {
        Lengthen(_values, items, double.NaN);
        return FeatureColumn.Numbers(Name, [.. _values]);
    }
}

/// <summary>Vectors, one after the other.</summary>
internal sealed class VectorValues(string name) : ColumnValues(name)
{
    private float[] _values = [];
    private bool[] _present = [];

    /// <summary>Length of the vectors; 0 before the first.</summary>
    public int Length { get; private set; }

    /// <summary>The row that the length was found in.</summary>
    public long LengthRow { get; private set; }

    public override bool IsFor(FeatureKind kind) => kind == FeatureKind.Vector;

    /// <summary>The place of an item's vector.</summary>
    /// <param name="item">The item.</param>
    /// <param name="length">Length of the vector, that of all before.</param>
    /// <param name="row">Its row.</param>
    /// <param name="items">Number of items so far, which there will be a place for.</param>
    public Span<float> Add(int item, int length, long row, int items)
    {
        if (Length == 0)
            (Length, LengthRow) = (length, row);
        if (_present.Length <= item)
            Resize(Math.Max(items, Math.Min(item + 1L + (item / 2), Math.Max(item + 1L, Array.MaxLength / length))));
        _present[item] = true;
        return _values.AsSpan(item * length, length);
    }

    /// <summary>The column; without any vector it is of length 1.</summary>
    public override FeatureColumn Build(int items)
    {
        Length = Math.Max(1, Length);
        Resize(items);
        return FeatureColumn.Vectors(Name, Length, ImmutableCollectionsMarshal.AsImmutableArray(_values), ImmutableCollectionsMarshal.AsImmutableArray(_present));
    }

    private void Resize(long items)
    {
        if (items * Length > Array.MaxLength)
            throw new OptionsException(nameof(FeatureSource), [$"{items:N0} items with vectors of length {Length:N0} are more than {Array.MaxLength:N0} numbers; use shorter vectors or fewer items."]);
        Array.Resize(ref _present, (int)items);
        Array.Resize(ref _values, (int)(items * Length));
    }
}
