namespace NextItem.Features;

/// <summary>Features of items as compressed rows: row i is entries [offsets[i], offsets[i + 1]), columns rising, no zeros.</summary>
/// <param name="Width">Number of columns, F.</param>
/// <param name="Offsets">[I + 1].</param>
/// <param name="Columns">Column of each entry.</param>
/// <param name="Values">Value of each entry.</param>
internal sealed record SparseRows(int Width, int[] Offsets, int[] Columns, float[] Values) : FeatureRows(Width)
{
    public override int Count => Offsets.Length - 1;

    public override long NonZeroCount => Columns.Length;

    /// <summary>The most entries that an item has.</summary>
    public int Fullest
    {
        get
        {
            var most = 0;
            for (var item = 0; item < Count; item++)
                most = Math.Max(most, Offsets[item + 1] - Offsets[item]);
            return most;
        }
    }

    /// <summary>The columns of an item's entries.</summary>
    public ReadOnlySpan<int> ColumnsOf(int item) => Columns.AsSpan(Offsets[item]..Offsets[item + 1]);

    /// <summary>The values of an item's entries.</summary>
    public ReadOnlySpan<float> ValuesOf(int item) => Values.AsSpan(Offsets[item]..Offsets[item + 1]);

    public override bool IsEmpty(int item) => Offsets[item] == Offsets[item + 1];

    public override IEnumerable<(int Column, float Value)> Entries(int item)
    {
        for (var entry = Offsets[item]; entry < Offsets[item + 1]; entry++)
            yield return (Columns[entry], Values[entry]);
    }

    public override double SquaredLength(int item)
    {
        double sum = 0;
        foreach (var value in ValuesOf(item))
            sum += (double)value * value;
        return sum;
    }

    public override double Dot(int item, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        var columns = ColumnsOf(item);
        var values = ValuesOf(item);
        for (var entry = 0; entry < columns.Length; entry++)
            sum += values[entry] * vector[columns[entry]];
        return sum;
    }

    public override void AddTo(int item, double scale, Span<double> vector)
    {
        var columns = ColumnsOf(item);
        var values = ValuesOf(item);
        for (var entry = 0; entry < columns.Length; entry++)
            vector[columns[entry]] += scale * values[entry];
    }

    public override void Clear(int item, Span<double> vector)
    {
        foreach (var column in ColumnsOf(item))
            vector[column] = 0;
    }

    public override FeatureRows With(FeatureRows others, ReadOnlySpan<int> items)
    {
        var sparse = (SparseRows)others;
        var (offsets, columns, values) = (new List<int>(Offsets), new List<int>(Columns), new List<float>(Values));
        foreach (var item in items)
        {
            columns.AddRange(sparse.ColumnsOf(item));
            values.AddRange(sparse.ValuesOf(item));
            offsets.Add(columns.Count);
        }

        return new SparseRows(Width, [.. offsets], [.. columns], [.. values]);
    }
}
