using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class ItemKnnModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = ItemKnnModel.Fit(Train);

    private protected override string Algorithm => "item-knn";

    [Fact]
    public void Fit_ByHand_GivesTheTableOfTheBaselinesPage()
    {
        // docs/baselines.md, item-knn: a in three sessions and four events, b 2, c 2, d 1.
        var train = Generated.Words("aab acc ad b");
        var model = ItemKnnModel.Fit(train, new ItemKnnOptions { Regularisation = 0, Alpha = 0.5f });
        var after = ScoreLists.After(model, train.Index('a'));
        ScoreLists.AssertSame(
            [(train.Index('b'), 2 / Math.Sqrt(4 * 2)), (train.Index('d'), 1 / Math.Sqrt(4 * 1)), (train.Index('c'), 1 / Math.Sqrt(4 * 2))], after, "after a");
        ScoreLists.AssertSame([(train.Index('a'), 2 / Math.Sqrt(2 * 4))], ScoreLists.After(model, train.Index('c')), "after c, of two events");
        ScoreLists.AssertSame([(train.Index('a'), 1 / Math.Sqrt(2 * 4))], ScoreLists.After(model, train.Index('b')), "after b");
        Assert.Equal(6, model.SimilarityCount);
    }

    [Theory]
    [InlineData(20, 0.5, 100)]
    [InlineData(0, 0.5, 5)]
    [InlineData(3, 1, 7)]
    [InlineData(50, 0.25, 1)]
    [InlineData(0.5, 0, 12)]
    public void Fit_AnyOptions_EqualsTheDefinition(float regularisation, double alpha, int neighbours)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var train = Generated.Sessions(sessions: 150, items: 30, seed);
            var model = ItemKnnModel.Fit(train, new ItemKnnOptions { Regularisation = regularisation, Alpha = (float)alpha, Neighbours = neighbours });
            var similarities = DoubleItemKnn.Similarities(train, regularisation, alpha);
            for (var item = 0; item < train.Catalog.Count; item++)
            {
                var expected = ScoreLists.Best(Enumerable.Range(0, train.Catalog.Count).Select(other => (other, similarities[item, other])), neighbours);
                ScoreLists.AssertSame(expected, ScoreLists.After(model, 5, item), $"seed {seed}, item {item}");
            }
        }
    }

    [Fact]
    public void Fit_SessionsWithUnknownItems_PassesThemOver()
    {
        var catalog = Generated.Words("ab").Catalog;
        var model = ItemKnnModel.Fit(Generated.Words("axb xa", catalog));
        Assert.Equal([new ScoredItem(1, (float)(1 / Math.Sqrt(22 * 21)))], ScoreLists.After(model, 0));
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var faults = Assert.Throws<OptionsException>(() => ItemKnnModel.Fit(Train, new ItemKnnOptions { Regularisation = -1, Alpha = float.NaN, Neighbours = 0 })).Faults;
        Assert.Equal(["Regularisation is -1; expected 0 or more.", "Alpha is NaN; expected 0 to 1.", "Neighbours is 0; expected at least 1."], faults);
    }
}
