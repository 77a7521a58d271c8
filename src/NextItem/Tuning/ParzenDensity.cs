using System.Collections.Immutable;

namespace NextItem.Tuning;

/// <summary>
/// A density over a space, made of points that were seen: the mean of a kernel around each and of one that is even everywhere. A kernel is
/// the product of its parts: of numbers a normal distribution cut to their range, of choices mostly the point's own value.
/// </summary>
/// <remarks>
/// Bergstra et al., "Algorithms for hyper-parameter optimization", NIPS 2011, with kernels over all hyperparameters together as in Falkner,
/// Klein, Hutter, "BOHB", ICML 2018. Width in a range of length 1: 0.2·n^(−1/(d+4)), at least 1/min(100, n+1). docs/tuning.md has the formulas.
/// </remarks>
internal sealed class ParzenDensity
{
    private const double WidthOfOne = 0.2;

    private readonly SearchSpace _space;
    private readonly IReadOnlyList<ImmutableArray<double>> _points;
    private readonly double _width;
    private readonly (double Middle, double Whole)[][] _normals; // of each point and number: where it is, and how much of the distribution the range holds

    /// <summary>Makes the density of points.</summary>
    public ParzenDensity(SearchSpace space, IReadOnlyList<ImmutableArray<double>> points)
    {
        (_space, _points) = (space, points);
        _width = points.Count == 0
            ? 1
            : Math.Max(WidthOfOne * Math.Pow(_points.Count, -1.0 / (_space.Parameters.Length + 4)), 1.0 / Math.Min(100, _points.Count + 1));
        _normals = [.. points.Select(point => point.Select((value, i) => NormalOf(_space.Parameters[i], value)).ToArray())];
    }

    /// <summary>The logarithm of the density at a point: of what has steps or choices, of the probability.</summary>
    public double LogAt(ImmutableArray<double> point)
    {
        var logs = new double[_points.Count + 1];
        for (var i = 0; i < point.Length; i++)
        {
            if (double.IsNaN(point[i]))
                continue;
            var cell = _space.Parameters[i].CellOf(point[i]);
            for (var kernel = 0; kernel < logs.Length; kernel++)
                logs[kernel] += Math.Log(Part(kernel, i, point[i], cell));
        }

        var greatest = logs.Max();
        return greatest + Math.Log(logs.Sum(log => Math.Exp(log - greatest)) / logs.Length);
    }

    /// <summary>Draws a point.</summary>
    public ImmutableArray<double> Draw(SearchRandom random)
    {
        var kernel = random.Below(_points.Count + 1);
        return _space.Point(i => Draw(kernel, i, random));
    }

    private double Part(int kernel, int place, double value, (double From, double To) cell)
    {
        var parameter = _space.Parameters[place];
        var (from, to) = cell;
        if (IsEven(kernel, place))
            return to > from ? to - from : 1;
        if (!parameter.IsOrdered)
            return (OfOthers(parameter) / parameter.Count) + (value == _points[kernel][place] ? 1 - OfOthers(parameter) : 0);
        var (middle, whole) = _normals[kernel][place];
        return to > from ? Within(from, to, middle) / whole : NormalDistribution.Density((from - middle) / _width) / (_width * whole);
    }

    private double Draw(int kernel, int place, SearchRandom random)
    {
        var parameter = _space.Parameters[place];
        if (IsEven(kernel, place))
            return parameter.At(random.Unit());
        if (!parameter.IsOrdered)
            return random.Unit() < OfOthers(parameter) ? parameter.At(random.Unit()) : _points[kernel][place];
        var middle = _normals[kernel][place].Middle;
        double unit;
        do
            unit = middle + (_width * random.Normal());
        while (unit is < 0 or >= 1);
        return parameter.At(unit);
    }

    /// <summary>Whether a kernel says nothing of a hyperparameter: the even one, or one around a point that did not have it.</summary>
    private bool IsEven(int kernel, int place) => kernel == _points.Count || double.IsNaN(_points[kernel][place]);

    /// <summary>What a kernel leaves to all values of a choice alike: less, the more points there are.</summary>
    private double OfOthers(SearchParameter parameter) => (double)parameter.Count / (_points.Count + parameter.Count);

    private (double Middle, double Whole) NormalOf(SearchParameter parameter, double value)
    {
        if (double.IsNaN(value) || !parameter.IsOrdered)
            return default;
        var middle = parameter.UnitOf(value);
        return (middle, Within(0, 1, middle));
    }

    /// <summary>The share of the distribution between two places; far out, where both are next to 0 or 1, rounding would make it less than none, and its logarithm no number.</summary>
    private double Within(double from, double to, double middle) =>
        Math.Max(0, NormalDistribution.Below((to - middle) / _width) - NormalDistribution.Below((from - middle) / _width));
}
