using System.Collections.Immutable;
using NextItem.Kernels;
using NextItem.Tuning;

namespace NextItem.Tests.Tuning;

/// <summary>Functions with a known best place, to search for it. Greater is better, 0 the greatest.</summary>
internal static class SearchFunctions
{
    /// <summary>The names of all of them.</summary>
    public static readonly string[] Names = ["branin", "sphere-5", "valley-log", "mixed", "steps"];

    public static (SearchSpace Space, Func<ImmutableArray<double>, double> Value) Of(string name) => name switch
    {
        "branin" => (Space(Real("x", -5, 10), Real("y", 0, 15)), p => 0.397887 - Branin(p[0], p[1])),
        "sphere-5" => (Space([.. Enumerable.Range(0, 5).Select(i => Real($"x{i}", -5, 5))]), p => -p.Select((x, i) => (x - (0.7 * i)) * (x - (0.7 * i))).Sum()),
        // A learning rate that depends on the momentum, as real ones do.
        "valley-log" => (Space(Real("rate", 1e-4, 1) with { IsLogarithmic = true }, Real("momentum", 0, 0.95), Real("dropout", 0, 0.8)),
            p => -Square(Math.Log10(p[0] / (1 - p[1])) + 1) - (0.3 * Square(p[1] - 0.4)) - (0.5 * Square(p[2] - 0.15))),
        "mixed" => (Space(
                new SearchParameter("loss", SearchKind.Choice) { Values = ["a", "b", "c", "d"] },
                new SearchParameter("units", SearchKind.Whole) { Low = 16, High = 512, IsLogarithmic = true },
                Real("rate", 0.01, 0.25) with { Step = 0.005 },
                Real("weight", 0, 2) with { When = new("loss", ["b", "c"]) }),
            p => -new[] { 0.6, 0, 0.2, 1 }[(int)p[0]] - (0.1 * Square(Math.Log2(p[1] / 128))) - (30 * Square(p[2] - 0.08)) - (double.IsNaN(p[3]) ? 0 : 0.4 * Square(p[3] - 1.2))),
        _ => (Space([.. Enumerable.Range(0, 8).Select(i => Real($"x{i}", 0, 1) with { Step = 0.05 })]), p => -p.Select((x, i) => (i < 3 ? 1 : 0.05) * Square(x - (0.1 * i))).Sum()),
    };

    /// <summary>What a search with so many trials finds.</summary>
    public static double Search(string name, int trials, ulong seed, int roundSize = 1)
    {
        var (space, value) = Of(name);
        var search = new ParameterSearch(space, new SearchOptions { Trials = trials, Epochs = 1, Halving = false, RoundSize = roundSize, Seed = seed });
        while (search.NextRound() is { Length: > 0 } round)
        {
            foreach (var task in round)
                search.Report(task, value(task.Point));
        }

        return search.Best!.Value;
    }

    /// <summary>What as many draws by chance find.</summary>
    public static double Chance(string name, int trials, ulong seed)
    {
        var (space, value) = Of(name);
        var random = new SearchRandom(seed, RandomStream.SessionShuffle, 0);
        return Enumerable.Range(0, trials).Max(_ => value(space.Point(i => space.Parameters[i].At(random.Unit()))));
    }

    public static SearchSpace Space(params SearchParameter[] parameters) => new([.. parameters]);

    public static SearchParameter Real(string name, double low, double high) => new(name, SearchKind.Real) { Low = low, High = high };

    private static double Square(double x) => x * x;

    /// <remarks>Branin 1972: three places at 0.397887.</remarks>
    private static double Branin(double x, double y) =>
        Square(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
}
