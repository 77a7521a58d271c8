using System.Collections.Immutable;
using NextItem.Kernels;
using NextItem.Tests.Reference;
using NextItem.Tuning;

namespace NextItem.Tests.Tuning;

public class ParzenDensityTests
{
    private static readonly SearchSpace s_all = SearchFunctions.Space(
        new SearchParameter("loss", SearchKind.Choice) { Values = ["a", "b", "c"] },
        SearchFunctions.Real("rate", 1e-3, 1) with { IsLogarithmic = true },
        SearchFunctions.Real("dropout", -0.2, 0.7),
        SearchFunctions.Real("momentum", 0, 0.9) with { Step = 0.05 },
        new SearchParameter("units", SearchKind.Whole) { Low = 3, High = 40, IsLogarithmic = true },
        new SearchParameter("lanes", SearchKind.Whole) { Low = 32, High = 256, Step = 16 },
        SearchFunctions.Real("weight", 0, 2) with { When = new("loss", ["b", "c"]) });

    private static readonly SearchSpace s_discrete = SearchFunctions.Space(
        new SearchParameter("loss", SearchKind.Choice) { Values = ["a", "b", "c"] },
        SearchFunctions.Real("momentum", 0, 0.9) with { Step = 0.15 },
        new SearchParameter("units", SearchKind.Whole) { Low = 2, High = 9, IsLogarithmic = true },
        new SearchParameter("weight", SearchKind.Whole) { Low = 1, High = 3, When = new("loss", ["b"]) });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(37)]
    [InlineData(150)]
    public void LogAt_AnyPoint_IsTheReferences(int count)
    {
        var random = new SearchRandom(7, RandomStream.SearchPoints, count);
        var points = Points(s_all, count, random);
        var density = new ParzenDensity(s_all, points);
        foreach (var point in Points(s_all, 10, random).Concat(points.Take(5)))
        {
            var (expected, got) = (Math.Log(ParzenReference.At(s_all, points, point)), density.LogAt(point));
            Assert.True(Math.Abs(expected - got) < 1e-6, $"{string.Join(", ", s_all.Describe(point))}: {got}, by the reference {expected}");
        }
    }

    [Fact]
    public void LogAt_AllPointsOfASpaceWithAnEnd_SumsToOne()
    {
        var density = new ParzenDensity(s_discrete, Points(s_discrete, 11, new SearchRandom(3, RandomStream.SearchPoints, 0)));
        var all = s_discrete.All().DistinctBy(point => string.Join(' ', point)).ToArray();
        Assert.Equal((7 * 8 * 2) + (7 * 8 * 3), all.Length);
        Assert.Equal(1, all.Sum(point => Math.Exp(density.LogAt(point))), 1e-9);
    }

    [Fact]
    public void LogAt_OverARange_IntegratesToOne()
    {
        var space = SearchFunctions.Space(SearchFunctions.Real("rate", 1e-4, 10) with { IsLogarithmic = true });
        var density = new ParzenDensity(space, Points(space, 6, new SearchRandom(5, RandomStream.SearchPoints, 0)));
        const int Steps = 20_000;
        Assert.Equal(1, Enumerable.Range(0, Steps).Average(i => Math.Exp(density.LogAt([Math.Pow(10, -4 + (5 * (i + 0.5) / Steps))]))), 1e-6);
    }

    /// <summary>Points are drawn as often as the density says: within four standard deviations for each of the 280.</summary>
    [Fact]
    public void Draw_ManyTimes_FollowsTheDensity()
    {
        const int Draws = 60_000;
        var random = new SearchRandom(11, RandomStream.SearchPoints, 0);
        var density = new ParzenDensity(s_discrete, Points(s_discrete, 5, random));
        var drawn = Enumerable.Range(0, Draws).CountBy(_ => string.Join(' ', density.Draw(random))).ToDictionary();
        foreach (var point in s_discrete.All().DistinctBy(point => string.Join(' ', point)))
        {
            var expected = Draws * Math.Exp(density.LogAt(point));
            var got = drawn.GetValueOrDefault(string.Join(' ', point));
            Assert.True(Math.Abs(got - expected) < (4 * Math.Sqrt(expected)) + 1, $"{string.Join(", ", s_discrete.Describe(point))}: drawn {got} times, expected {expected:F1}");
        }
    }

    /// <summary>Eight widths away the share of a step is less than what rounding leaves: a setting with no number there could never be taken.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void LogAt_FarFromAllPoints_IsANumber(int at)
    {
        var space = SearchFunctions.Space(new SearchParameter("lanes", SearchKind.Whole) { Low = 0, High = 99 });
        var density = new ParzenDensity(space, [.. Enumerable.Repeat<ImmutableArray<double>>([at], 40)]);
        Assert.All(Enumerable.Range(0, 100), lanes => Assert.True(double.IsFinite(density.LogAt([lanes])), $"{lanes}: {density.LogAt([lanes])}"));
    }

    private static ImmutableArray<double>[] Points(SearchSpace space, int count, SearchRandom random) =>
        [.. Enumerable.Range(0, count).Select(_ => space.Point(i => space.Parameters[i].At(random.Unit())))];
}
