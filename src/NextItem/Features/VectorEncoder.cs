namespace NextItem.Features;

/// <summary>Dense vectors, scaled to length 1 or as they are. An item without one gets zeros.</summary>
/// <param name="column">The column.</param>
/// <param name="length">Length of the vectors, d.</param>
/// <param name="normalise">Whether they are scaled to length 1; a vector of zeros stays one.</param>
internal sealed class VectorEncoder(string column, int length, bool normalise) : PartEncoder(FeatureKind.Vector, [column])
{
    public bool Normalise => normalise;

    public override int Width => length;

    /// <summary>Learns the length of the vectors of a column of a table.</summary>
    public static VectorEncoder Fit(FeatureTable table, string column, bool normalise) =>
        new(column, table.Require(column, FeatureKind.Vector).Length, normalise);

    public override string NameOf(int feature) => $"{Columns[0]}[{feature}]";

    public override string Describe() => $"{Width:N0} dense{(normalise ? ", scaled to length 1" : "")}";

    public override PartSource Open(FeatureTable table)
    {
        var vectors = table.Require(Columns[0], FeatureKind.Vector);
        return vectors.Length == length
            ? new Source(this, vectors)
            : throw new ArgumentException($"The vectors of '{Columns[0]}' have length {vectors.Length}; expected {length}, as in training.", nameof(table));
    }

    private sealed class Source(VectorEncoder encoder, FeatureColumn vectors) : PartSource
    {
        public override bool Append(int item, int start, RowsBuilder rows)
        {
            var vector = vectors.VectorOf(item);
            var factor = encoder.Normalise ? Factor(vector) : 1;
            for (var i = 0; i < vector.Length; i++)
                rows.Add(start + i, (float)(vector[i] * factor));
            return !vector.IsEmpty;
        }

        /// <summary>In double, where the squares of all floats are finite.</summary>
        private static double Factor(ReadOnlySpan<float> vector)
        {
            var squares = 0.0;
            foreach (var value in vector)
                squares += (double)value * value;
            return squares == 0 ? 1 : 1 / Math.Sqrt(squares);
        }
    }
}
