using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class VSknnModelTests : SessionKnnContract
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

    private protected override SessionKnnModel Fit(SessionSet train, Setting setting, CancellationToken cancellationToken = default) =>
        VSknnModel.Fit(train, OptionsOf(setting), cancellationToken);

    private protected override IEnumerable<(int Item, double Score)> Defined(SessionSet train, int[] session, Setting setting) =>
        DoubleSessionKnn.VSknn(train, session, OptionsOf(setting));

    private static VSknnOptions OptionsOf(Setting setting) =>
        new() { Neighbours = setting.Neighbours, RecentSessions = setting.RecentSessions, IdfWeight = setting.IdfWeight, SessionLength = setting.SessionLength };
}
