using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class VSknnModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = VSknnModel.Fit(Train, new VSknnOptions { RecentSessions = 20, Neighbours = 12 });

    private protected override string Algorithm => "v-sknn";

    [Fact]
    public void Scores_ByHand_AreTheExampleOfTheBaselinesPage()
    {
        var train = Generated.Words("abc bd ae ce");
        var after = ScoreLists.After(VSknnModel.Fit(train), train.Index('a'), train.Index('b'));
        var ln2 = Math.Log(2);
        ScoreLists.AssertSame(
            [
                (train.Index('b'), (1.35 + 0.9) * (1 + ln2)), (train.Index('a'), (1.35 + 0.4) * (1 + ln2)), (train.Index('c'), 1.35 * (1 + ln2)),
                (train.Index('d'), 0.9 * (1 + Math.Log(4))), (train.Index('e'), 0.4 * (1 + ln2)),
            ],
            after,
            "after a, b");
    }

    [Theory]
    [InlineData(100, 1000, 1, 100)]
    [InlineData(7, 1000, 1, 100)]
    [InlineData(100, 9, 0, 100)]
    [InlineData(5, 11, 0.5, 3)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(30, 20, 2, 10_000)]
    public void Scores_AnyOptions_EqualTheDefinition(int neighbours, int recentSessions, float idfWeight, int sessionLength)
    {
        var options = new VSknnOptions { Neighbours = neighbours, RecentSessions = recentSessions, IdfWeight = idfWeight, SessionLength = sessionLength };
        foreach (var (train, session) in KnnCases.All)
        {
            var expected = ScoreLists.Best(DoubleSessionKnn.VSknn(train, session, options), int.MaxValue);
            ScoreLists.AssertSame(expected, ScoreLists.After(VSknnModel.Fit(train, options), session), $"after {string.Join(' ', session)}");
        }
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var options = new VSknnOptions { Neighbours = 0, RecentSessions = 0, SessionLength = 10_001, IdfWeight = -1 };
        Assert.Equal(
            [
                "Neighbours is 0; expected at least 1.", "RecentSessions is 0; expected at least 1.", "SessionLength is 10001; expected 1 to 10000.",
                "IdfWeight is -1; expected 0 to 1000000.",
            ],
            Assert.Throws<OptionsException>(() => VSknnModel.Fit(Train, options)).Faults);
    }
}
