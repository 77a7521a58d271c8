using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

/// <summary>What holds for both kinds of session-kNN.</summary>
public abstract class SessionKnnContract : SessionModelContract
{
    /// <summary>What the two kinds have in common to set.</summary>
    public sealed record Setting(int Neighbours, int RecentSessions, float IdfWeight, int SessionLength);

    private protected abstract SessionKnnModel Fit(SessionSet train, Setting setting, CancellationToken cancellationToken = default);

    /// <summary>Everything that has a score after a session, by the definition.</summary>
    private protected abstract IEnumerable<(int Item, double Score)> Defined(SessionSet train, int[] session, Setting setting);

    [Theory]
    [InlineData(500, 1000, 1, 2)]
    [InlineData(100, 1000, 1, 100)]
    [InlineData(7, 500, 1, 100)]
    [InlineData(500, 9, 0, 100)]
    [InlineData(5, 11, 0.5, 3)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(30, 20, 2, 10_000)]
    public void Scores_AnyOptions_EqualTheDefinition(int neighbours, int recentSessions, float idfWeight, int sessionLength)
    {
        var setting = new Setting(neighbours, recentSessions, idfWeight, sessionLength);
        foreach (var (train, session) in KnnCases.All)
        {
            var expected = ScoreLists.Best(Defined(train, session, setting), int.MaxValue);
            ScoreLists.AssertSame(expected, ScoreLists.After(Fit(train, setting), session), $"after {string.Join(' ', session)}");
        }
    }

    [Theory]
    [InlineData(0, 0, float.NaN, 0, "Neighbours is 0; expected at least 1.", "RecentSessions is 0; expected at least 1.", "SessionLength is 0; expected 1 to 10000.", "IdfWeight is NaN; expected 0 to 1000000.")]
    [InlineData(1, 1, -1, 10_001, "SessionLength is 10001; expected 1 to 10000.", "IdfWeight is -1; expected 0 to 1000000.")]
    public void Validate_OptionsOutOfRange_TellsAllFaults(int neighbours, int recentSessions, float idfWeight, int sessionLength, params string[] faults) =>
        Assert.Equal(faults, Assert.Throws<OptionsException>(() => Fit(Train, new Setting(neighbours, recentSessions, idfWeight, sessionLength))).Faults);

    [Fact]
    public void SessionCount_OfAFit_IsThatOfTheLog() => Assert.Equal(Train.Count, Fit(Train, new Setting(5, 5, 1, 2)).SessionCount);
}
