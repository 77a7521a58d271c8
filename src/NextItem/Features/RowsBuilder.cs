using System.Diagnostics;

namespace NextItem.Features;

/// <summary>Collects rows, one item after the other.</summary>
internal abstract class RowsBuilder
{
    /// <summary>Adds an entry to the row; columns rise.</summary>
    public abstract void Add(int column, float value);

    /// <summary>Ends the row.</summary>
    public abstract void EndRow();

    /// <summary>The rows, after the last.</summary>
    public abstract FeatureRows Build();
}

/// <summary>Collects compressed rows: memory for the entries alone.</summary>
internal sealed class SparseRowsBuilder(int itemCount, int width) : RowsBuilder
{
    private readonly int[] _offsets = new int[itemCount + 1];
    private int[] _columns = new int[Math.Max(16, itemCount)];
    private float[] _values = new float[Math.Max(16, itemCount)];
    private int _count;
    private int _rows;

    public override void Add(int column, float value)
    {
        Debug.Assert((uint)column < (uint)width && (_count == _offsets[_rows] || _columns[_count - 1] < column));
        if (value == 0)
            return;
        if (_count == _columns.Length)
        {
            if (_count == Array.MaxLength)
                throw new OptionsException(nameof(FeatureBlockOptions), [$"The items have more than {Array.MaxLength:N0} features that are not zero; use fewer columns or items."]);
            var larger = (int)Math.Min(Array.MaxLength, _count + (_count / 2L) + 16);
            Array.Resize(ref _columns, larger);
            Array.Resize(ref _values, larger);
        }

        _columns[_count] = column;
        _values[_count++] = value;
    }

    public override void EndRow() => _offsets[++_rows] = _count;

    public override FeatureRows Build()
    {
        Debug.Assert(_rows == itemCount);
        Array.Resize(ref _columns, _count);
        Array.Resize(ref _values, _count);
        return new SparseRows(width, _offsets, _columns, _values);
    }
}

/// <summary>Collects a matrix.</summary>
internal sealed class DenseRowsBuilder : RowsBuilder
{
    private readonly int _itemCount;
    private readonly int _width;
    private readonly float[] _values;
    private int _rows;

    public DenseRowsBuilder(int itemCount, int width)
    {
        (_itemCount, _width) = (itemCount, width);
        if ((long)itemCount * width > Array.MaxLength)
            throw new OptionsException(nameof(FeatureBlockOptions), [$"{itemCount:N0} items with {width:N0} dense features are more than {Array.MaxLength:N0} numbers; use shorter vectors or fewer items."]);
        _values = new float[itemCount * width];
    }

    public override void Add(int column, float value)
    {
        Debug.Assert((uint)column < (uint)_width);
        _values[(_rows * _width) + column] = value;
    }

    public override void EndRow() => _rows++;

    public override FeatureRows Build()
    {
        Debug.Assert(_rows == _itemCount);
        return new DenseRows(_width, _itemCount, _values);
    }
}
