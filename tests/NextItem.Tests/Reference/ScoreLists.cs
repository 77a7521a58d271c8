namespace NextItem.Tests.Reference;

/// <summary>Lists of scored items in double precision, and whether a model's float scores are theirs.</summary>
internal static class ScoreLists
{
    /// <summary>
    /// The best of one item, best first: higher score first, then lower index. Scores closer than 1e-11 of their size are level:
    /// that is how far their additions and roots can be off.
    /// </summary>
    public static List<(int Item, double Score)> Best(IEnumerable<(int Item, double Score)> scores, int count)
    {
        var sorted = scores.Where(entry => entry.Score > 0).OrderByDescending(entry => entry.Score).ToList();
        for (var i = 1; i < sorted.Count; i++)
        {
            if (sorted[i].Score > sorted[i - 1].Score * (1 - 1e-11))
                sorted[i] = sorted[i] with { Score = sorted[i - 1].Score };
        }

        return [.. sorted.OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Item).Take(count)];
    }

    /// <summary>Asserts the same items in the same order, ties where there are ties and nowhere else, and scores equal but for the float.</summary>
    public static void AssertSame(List<(int Item, double Score)> expected, ScoredItem[] found, string what)
    {
        Assert.True(expected.Select(entry => entry.Item).SequenceEqual(found.Select(entry => entry.ItemIndex)), $"{what}: expected {string.Join(' ', expected)}; found {string.Join(' ', found)}");
        for (var i = 0; i < found.Length; i++)
        {
            Assert.True(Math.Abs(expected[i].Score - found[i].Score) <= 2e-5 * expected[i].Score, $"{what}, place {i}: {found[i].Score}; expected {expected[i].Score}");
            if (i > 0)
                Assert.True((expected[i].Score == expected[i - 1].Score) == (found[i].Score == found[i - 1].Score), $"{what}, places {i - 1} and {i}: {found[i - 1].Score} and {found[i].Score}; expected {expected[i - 1].Score} and {expected[i].Score}");
        }
    }

    /// <summary>All that a model scores after a session, best first.</summary>
    public static ScoredItem[] After(ISessionModel model, params ReadOnlySpan<int> session)
    {
        using var lanes = model.Open(1);
        foreach (var item in session)
            lanes.Advance([item]);
        var best = new ScoredItem[model.Catalog.Count];
        return best[..lanes.TopK(0, null, [], best)];
    }
}
