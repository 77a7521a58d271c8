namespace NextItem.Evaluation;

/// <summary>The features of items, all blocks side by side in one vector, scaled to length 1. Nothing is copied. Safe to share between threads.</summary>
internal sealed class FeatureDirections
{
    private readonly ItemFeatures _features;
    private readonly double[] _scales;

    public FeatureDirections(ItemFeatures features)
    {
        _features = features;
        Width = features.Blocks.Sum(block => block.Width);
        _scales = new double[features.Items.Count];
        for (var item = 0; item < _scales.Length; item++)
        {
            var squares = features.Blocks.Sum(block => block.Rows.SquaredLength(item));
            _scales[item] = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        }
    }

    /// <summary>Number of features of all blocks together.</summary>
    public int Width { get; }

    /// <summary>Number of items, I.</summary>
    public int Count => _scales.Length;

    /// <summary>Whether an item has a direction: any feature that is not zero.</summary>
    public bool Has(int item) => _scales[item] > 0;

    /// <summary>The product of an item's direction with a vector.</summary>
    public double Along(int item, ReadOnlySpan<double> vector)
    {
        double product = 0;
        var first = 0;
        foreach (var block in _features.Blocks)
        {
            product += block.Rows.Dot(item, vector.Slice(first, block.Width));
            first += block.Width;
        }

        return product * _scales[item];
    }

    /// <summary>Adds an item's direction to a vector.</summary>
    public void AddTo(int item, Span<double> vector)
    {
        var first = 0;
        foreach (var block in _features.Blocks)
        {
            block.Rows.AddTo(item, _scales[item], vector.Slice(first, block.Width));
            first += block.Width;
        }
    }

    /// <summary>Sets a vector to zero wherever an item has a feature.</summary>
    public void Clear(int item, Span<double> vector)
    {
        var first = 0;
        foreach (var block in _features.Blocks)
        {
            block.Rows.Clear(item, vector.Slice(first, block.Width));
            first += block.Width;
        }
    }
}
