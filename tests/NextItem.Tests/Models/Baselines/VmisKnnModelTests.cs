using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class VmisKnnModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = VmisKnnModel.Fit(Train, new VmisKnnOptions { RecentSessions = 20, Neighbours = 12, SessionLength = 3 });

    private protected override string Algorithm => "vmis-knn";

    [Fact]
    public void Scores_ByHand_AreTheExampleOfTheBaselinesPage()
    {
        var train = Generated.Words("abc bd ae ce");
        var after = ScoreLists.After(VmisKnnModel.Fit(train), train.Index('a'), train.Index('b'));
        var (once, twice) = (Math.Log(9), Math.Log(9 / 2.0));
        ScoreLists.AssertSame(
            [(train.Index('a'), 1.75 * twice), (train.Index('c'), 1.35 * twice), (train.Index('d'), 0.9 * once), (train.Index('e'), 0.4 * twice)], after, "after a, b");
    }

    [Fact]
    public void Scores_ByHandOfTwoRecentSessions_LeaveTheOldestOut()
    {
        var train = Generated.Words("abc bd ae ce");
        var after = ScoreLists.After(VmisKnnModel.Fit(train, new VmisKnnOptions { RecentSessions = 2, IdfWeight = 0 }), train.Index('a'), train.Index('b'));
        ScoreLists.AssertSame([(train.Index('d'), 0.9), (train.Index('a'), 0.4), (train.Index('e'), 0.4)], after, "after a, b");
    }

    [Theory]
    [InlineData(500, 500, 1, 2)]
    [InlineData(7, 500, 1, 2)]
    [InlineData(500, 9, 0, 100)]
    [InlineData(5, 11, 0.5, 3)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(30, 20, 2, 10_000)]
    public void Scores_AnyOptions_EqualTheDefinition(int neighbours, int recentSessions, float idfWeight, int sessionLength)
    {
        var options = new VmisKnnOptions { Neighbours = neighbours, RecentSessions = recentSessions, IdfWeight = idfWeight, SessionLength = sessionLength };
        foreach (var (train, session) in KnnCases.All)
        {
            var expected = ScoreLists.Best(DoubleSessionKnn.VmisKnn(train, session, options), int.MaxValue);
            ScoreLists.AssertSame(expected, ScoreLists.After(VmisKnnModel.Fit(train, options), session), $"after {string.Join(' ', session)}");
        }
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var options = new VmisKnnOptions { Neighbours = 0, RecentSessions = 0, SessionLength = 0, IdfWeight = float.NaN };
        Assert.Equal(
            [
                "Neighbours is 0; expected at least 1.", "RecentSessions is 0; expected at least 1.", "SessionLength is 0; expected 1 to 10000.",
                "IdfWeight is NaN; expected 0 to 1000000.",
            ],
            Assert.Throws<OptionsException>(() => VmisKnnModel.Fit(Train, options)).Faults);
    }
}
