using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models;

public class PopularityModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = PopularityModel.Fit(Train, listLength: 25);

    private protected override string Algorithm => "pop";

    [Fact]
    public void Fit_ByHand_ScoresTheSupport()
    {
        // a occurs 3 times, b and c twice, d once.
        var model = PopularityModel.Fit(Generated.Words("abc ab ac d"), listLength: 3);
        Assert.Equal(3, model.ListedItemCount);
        using var lanes = model.Open(1);
        var best = new ScoredItem[5];
        Assert.Equal(3, lanes.TopK(0, null, [], best));
        Assert.Equal([new ScoredItem(0, 3), new ScoredItem(1, 2), new ScoredItem(2, 2)], best[..3]);
        var ranks = new TargetRank[1];
        lanes.Rank([3], ranks);
        Assert.Equal(TargetRank.Unscored, ranks[0]);
        lanes.Rank([2], ranks);
        Assert.Equal(new TargetRank(1, 1), ranks[0]);
    }

    [Fact]
    public void Fit_NoList_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => PopularityModel.Fit(Train, 0));
}

public class MarkovModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = MarkovModel.Fit(Train);

    private protected override string Algorithm => "markov";

    [Fact]
    public void Fit_ByHand_ScoresTheShareOfTheTransitions()
    {
        // After a: b twice, c once, a once. After b: nothing but c. d is never followed.
        var train = Generated.Words("ab abc ac aad");
        var model = MarkovModel.Fit(train);
        using var lanes = model.Open(1);
        lanes.Advance([train.Index('a')]);
        var best = new ScoredItem[5];
        Assert.Equal(4, lanes.TopK(0, null, [], best));
        Assert.Equal(
            [new(train.Index('b'), 0.4f), new(train.Index('a'), 0.2f), new(train.Index('c'), 0.2f), new ScoredItem(train.Index('d'), 0.2f)], best[..4]);
        lanes.Advance([train.Index('d')]);
        Assert.Equal(0, lanes.TopK(0, null, [], best));
        Assert.Equal(5, model.TransitionCount); // ab, bc, ac, aa, ad
    }
}

public class Gru4RecModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(Train, new Gru4RecOptions { Layers = [10], Epochs = 2, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecResetAfterModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(
        Train, new Gru4RecOptions { Layers = [16], Variant = GruVariant.ResetAfter, Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecTwoLayersModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(Train, new Gru4RecOptions { Layers = [6, 17], Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecCosineModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(
        Train, new Gru4RecOptions { Layers = [6, 17], CosineScale = 10, Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecSeparateEmbeddingModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(
        Train, new Gru4RecOptions { Layers = [6, 17], Embedding = EmbeddingMode.Separate, EmbeddingSize = 9, Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecOneHotModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(
        Train, new Gru4RecOptions { Layers = [10], Embedding = EmbeddingMode.None, Epochs = 2, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class Gru4RecOneHotResetAfterModelTests : SessionModelContract
{
    private static readonly TrainedModel s_trained = Trainer.Fit(
        Train, new Gru4RecOptions { Layers = [6, 17], Variant = GruVariant.ResetAfter, Embedding = EmbeddingMode.None, Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });

    private protected override ISessionModel Model => s_trained.Model;

    private protected override string Algorithm => "gru4rec";
}

public class ItemFilterTests
{
    [Fact]
    public void Allows_ManyItems_IsOneBitAnItem()
    {
        var catalog = ItemCatalog.From(Enumerable.Range(0, 130).Select(item => $"i{item}"), Enumerable.Repeat(1, 130));
        var allow = ItemFilter.AllowOnly(catalog, ["i0", "i63", "i64", "i129", "other"]);
        var deny = ItemFilter.Deny(catalog, ["i0", "i63", "i64", "i129", "other"]);
        Assert.Equal(130, allow.ItemCount);
        for (var item = 0; item < 130; item++)
        {
            Assert.Equal(item is 0 or 63 or 64 or 129, allow.Allows(item));
            Assert.Equal(item is not (0 or 63 or 64 or 129), deny.Allows(item));
        }

        foreach (var outside in new[] { -1, 130, 200 })
            Assert.Contains($"{outside}; expected 0 to 129, there being 130 items", Assert.Throws<ArgumentOutOfRangeException>(() => deny.Allows(outside)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void And_FiltersOfDifferentCatalogs_AreRefused()
    {
        var a = ItemFilter.Deny(ItemCatalog.From(["x"], [1]), []);
        var b = ItemFilter.Deny(ItemCatalog.From(["x", "y"], [1, 1]), []);
        Assert.Contains("is 2; expected 1", Assert.Throws<ArgumentException>(() => a.And(b)).Message, StringComparison.Ordinal);
    }
}
