using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class VmisKnnModelTests : SessionKnnContract
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

    private protected override SessionKnnModel Fit(SessionSet train, Setting setting, CancellationToken cancellationToken = default) =>
        VmisKnnModel.Fit(train, OptionsOf(setting), cancellationToken);

    private protected override IEnumerable<(int Item, double Score)> Defined(SessionSet train, int[] session, Setting setting) =>
        DoubleSessionKnn.VmisKnn(train, session, OptionsOf(setting));

    private static VmisKnnOptions OptionsOf(Setting setting) =>
        new() { Neighbours = setting.Neighbours, RecentSessions = setting.RecentSessions, IdfWeight = setting.IdfWeight, SessionLength = setting.SessionLength };
}
