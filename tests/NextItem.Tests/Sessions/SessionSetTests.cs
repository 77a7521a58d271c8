using CsCheck;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Sessions;

public class SessionSetTests
{
    [Fact]
    public void From_EventsInAnyOrder_GroupsAndSortsThem()
    {
        var set = SessionSet.From(
        [
            new("s2", "b", 30), new("s1", "a", 20), new("s2", "a", 10), new("s1", "c", 5), new("s2", "c", 20),
        ]);
        Assert.Equal((2, 5, 0), (set.Count, set.EventCount, set.UnknownEventCount));
        Assert.Equal(["s2", "s1"], [set.KeyOf(0), set.KeyOf(1)]); // in order of first appearance, as the items
        Assert.Equal(["b", "a", "c"], Enumerable.Range(0, 3).Select(set.Catalog.KeyOf));
        Assert.Equal([1, 2, 0], set.ItemsOf(0).ToArray());
        Assert.Equal([2, 1], set.ItemsOf(1).ToArray());
        Assert.Equal([1, 2, 0, 2, 1], set.Items.ToArray());
        Assert.Equal([0, 3, 5], set.Offsets.ToArray());
        Assert.Equal((10, 30, 5, 20), (set.StartTimeOf(0), set.EndTimeOf(0), set.StartTimeOf(1), set.EndTimeOf(1)));
        Assert.Equal([1, 0], set.OrderByStartTime());
        Assert.Equal([1, 2, 2], set.Catalog.Support.ToArray());
    }

    [Fact]
    public void From_RandomEvents_EqualsAStableSort() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9], Gen.Int[0, 3]).Array[0, 200].Sample(rows =>
        {
            var events = rows.Select(row => new SessionEvent($"s{row.Item1}", $"i{row.Item2}", row.Item3)).ToArray();
            var set = SessionSet.From(events);
            var expected = events.GroupBy(e => e.SessionKey).ToArray();
            Assert.Equal(expected.Length, set.Count);
            for (var session = 0; session < set.Count; session++)
            {
                Assert.Equal(expected[session].Key, set.KeyOf(session));
                Assert.Equal(expected[session].OrderBy(e => e.Time).Select(e => e.ItemKey), set.ItemsOf(session).ToArray().Select(set.Catalog.KeyOf));
            }

            Assert.Equal(Enumerable.Range(0, set.Count).OrderBy(set.StartTimeOf), set.OrderByStartTime());
            for (var item = 0; item < set.Catalog.Count; item++)
                Assert.Equal(events.Count(e => e.ItemKey == set.Catalog.KeyOf(item)), set.Catalog.Support[item]);
        });

    [Fact]
    public void From_GivenCatalog_KeepsUnknownItemsAsUnknown()
    {
        var train = Generated.Words("ab");
        var test = Generated.Words("axbx y", train.Catalog);
        Assert.Same(train.Catalog, test.Catalog);
        Assert.Equal([0, -1, 1, -1], test.ItemsOf(0).ToArray());
        Assert.Equal(3, test.UnknownEventCount);
        Assert.Equal(2, train.Catalog.Count);
    }

    [Fact]
    public void From_ManyEvents_CrossesItsChunks()
    {
        var set = SessionSet.From(Enumerable.Range(0, 200_000).Select(i => new SessionEvent($"{i % 7}", $"{i % 1000}", -i)));
        Assert.Equal((7, 200_000, 1000), (set.Count, set.EventCount, set.Catalog.Count));
        Assert.Equal([199_997 % 1000, 199_990 % 1000], set.ItemsOf(0)[..2].ToArray().Select(item => int.Parse(set.Catalog.KeyOf(item))));
        Assert.All(set.Catalog.Support.ToArray(), support => Assert.Equal(200, support));
    }

    [Fact]
    public void From_ImpossibleEvents_AreRefused()
    {
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => SessionSet.From([new("s", "i", double.NaN)])).Message, StringComparison.Ordinal);
        Assert.Contains("needs both", Assert.Throws<ArgumentException>(() => SessionSet.From([new(null!, "i", 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("needs both", Assert.Throws<ArgumentException>(() => SessionSet.From([new("s", null!, 1)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => SessionSet.From(null!));
    }

    [Fact]
    public void From_NoEvents_IsEmpty()
    {
        var set = SessionSet.From([]);
        Assert.Equal((0, 0, 0), (set.Count, set.EventCount, set.Catalog.Count));
        Assert.Equal([0], set.Offsets.ToArray());
        Assert.Empty(set.OrderByStartTime());
        Assert.Equal(64, set.Fingerprint().Length);
        Assert.Contains("there are no sessions", Assert.Throws<ArgumentOutOfRangeException>(() => set.ItemsOf(0).Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_SessionOutside_AreRefused()
    {
        var set = Generated.Words("ab bc");
        foreach (Action call in new Action[] { () => set.ItemsOf(2), () => set.KeyOf(-1), () => set.StartTimeOf(2), () => set.EndTimeOf(2) })
            Assert.Contains("expected 0 to 1, there being 2 sessions", Assert.Throws<ArgumentOutOfRangeException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_AnyPartChanged_Differs()
    {
        SessionEvent[] events = [new("s", "a", 1), new("s", "b", 2), new("t", "b", 3), new("t", "c", 4)];
        string Of(params SessionEvent[] changed) => SessionSet.From(changed).Fingerprint();
        var same = Of(events);
        Assert.Matches("^[0-9a-f]{64}$", same);
        Assert.Equal(same, Of([.. events]));
        Assert.Equal(same, Of(new("other name", "a", 1), new("other name", "b", 2), events[2], events[3])); // a session's name is no part of it
        string[] others =
        [
            same,
            Of(events[0] with { ItemKey = "A" }, events[1], events[2], events[3]), // a key
            Of(events[0], events[1], events[2], events[3] with { ItemKey = "a" }), // an item
            Of(events[0] with { Time = 0 }, events[1], events[2], events[3]),      // a start time
            Of(events[0], events[1], events[2] with { SessionKey = "s" }, events[3]), // where sessions end
            Of(events[..3]),
            Of(events[0] with { ItemKey = "ab" }, events[1] with { ItemKey = "" }, events[2] with { ItemKey = "" }, events[3]), // where keys end
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Fact]
    public void Builder_AddAfterBuild_IsRefusedAndTheSetStays()
    {
        var builder = new SessionSetBuilder();
        builder.Add("s", "a", 1);
        Assert.Equal(1, builder.EventCount);
        var set = builder.Build();
        Assert.Contains("built already", Assert.Throws<InvalidOperationException>(() => builder.Add("s", "b", 2)).Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (set.Catalog.Count, set.EventCount));
    }

    [Fact]
    public void Catalog_From_KeepsOrderAndSupport()
    {
        var catalog = ItemCatalog.From(["x", "ÿ", "商品", ""], [3, 1, 3, 9]);
        Assert.Equal(4, catalog.Count);
        Assert.Equal([3, 1, 3, 9], catalog.Support.ToArray());
        Assert.Equal(2, catalog.IndexOf("商品"));
        Assert.Equal(3, catalog.IndexOf(""));
        Assert.Equal(ItemCatalog.UnknownItem, catalog.IndexOf("X"));
        Assert.Equal([3, 0, 2, 1], catalog.ByPopularity());
    }

    [Fact]
    public void Catalog_Faults_AreNamed()
    {
        Assert.Contains("'x' appears twice", Assert.Throws<ArgumentException>(() => ItemCatalog.From(["x", "y", "x"], [1, 1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("is 1; expected 2, the number of keys", Assert.Throws<ArgumentException>(() => ItemCatalog.From(["x", "y"], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => ItemCatalog.From(null!, []));
        Assert.Throws<ArgumentNullException>(() => ItemCatalog.From([], null!));
        Assert.Contains("expected 0 to 0", Assert.Throws<ArgumentOutOfRangeException>(() => ItemCatalog.From(["x"], [1]).KeyOf(1)).Message, StringComparison.Ordinal);
    }
}
