using Xunit;

namespace NextItem.Synthetic.Tests.Shops;

public class ShopGeneratorTests
{
    private static readonly ShopOptions s_small = new() { Items = 120, Categories = 5, Sessions = 400 };
    private static readonly Shop s_default = ShopGenerator.Generate(new ShopOptions());

    /// <summary>Each option changed; the seed too.</summary>
    public static TheoryData<string, ShopOptions> Changes => new()
    {
        { nameof(ShopOptions.Seed), s_small with { Seed = 43 } },
        { nameof(ShopOptions.Items), s_small with { Items = 121 } },
        { nameof(ShopOptions.Categories), s_small with { Categories = 6 } },
        { nameof(ShopOptions.Sessions), s_small with { Sessions = 401 } },
        { nameof(ShopOptions.MeanLength), s_small with { MeanLength = 6 } },
        { nameof(ShopOptions.Days), s_small with { Days = 8 } },
        { nameof(ShopOptions.TestFraction), s_small with { TestFraction = 0.2 } },
        { nameof(ShopOptions.PopularityExponent), s_small with { PopularityExponent = 0.8 } },
        { nameof(ShopOptions.LastItemShare), s_small with { LastItemShare = 34 } },
        { nameof(ShopOptions.FirstItemShare), s_small with { FirstItemShare = 50 } },
        { nameof(ShopOptions.PairShare), s_small with { PairShare = 18 } },
        { nameof(ShopOptions.CategoryShare), s_small with { CategoryShare = 12 } },
        { nameof(ShopOptions.PopularityShare), s_small with { PopularityShare = 36 } },
    };

    [Fact]
    public void Generate_SameOptions_SameLog()
    {
        var (one, other) = (ShopGenerator.Generate(s_small), ShopGenerator.Generate(s_small));
        Assert.Equal(one.Items, other.Items);
        Assert.Equal(one.Train, other.Train);
        Assert.Equal(one.Test, other.Test);
        Assert.Equal(one.Oracle.Evaluate(20), other.Oracle.Evaluate(20));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Generate_ChangedOption_OtherLog(string option, ShopOptions changed)
    {
        var (one, other) = (ShopGenerator.Generate(s_small), ShopGenerator.Generate(changed));
        Assert.False(one.Train.SequenceEqual(other.Train), $"{option} leaves the training events as they were.");
        var best = other.Oracle.Evaluate(20);
        Assert.InRange(best.RecallAtK, 0.2, 1);
        Assert.InRange(best.MrrAtK, 0.05, 1);
    }

    [Fact]
    public void Generate_DefaultShop_PinnedOnEveryMachine()
    {
        Assert.Equal("3a3c2f58b2f7f7bc3f9228f34f678c8bac5eaa67462f756b43cffa1068bb489f", SessionSet.From(s_default.Train).Fingerprint());
        Assert.Equal("d03b3975247232229b6ba4d25ed0edb176992bad3d93bc8635c80b874aa9cf57", SessionSet.From(s_default.Test).Fingerprint());
    }

    [Fact]
    public void Generate_DefaultShop_HasTheSizeThatTheOptionsName()
    {
        var (train, test) = (SessionSet.From(s_default.Train), SessionSet.From(s_default.Test));
        Assert.Equal(1_200, s_default.Items.Count);
        Assert.Equal(30, s_default.Items.Select(item => item.Category).Distinct().Count());
        Assert.Equal(24_000, train.Count + test.Count);
        Assert.InRange(test.Count, 3_600, 3_605);    // 15 %, and those of the same second
        var meanLength = (train.EventCount + test.EventCount) / 24_000.0;
        Assert.InRange(meanLength, 5.37, 5.63);      // five standard errors of a geometric number
    }

    [Fact]
    public void Generate_DefaultShop_SessionsHaveTwoEventsOrMoreAndNeverRepeatAnItemAtOnce()
    {
        foreach (var sessions in new[] { SessionSet.From(s_default.Train), SessionSet.From(s_default.Test) })
        {
            for (var s = 0; s < sessions.Count; s++)
            {
                var items = sessions.ItemsOf(s);
                Assert.True(items.Length >= 2, $"Session {sessions.KeyOf(s)} has {items.Length} events.");
                for (var i = 1; i < items.Length; i++)
                    Assert.NotEqual(items[i - 1], items[i]);
            }
        }
    }

    [Theory]
    [InlineData(0.15, 7, 24_000)]
    [InlineData(0.5, 1, 24_000)]      // about one start in every four seconds: many in the same
    [InlineData(0.0001, 7, 300)]
    [InlineData(0.9999, 7, 300)]
    [InlineData(0.5, 1, 2)]
    public void Generate_AnyFraction_TrainStartsStrictlyBeforeTest(double testFraction, int days, int sessionCount)
    {
        var shop = ShopGenerator.Generate(s_small with { TestFraction = testFraction, Days = days, Sessions = sessionCount });
        var (train, test) = (SessionSet.From(shop.Train), SessionSet.From(shop.Test));
        Assert.Equal(sessionCount, train.Count + test.Count);
        var lastOfTrain = Enumerable.Range(0, train.Count).Max(train.StartTimeOf);
        var firstOfTest = Enumerable.Range(0, test.Count).Min(test.StartTimeOf);
        Assert.True(lastOfTrain < firstOfTest, $"Training starts until {lastOfTrain}, test from {firstOfTest}.");
        Assert.Equal(shop.SplitTime, firstOfTest);
        var keys = Enumerable.Range(0, train.Count).Select(train.KeyOf).Intersect(Enumerable.Range(0, test.Count).Select(test.KeyOf));
        Assert.Empty(keys);
    }

    [Fact]
    public void Generate_DefaultShop_IsALogInTimeOrderOverSevenDays()
    {
        var monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(ShopGenerator.StartTime, monday);
        foreach (var events in new[] { s_default.Train, s_default.Test })
        {
            for (var e = 1; e < events.Count; e++)
                Assert.True(events[e - 1].Time <= events[e].Time, $"Event {e} is before the one above it.");
        }

        var train = SessionSet.From(s_default.Train);
        Assert.InRange(train.StartTimeOf(0), monday, monday + 3_600);
        Assert.InRange(s_default.SplitTime, monday + 5.5 * 86_400, monday + 6.5 * 86_400);
        Assert.InRange(s_default.Test[^1].Time, monday + 6.5 * 86_400, monday + 7.5 * 86_400);
        var interrupted = Enumerable.Range(1, train.Count - 1).Count(s => train.StartTimeOf(s) < train.EndTimeOf(s - 1));
        Assert.True(interrupted > train.Count / 2, $"Only {interrupted} of {train.Count} sessions overlap the one before.");
    }

    [Theory]
    [InlineData(42)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Generate_DefaultSize_TrainingSeesEveryItem(int seed)
    {
        var train = SessionSet.From(ShopGenerator.Generate(new ShopOptions { Seed = seed }).Train);
        Assert.Equal(1_200, train.Catalog.Count);
        Assert.InRange(train.Catalog.Support.ToArray().Min(), 3, 20);
    }

    [Theory]
    [InlineData(24, 2)]
    [InlineData(1_200, 30)]
    [InlineData(1_201, 36)]
    public void Generate_AnySize_ItemsHaveUniqueKeysAndNames(int items, int categories)
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Items = items, Categories = categories, Sessions = 100 });
        Assert.Equal(items, shop.Items.Select(item => item.Key).Distinct().Count());
        Assert.Equal(items, shop.Items.Select(item => item.Name).Distinct().Count());
        Assert.Equal(categories, shop.Items.Select(item => item.Category).Distinct().Count());
        Assert.All(shop.Items, item => Assert.StartsWith($"{item.Category} {item.Collection} ", item.Name, StringComparison.Ordinal));
        foreach (var category in shop.Items.GroupBy(item => item.Category))
        {
            Assert.InRange(category.Count(), items / categories, items / categories + 1);
            Assert.Equal(4, category.Select(item => item.Collection).Distinct().Count());
        }

        Assert.Contains(shop.Items, item => item is { Key: "SHOE-0012", Name: "Trail running shoes Dune 12" });
    }
}
