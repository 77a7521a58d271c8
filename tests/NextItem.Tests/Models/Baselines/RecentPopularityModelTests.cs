using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class RecentPopularityModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = RecentPopularityModel.Fit(Train, new RecentPopularityOptions { TimeShare = 0.6f, ListLength = 25 });

    private protected override string Algorithm => "recent-pop";

    // Sessions start at 0, 100, 200, 300; the last event is at 301.
    [Theory]
    [InlineData(0, 0.001f, "c1 d1")]
    [InlineData(0, 0.32f, "c1 d1")] // from 204.7: the third session ends at 202
    [InlineData(0, 0.34f, "b3 c1 d1")] // from 198.7
    [InlineData(0, 1f, "a4 b4 c1 d1")]
    [InlineData(2, 0.9f, "c1 d1")]
    [InlineData(3, 0.1f, "b1 c1 d1")]
    [InlineData(1, 0.1f, "d1")]
    [InlineData(1000, 0.1f, "a4 b4 c1 d1")]
    public void Fit_ByHand_CountsTheWindow(int events, float timeShare, string expected)
    {
        var train = Generated.Words("aaa ab bbb cd");
        var model = RecentPopularityModel.Fit(train, new RecentPopularityOptions { Events = events, TimeShare = timeShare });
        Assert.Equal(expected, string.Join(' ', ScoreLists.After(model).Select(entry => $"{train.Catalog.KeyOf(entry.ItemIndex)}{entry.Score}")));
    }

    [Fact]
    public void Fit_SessionsOutOfOrder_GoesByTheirEnds()
    {
        SessionEvent[] events = [new("late", "x", 50), new("late", "y", 1000), new("early", "z", 900), new("early", "z", 901)];
        var model = RecentPopularityModel.Fit(SessionSet.From(events), new RecentPopularityOptions { Events = 3 });
        Assert.Equal([new(0, 1), new(1, 1), new ScoredItem(2, 1)], ScoreLists.After(model));
    }

    [Fact]
    public void Scores_CountsBeyondTheDigitsOfAFloat_FallAllTheSame()
    {
        var catalog = ItemCatalog.From(["a", "b", "c"], [1, 1, 1]);
        var model = new RecentPopularityModel(catalog, new RecentPopularityOptions(), [2, 0, 1], [16_777_217, 16_777_216, 16_777_216]);
        Assert.Equal([16_777_216, 16_777_215, 16_777_215], ScoreLists.After(model).Select(entry => entry.Score));
    }

    [Fact]
    public void Fit_ListLength_CutsTheList() =>
        Assert.Equal(2, RecentPopularityModel.Fit(Train, new RecentPopularityOptions { ListLength = 2 }).ListedItemCount);

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var options = new RecentPopularityOptions { Events = -1, TimeShare = float.NaN, ListLength = 0 };
        Assert.Equal(
            ["Events is -1; expected at least 0.", "TimeShare is NaN; expected a number above 0, 1 at most.", "ListLength is 0; expected at least 1."],
            Assert.Throws<OptionsException>(() => RecentPopularityModel.Fit(Train, options)).Faults);
    }
}
