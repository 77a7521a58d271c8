using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models.Prnn;

public class NewItemsTests
{
    private static readonly SessionSet s_train = Generated.Sessions(80, 25, seed: 1);
    private static readonly PrnnModel s_model = (PrnnModel)Trainer.Fit(s_train, PrnnCases.Options, PrnnCases.Features(s_train.Catalog)).Model;

    /// <summary>What the model knew it still knows: old items keep their scores to the bit, whatever is read.</summary>
    [Theory, InlineData(PrnnArchitecture.Parallel), InlineData(PrnnArchitecture.SharedWeights), InlineData(PrnnArchitecture.Interaction), InlineData(PrnnArchitecture.Concatenated), InlineData(PrnnArchitecture.FeatureOnly)]
    public void AddItems_OldItems_KeepTheirScores(PrnnArchitecture architecture)
    {
        using var model = (PrnnModel)Trainer.Fit(s_train, PrnnCases.Options with { Architecture = architecture }, PrnnCases.Features(s_train.Catalog)).Model;
        using var extended = model.AddItems(New(model)).Model;
        Assert.Equal(model.Catalog.Count + 2, extended.Catalog.Count);
        Assert.Equal(0, extended.Catalog.Support[^1]);
        using var before = model.Open(1);
        using var after = extended.Open(1);
        var (scores, more) = (new ScoredItem[25], new ScoredItem[27]);
        foreach (var item in new[] { 4, 1, 17 })
        {
            before.Advance([item]);
            after.Advance([item]);
            before.TopK(0, null, [], scores);
            after.TopK(0, null, [], more);
            Assert.Equal(scores, more.Where(each => each.ItemIndex < 25));
        }
    }

    /// <summary>A new item with an old item's features is read as that item by the subnets that read features alone.</summary>
    [Fact]
    public void AddItems_NewItemAsInput_IsReadByItsFeatures()
    {
        using var model = (PrnnModel)Trainer.Fit(s_train, PrnnCases.Options with { Architecture = PrnnArchitecture.FeatureOnly }, PrnnCases.Features(s_train.Catalog)).Model;
        using var extended = model.AddItems(New(model)).Model;
        using var lanes = extended.Open(2);
        lanes.Advance([extended.Catalog.IndexOf("twin"), extended.Catalog.IndexOf(s_train.Catalog.KeyOf(0))]);
        var (one, other) = (new ScoredItem[27], new ScoredItem[27]);
        lanes.TopK(0, null, [], one);
        lanes.TopK(1, null, [], other);
        Assert.Equal(other, one);
        lanes.Reset(0);
        lanes.Advance([extended.Catalog.IndexOf("other"), ItemCatalog.UnknownItem]);
        lanes.TopK(0, null, [], one);
        Assert.NotEqual(other, one);
    }

    [Fact]
    public void AddItems_Items_AreToldApart()
    {
        var result = s_model.AddItems(New(s_model, "stranger", s_train.Catalog.KeyOf(3)));
        Assert.Equal(["twin", "other"], result.Added);
        Assert.Equal([s_train.Catalog.KeyOf(3)], result.Known);
        Assert.Equal(["stranger"], result.WithoutPlace);

        // Items that were added have taught nothing when more are added.
        using var once = result.Model;
        var again = once.AddItems(once.Features!.Encode(Table("third")));
        Assert.Equal(["third"], again.Added);
        Assert.Equal(once.VectorOf(once.Catalog.IndexOf("twin")), again.Model.VectorOf(again.Model.Catalog.IndexOf("twin")));
        again.Model.Dispose();
    }

    [Fact]
    public void AddItems_EveryOption_ChangesTheNewItemsAlone()
    {
        using var usual = s_model.AddItems(New(s_model)).Model;
        foreach (var options in new NewItemOptions[] { new() { Penalty = 30 }, new() { HalfTrust = 500 }, new() { MostItems = 9 }, new() { Boost = 0.5f } })
        {
            using var changed = s_model.AddItems(New(s_model), options).Model;
            var (before, after) = (Scores(usual), Scores(changed));
            Assert.Equal(before[..25], after[..25]);
            Assert.True(before[25] != after[25] && float.IsFinite(after[25]), $"{options}");
        }

        using var same = s_model.AddItems(New(s_model)).Model;
        Assert.Equal(Scores(usual), Scores(same));
    }

    /// <summary>A new item's place does not depend on which others are added with it.</summary>
    [Fact]
    public void AddItems_AloneOrInCompany_IsTheSame()
    {
        using var alone = s_model.AddItems(s_model.Features!.Encode(Table("twin"))).Model;
        using var together = s_model.AddItems(New(s_model, "third", "fourth")).Model;
        Assert.Equal(alone.VectorOf(alone.Catalog.IndexOf("twin")), together.VectorOf(together.Catalog.IndexOf("twin")));
    }

    /// <summary>Nobody to learn from: all items are told to be without a place.</summary>
    [Fact]
    public void AddItems_NoItemWithFeatures_HasNoPlace()
    {
        var empty = new FeatureTable(s_train.Catalog, [FeatureColumn.Texts("title", [.. new string?[25]]), FeatureColumn.Vectors("image", 3, [.. new float[75]], [.. new bool[25]])]);
        using var model = (PrnnModel)Trainer.Fit(s_train, PrnnCases.Options, s_model.Features!.Encode(empty)).Model;
        var result = model.AddItems(New(model));
        Assert.Equal(["twin", "other"], result.WithoutPlace);
        result.Model.Dispose();
    }

    [Fact]
    public void Model_Disposed_IsRefusedInsteadOfRead()
    {
        var trained = Trainer.Fit(s_train, PrnnCases.Options, PrnnCases.Features(s_train.Catalog));
        trained.Dispose();
        Assert.Throws<ObjectDisposedException>(() => PrnnCases.Bytes(trained));
        Assert.Throws<ObjectDisposedException>(() => ((PrnnModel)trained.Model).AddItems(New((PrnnModel)trained.Model)));
        Assert.Throws<ObjectDisposedException>(() => Trainer.Fit(s_train, PrnnCases.Options, ((PrnnModel)trained.Model).Features, new TrainingContext { WarmStart = trained }));
    }

    [Fact]
    public void AddItems_WhatCannotBe_IsRefused()
    {
        var message = Assert.Throws<OptionsException>(() => s_model.AddItems(New(s_model), new NewItemOptions { Penalty = 0, HalfTrust = -1, MostItems = 0, Boost = float.NaN })).Message;
        Assert.All(["Penalty is 0", "HalfTrust is -1", "MostItems is 0", "Boost is NaN"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => s_model.AddItems(PrnnCases.Features(s_train.Catalog)));
        using var alone = (PrnnModel)Trainer.Fit(s_train, PrnnCases.Options with { Architecture = PrnnArchitecture.IdOnly }, null).Model;
        Assert.Throws<InvalidOperationException>(() => alone.AddItems(New(s_model)));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => s_model.AddItems(New(s_model), cancellationToken: stopped.Token));
    }

    private static float[] Scores(PrnnModel model)
    {
        using var lanes = model.Open(1);
        lanes.Advance([5]);
        var best = new ScoredItem[model.Catalog.Count];
        lanes.TopK(0, null, [], best);
        return [.. best.OrderBy(item => item.ItemIndex).Select(item => item.Score)];
    }

    /// <summary>One item with the features of item 0, one with others, and some more.</summary>
    private static ItemFeatures New(PrnnModel model, params string[] more) => model.Features!.Encode(Table(["twin", "other", .. more]));

    private static FeatureTable Table(params string[] keys)
    {
        // The features of PrnnCases' first item.
        var random = new Random(4);
        float[] first = [.. Enumerable.Range(0, 3).Select(_ => (float)random.NextDouble() - 0.3f)];
        var vectors = keys.SelectMany(key => key == "twin" ? first : key == "stranger" ? [0f, 0f, 0f] : [0.1f, -0.2f, 0.4f]);
        return new FeatureTable(
            ItemCatalog.From(keys, new int[keys.Length]),
            [
                FeatureColumn.Texts("title", [.. keys.Select(key => key switch { "twin" => "kind0 colour0 made in 0", "stranger" => "qqq", _ => "kind3 colour1 made in 1" })]),
                FeatureColumn.Vectors("image", 3, [.. vectors], [.. keys.Select(_ => true)]),
            ]);
    }
}
