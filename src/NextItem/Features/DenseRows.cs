namespace NextItem.Features;

/// <summary>Features of items as a matrix.</summary>
/// <param name="Width">Number of columns, F.</param>
/// <param name="Count">Number of items, I.</param>
/// <param name="Values">[I x F] row-major; zeros for an item without features.</param>
internal sealed record DenseRows(int Width, int Count, float[] Values) : FeatureRows(Width)
{
    public override int Count { get; } = Count;

    public override long NonZeroCount => Values.LongLength - Values.AsSpan().Count(0f);

    /// <summary>The features of an item, [F].</summary>
    public ReadOnlySpan<float> this[int item] => Values.AsSpan(item * Width, Width);

    public override bool IsEmpty(int item) => !this[item].ContainsAnyExcept(0f);

    public override IEnumerable<(int Column, float Value)> Entries(int item)
    {
        for (var column = 0; column < Width; column++)
        {
            if (Values[(item * Width) + column] is var value and not 0)
                yield return (column, value);
        }
    }

    public override double SquaredLength(int item)
    {
        double sum = 0;
        foreach (var value in this[item])
            sum += (double)value * value;
        return sum;
    }

    public override double Dot(int item, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        var row = this[item];
        for (var column = 0; column < row.Length; column++)
            sum += row[column] * vector[column];
        return sum;
    }

    public override void AddTo(int item, double scale, Span<double> vector)
    {
        var row = this[item];
        for (var column = 0; column < row.Length; column++)
            vector[column] += scale * row[column];
    }

    public override void Clear(int item, Span<double> vector) => vector.Clear();

    public override FeatureRows With(FeatureRows others, ReadOnlySpan<int> items)
    {
        var dense = (DenseRows)others;
        var values = new float[checked((Count + items.Length) * Width)];
        Values.CopyTo(values, 0);
        for (var i = 0; i < items.Length; i++)
            dense[items[i]].CopyTo(values.AsSpan((Count + i) * Width));
        return new DenseRows(Width, Count + items.Length, values);
    }
}
