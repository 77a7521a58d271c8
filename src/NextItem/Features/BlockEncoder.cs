using System.Collections.Immutable;

namespace NextItem.Features;

/// <summary>The encoders of a block's columns side by side: the texts first, then the others in the order of the options.</summary>
internal sealed class BlockEncoder
{
    private readonly int[] _starts;

    /// <summary>Puts parts together.</summary>
    /// <exception cref="OptionsException">They have no feature at all, or too many.</exception>
    public BlockEncoder(string name, ImmutableArray<PartEncoder> parts)
    {
        (Name, Parts) = (name, parts);
        _starts = new int[parts.Length + 1];
        var width = 0L;
        for (var part = 0; part < parts.Length; part++)
        {
            width += parts[part].Width;
            _starts[part + 1] = (int)Math.Min(width, int.MaxValue);
        }

        if (width is 0 or > int.MaxValue)
        {
            throw new OptionsException(nameof(FeatureBlockOptions), [width == 0
                ? $"Block '{name}' has no feature: its columns ({string.Join(", ", parts.SelectMany(part => part.Columns))}) have no value, or no term that occurs often enough; expected at least one."
                : $"Block '{name}' has {width:N0} features; expected at most {int.MaxValue:N0}."]);
        }
    }

    public string Name { get; }

    public ImmutableArray<PartEncoder> Parts { get; }

    /// <summary>Number of features, F.</summary>
    public int Width => _starts[^1];

    /// <summary>Whether rows are compressed: with any text or category column; vectors and numbers alone are dense.</summary>
    public bool IsSparse => Parts.Any(part => part.Kind is FeatureKind.Text or FeatureKind.Category);

    /// <summary>Learns from a table.</summary>
    public static BlockEncoder Fit(FeatureTable table, FeatureBlockOptions options)
    {
        var parts = ImmutableArray.CreateBuilder<PartEncoder>();
        ImmutableArray<string> texts = [.. options.Columns.Where(column => column.Kind == FeatureKind.Text).Select(column => column.Name)];
        if (!texts.IsEmpty)
            parts.Add(TextEncoder.Fit(table, texts, options.LongestTerm, options.LeastTermCount));
        foreach (var column in options.Columns.Where(column => column.Kind != FeatureKind.Text))
        {
            parts.Add(column.Kind switch
            {
                FeatureKind.Category => CategoryEncoder.Fit(table, column),
                FeatureKind.Number => NumberEncoder.Fit(table, column.Name),
                _ => VectorEncoder.Fit(table, column.Name, options.NormaliseVectors),
            });
        }

        return new BlockEncoder(options.Name, parts.ToImmutable());
    }

    /// <summary>The features of a table's items, and which of them have any.</summary>
    public (FeatureRows Rows, bool[] Present) Encode(FeatureTable table)
    {
        var count = table.Items.Count;
        RowsBuilder rows = IsSparse ? new SparseRowsBuilder(count, Width) : new DenseRowsBuilder(count, Width);
        var present = new bool[count];
        var sources = Parts.Select(part => part.Open(table)).ToArray();
        for (var item = 0; item < count; item++)
        {
            for (var part = 0; part < sources.Length; part++)
                present[item] |= sources[part].Append(item, _starts[part], rows);
            rows.EndRow();
        }

        return (rows.Build(), present);
    }

    /// <summary>What a feature says, for people.</summary>
    public string NameOf(int feature)
    {
        var part = 0;
        while (feature >= _starts[part + 1])
            part++;
        return Parts[part].NameOf(feature - _starts[part]);
    }
}
