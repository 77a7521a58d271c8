using System.Collections.Immutable;

namespace NextItem.Tests.Reference;

/// <summary>The density of a tree-structured Parzen estimator, kernel by kernel and part by part, its integrals by Simpson's rule.</summary>
internal static class ParzenReference
{
    /// <summary>The density at a point; of steps and choices the probability.</summary>
    public static double At(SearchSpace space, IReadOnlyList<ImmutableArray<double>> points, ImmutableArray<double> at)
    {
        var n = points.Count;
        var width = Math.Max(0.2 * Math.Pow(n, -1.0 / (space.Parameters.Length + 4)), 1.0 / Math.Min(100, n + 1));
        double sum = 0;
        for (var kernel = -1; kernel < n; kernel++) // -1: the even one
        {
            double product = 1;
            for (var i = 0; i < at.Length; i++)
            {
                if (double.IsNaN(at[i]))
                    continue;
                var seen = kernel < 0 ? double.NaN : points[kernel][i];
                product *= Part(space.Parameters[i], seen, at[i], width, n);
            }

            sum += product;
        }

        return sum / (n + 1);
    }

    private static double Part(SearchParameter parameter, double seen, double at, double width, int n)
    {
        if (parameter.Kind == SearchKind.Choice)
        {
            double k = parameter.Values.Length;
            return double.IsNaN(seen) ? 1 / k : at == seen ? ((double)n / (n + k)) + (1 / (n + k)) : 1 / (n + k);
        }

        var (from, to) = Cell(parameter, at);
        if (double.IsNaN(seen))
            return to > from ? to - from : 1;
        var (seenFrom, seenTo) = Cell(parameter, seen);
        // A logarithmic whole number's kernel is around the number, not around the middle of its stretch.
        var middle = parameter.IsLogarithmic && parameter.Kind == SearchKind.Whole
            ? (Math.Log(seen) - Math.Log(parameter.Low - 0.5)) / (Math.Log(parameter.High + 0.5) - Math.Log(parameter.Low - 0.5))
            : (seenFrom + seenTo) / 2;
        var whole = Integral(x => Normal((x - middle) / width) / width, 0, 1);
        return to > from
            ? Integral(x => Normal((x - middle) / width) / width, from, to) / whole
            : Normal((from - middle) / width) / width / whole;
    }

    private static (double From, double To) Cell(SearchParameter parameter, double value)
    {
        double Log(double x) => (Math.Log(x) - Math.Log(parameter.Low)) / (Math.Log(parameter.High) - Math.Log(parameter.Low));
        if (parameter.Kind == SearchKind.Whole && parameter.IsLogarithmic)
        {
            double Whole(double x) => (Math.Log(x) - Math.Log(parameter.Low - 0.5)) / (Math.Log(parameter.High + 0.5) - Math.Log(parameter.Low - 0.5));
            return (Whole(value - 0.5), Whole(value + 0.5));
        }

        var step = parameter.Step > 0 ? parameter.Step : parameter.Kind == SearchKind.Whole ? 1 : 0;
        if (step == 0)
        {
            var place = parameter.IsLogarithmic ? Log(value) : (value - parameter.Low) / (parameter.High - parameter.Low);
            return (place, place);
        }

        var count = Math.Round((parameter.High - parameter.Low) / step) + 1;
        var index = (value - parameter.Low) / step;
        return (index / count, (index + 1) / count);
    }

    private static double Normal(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Integral(Func<double, double> of, double from, double to)
    {
        const int Steps = 2000;
        var h = (to - from) / Steps;
        var sum = of(from) + of(to);
        for (var i = 1; i < Steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * of(from + (i * h));
        return sum * h / 3;
    }
}
