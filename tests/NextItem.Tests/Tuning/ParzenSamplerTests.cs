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
}
