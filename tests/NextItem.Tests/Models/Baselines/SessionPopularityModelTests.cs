using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class SessionPopularityModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = SessionPopularityModel.Fit(Train, listLength: 20);

    private protected override string Algorithm => "s-pop";

    [Fact]
    public void Fit_ByHand_GivesTheExampleOfTheBaselinesPage()
    {
        var train = Generated.Words("aab ab c");
        var after = ScoreLists.After(SessionPopularityModel.Fit(train), train.Index('b'), train.Index('c'), train.Index('c'));
        Assert.Equal([new(train.Index('c'), 2.5f), new(train.Index('b'), (float)(1 + (2 / 3.0))), new ScoredItem(train.Index('a'), 0.75f)], after);
    }

    [Fact]
    public void Fit_List_LimitsWhatIsNotInTheSession()
    {
        var train = Generated.Words("aaaa bbb cc d");
        var model = SessionPopularityModel.Fit(train, listLength: 2);
        Assert.Equal([3, 0, 1], ScoreLists.After(model, 3).Select(entry => entry.ItemIndex));
        Assert.Equal(2, model.ListedItemCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => SessionPopularityModel.Fit(train, 0));
    }

    [Fact]
    public void Scores_AnySession_AreInTheOrderOfTheFormula()
    {
        // Supports that a float of the formula cannot tell apart; two of them equal.
        int[] support = [0, 1, 3, 20_000, 20_010, 20_010, 16_777_216, 16_777_217, 1_000_000_000, int.MaxValue];
        var catalog = ItemCatalog.From(support.Select((_, item) => $"i{item}"), support);
        var model = new SessionPopularityModel(catalog, 100);
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var session = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(support.Length)).ToArray();
            var exact = support.Select((count, item) => (Item: item, Seen: session.Count(other => other == item), Support: (decimal)count)).ToArray();
            var expected = exact.OrderByDescending(entry => entry.Seen + (entry.Support / (1 + entry.Support))).ThenBy(entry => entry.Item).Select(entry => entry.Item).ToArray();
            var found = ScoreLists.After(model, session);
            Assert.Equal(expected, found.Select(entry => entry.ItemIndex));
            for (var i = 0; i < found.Length; i++)
            {
                var (_, seen, count) = exact[found[i].ItemIndex];
                Assert.Equal((double)(seen + (count / (1 + count))), found[i].Score, 1e-5);
                if (i == 0)
                    continue;
                var (_, seenBefore, countBefore) = exact[found[i - 1].ItemIndex];
                Assert.True((seen == seenBefore && count == countBefore) == (found[i].Score == found[i - 1].Score), $"{found[i - 1]} and {found[i]} of session {string.Join(' ', session)}");
            }
        }
    }
}
