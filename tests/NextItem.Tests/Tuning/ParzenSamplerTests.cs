namespace NextItem.Tests.Tuning;

public class ParzenSamplerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Functions => [.. SearchFunctions.Names];

    /// <summary>Over 40 seeds and 60 trials: the mean of the search's best is nearer to the top than chance's, and it wins most of the duels.</summary>
    [Theory, MemberData(nameof(Functions))]
    public void Search_OfAKnownFunction_BeatsChance(string name)
    {
        const int Seeds = 40;
        double found = 0, byChance = 0;
        var won = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var (search, chance) = (SearchFunctions.Search(name, 60, seed, roundSize: 4), SearchFunctions.Chance(name, 60, seed));
            found += search / Seeds;
            byChance += chance / Seeds;
            won += search > chance ? 1 : 0;
        }

        output.WriteLine($"{name}: {found:G4} by the search, {byChance:G4} by chance, {won} of {Seeds} duels");
        Assert.True(found > 0.6 * byChance && won > 0.7 * Seeds, $"{name}: the search's best is {found:G4} in the mean, chance's {byChance:G4}; {won} of {Seeds} duels won");
    }

    /// <summary>A trial has a value only where all of three numbers are small, as a training that diverges elsewhere: the search does not take failures for the best of what it saw.</summary>
    [Theory]
    [InlineData(0.30, -0.25)]
    [InlineData(0.37, -0.2)]
    public void Search_WhereMostTrialsFail_DoesNotDrawAroundFailures(double edge, double expected)
    {
        const int Seeds = 40;
        double found = 0;
        var nothing = 0;
        var space = SearchFunctions.Space([.. Enumerable.Range(0, 3).Select(i => SearchFunctions.Real($"x{i}", 0, 1))]);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var search = new ParameterSearch(space, new SearchOptions { Trials = 40, Epochs = 1, Halving = false, RoundSize = 4, Seed = seed });
            while (search.NextRound() is { Length: > 0 } round)
            {
                foreach (var task in round)
                    search.Report(task, task.Point.All(x => x < edge) ? -task.Point.Sum() : null);
            }

            found += (search.Best?.Value ?? -1) / Seeds;
            nothing += search.Best is null ? 1 : 0;
        }

        output.WriteLine($"below {edge}: {found:G4} in the mean, {nothing} of {Seeds} searches without a result");
        Assert.True(found > expected, $"below {edge}: the best is {found:G4} in the mean, expected more than {expected}; {nothing} of {Seeds} searches had no trial with a value, which counts as -1");
    }
}
