namespace NextItem.Features;

/// <summary>
/// Numbers, standardised: (x − mean) / deviation over the items that have one. An item without a number gets 0, the mean; so
/// does every item where all numbers are equal, for then there is nothing to learn from them.
/// </summary>
/// <param name="column">The column.</param>
/// <param name="mean">Mean of the numbers that fitting saw.</param>
/// <param name="deviation">Their standard deviation: the root of the mean squared distance from the mean; 0 where all are equal.</param>
internal sealed class NumberEncoder(string column, double mean, double deviation) : PartEncoder(FeatureKind.Number, [column])
{
    public double Mean => mean;

    public double Deviation => deviation;

    public override int Width => 1;

    /// <summary>Learns mean and standard deviation of a column of a table.</summary>
    public static NumberEncoder Fit(FeatureTable table, string column)
    {
        var numbers = table.Require(column, FeatureKind.Number);
        var (count, largest, least, most) = (0, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        for (var item = 0; item < table.Items.Count; item++)
        {
            var number = numbers.NumberOf(item);
            if (double.IsNaN(number))
                continue;
            count++;
            (least, most, largest) = (Math.Min(least, number), Math.Max(most, number), Math.Max(largest, Math.Abs(number)));
        }

        // Of equal numbers the mean may be off by a rounding, which is no deviation.
        if (least >= most)
            return new NumberEncoder(column, count == 0 ? 0 : least, 0);

        // In parts of the largest: squares of numbers beyond 1e154 would be infinite, and those below 1e-162 zero.
        double mean = 0, squares = 0;
        foreach (var part in Present())
            mean += part / count;
        foreach (var part in Present())
            squares += (part - mean) * (part - mean) / count;
        return new NumberEncoder(column, mean * largest, Math.Sqrt(squares) * largest);

        IEnumerable<double> Present()
        {
            for (var item = 0; item < table.Items.Count; item++)
            {
                if (numbers.NumberOf(item) is var number && !double.IsNaN(number))
                    yield return number / largest;
            }
        }
    }

    public override string NameOf(int feature) => Columns[0];

    public override string Describe() =>
        deviation == 0 ? "all equal, so it says nothing" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"mean {mean:G6}, deviation {deviation:G6}");

    public override PartSource Open(FeatureTable table) => new Source(this, table.Require(Columns[0], FeatureKind.Number));

    private float Standardise(double number)
    {
        if (deviation == 0)
            return 0;
        var value = (float)(((number / 2) - (mean / 2)) / (deviation / 2)); // halves, whose difference is finite
        return float.IsFinite(value) ? value : throw new ArgumentException($"'{Columns[0]}' is {number}; expected a number nearer to those of training, whose mean is {mean} and whose standard deviation is {deviation}.");
    }

    private sealed class Source(NumberEncoder encoder, FeatureColumn numbers) : PartSource
    {
        public override bool Append(int item, int start, RowsBuilder rows)
        {
            var number = numbers.NumberOf(item);
            if (double.IsNaN(number))
                return false;
            rows.Add(start, encoder.Standardise(number));
            return true;
        }
    }
}
