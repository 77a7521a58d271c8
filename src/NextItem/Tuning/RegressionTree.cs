namespace NextItem.Tuning;

/// <summary>A tree over the unit cube: boxes, each with the mean of the values that fell into it.</summary>
internal sealed class RegressionTree
{
    private const int LeastInALeaf = 2;

    private readonly List<Leaf> _leaves = [];

    /// <summary>Grows a tree; each split looks at some of the dimensions only, so that trees differ.</summary>
    /// <param name="places">Where the values are, in [0, 1] for each dimension.</param>
    /// <param name="values">One for each place.</param>
    /// <param name="random">Draws the sample of places and the dimensions.</param>
    public RegressionTree(double[][] places, double[] values, SearchRandom random)
    {
        var dimensions = places[0].Length;
        int[] drawn = [.. places.Select(_ => random.Below(places.Length))];
        Grow(drawn, Enumerable.Repeat(0.0, dimensions).ToArray(), Enumerable.Repeat(1.0, dimensions).ToArray());

        void Grow(int[] rows, double[] from, double[] to)
        {
            if (Split(rows) is not { } split)
            {
                _leaves.Add(new Leaf(from, to, rows.Average(row => values[row])));
                return;
            }

            var (dimension, at) = split;
            Grow([.. rows.Where(row => places[row][dimension] < at)], from, With(to, dimension, at));
            Grow([.. rows.Where(row => places[row][dimension] >= at)], With(from, dimension, at), to);
        }

        (int Dimension, double At)? Split(int[] rows)
        {
            (int, double)? best = null;
            var least = SquaresOf(rows) - 1e-12;
            var looked = new HashSet<int>();
            while (looked.Count < Math.Max(1, (int)Math.Ceiling(dimensions * 0.7)))
                looked.Add(random.Below(dimensions));
            foreach (var dimension in looked.Order())
            {
                double[] there = [.. rows.Select(row => places[row][dimension]).Distinct().Order()];
                foreach (var at in there.Skip(1).Zip(there, (next, before) => (next + before) / 2))
                {
                    int[] left = [.. rows.Where(row => places[row][dimension] < at)], right = [.. rows.Where(row => places[row][dimension] >= at)];
                    if (left.Length < LeastInALeaf || right.Length < LeastInALeaf || SquaresOf(left) + SquaresOf(right) is var squares && squares >= least)
                        continue;
                    (least, best) = (squares, (dimension, at));
                }
            }

            return best;
        }

        double SquaresOf(int[] rows)
        {
            var mean = rows.Average(row => values[row]);
            return rows.Sum(row => (values[row] - mean) * (values[row] - mean));
        }
    }

    /// <summary>The mean over the cube.</summary>
    public double Mean => _leaves.Sum(leaf => leaf.Volume * leaf.Value);

    /// <summary>The variance over the cube.</summary>
    public double Variance => _leaves.Sum(leaf => leaf.Volume * (leaf.Value - Mean) * (leaf.Value - Mean));

    /// <summary>The part of the variance that one dimension has alone: that of the mean over all others.</summary>
    public double VarianceOf(int dimension)
    {
        double[] edges = [.. _leaves.Select(leaf => leaf.From[dimension]).Append(1).Distinct().Order()];
        var (mean, variance) = (Mean, 0.0);
        for (var i = 0; i + 1 < edges.Length; i++)
        {
            var middle = (edges[i] + edges[i + 1]) / 2;
            var there = _leaves.Where(leaf => leaf.From[dimension] <= middle && middle < leaf.To[dimension])
                .Sum(leaf => leaf.Value * leaf.Volume / (leaf.To[dimension] - leaf.From[dimension]));
            variance += (edges[i + 1] - edges[i]) * (there - mean) * (there - mean);
        }

        return variance;
    }

    /// <summary>The value at a place.</summary>
    public double At(double[] place) =>
        _leaves.First(leaf => Enumerable.Range(0, place.Length).All(i => leaf.From[i] <= place[i] && (place[i] < leaf.To[i] || leaf.To[i] == 1))).Value;

    private static double[] With(double[] numbers, int place, double number)
    {
        var changed = (double[])numbers.Clone();
        changed[place] = number;
        return changed;
    }

    private sealed record Leaf(double[] From, double[] To, double Value)
    {
        public double Volume { get; } = From.Zip(To, (from, to) => to - from).Aggregate(1.0, (volume, side) => volume * side);
    }
}
