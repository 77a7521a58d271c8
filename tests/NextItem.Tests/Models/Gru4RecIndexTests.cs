using NextItem.Models.Gru4Rec;
using NextItem.Tests.Kernels;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

/// <summary>The best items with the index, without it, and of several lanes at once: always those of a full sort of all scores, to the bit.</summary>
public unsafe class Gru4RecIndexTests
{
    private const int Items = 3217; // so many that the index serves up to 16 wanted

    public static TheoryData<string, int> Models =>
        new(from kind in HardRows.Kinds from units in new[] { 1, 3, 16, 37 } select (kind, units));

    [Theory, MemberData(nameof(Models))]
    public void TopK_AnyModel_EqualsTheFullSortToTheBit(string kind, int units)
    {
        using var model = Model(kind, units);
        using var lanes = model.Open(5);
        for (var step = 0; step < 2; step++)
            lanes.Advance([.. Enumerable.Range(0, 5).Select(lane => ((lane * 613) + step) % Items)]);
        var scores = Array.ConvertAll(Enumerable.Range(0, 5).ToArray(), lane => ScoresOf(lanes, lane));
        CheckAll(lanes, model, scores);
        Assert.True(model.BuildIndex(leastItems: 1));
        CheckAll(lanes, model, scores);
    }

    [Fact]
    public void BuildIndex_FewItems_IsNotDone()
    {
        using var model = Model("random", 4);
        Assert.False(model.BuildIndex());
        Assert.Equal(0, model.IndexBytes);
        Assert.True(model.BuildIndex(leastItems: Items));
        Assert.Equal((Items + 15) / 16 * 16 * (4 + 12), model.IndexBytes);
        Assert.True(model.BuildIndex());
    }

    [Fact]
    public void TopK_StateThatWasNeverAdvanced_RanksByTheBias()
    {
        using var model = Model("random", 6);
        model.BuildIndex(leastItems: 1);
        using var lanes = model.Open(1);
        var best = new ScoredItem[10];
        Assert.Equal(10, lanes.TopK(0, null, [], best));
        var byBias = Enumerable.Range(0, Items).Select(item => new ScoredItem(item, model.Parameters.Items.At(item, 0, 6)));
        Assert.Equal(ByDefinition.TopK(byBias, 10), best);
    }

    [Fact]
    public void TopK_ScoresThatAreNoNumbers_AreLeftOutWithTheIndexToo()
    {
        using var model = Model("random", 6);
        model.Parameters.Items.At(7, 0, 6) = float.NaN;
        model.Parameters.Items.At(1600, 0, 2) = float.NaN;
        model.Parameters.Items.At(9, 0, 6) = float.PositiveInfinity;
        model.BuildIndex(leastItems: 1);
        using var lanes = model.Open(1);
        lanes.Advance([100]);
        var best = new ScoredItem[10];
        Assert.Equal(10, lanes.TopK(0, null, [], best));
        Assert.Equal(9, best[0].ItemIndex);
        Assert.DoesNotContain(best, item => item.ItemIndex is 7 or 1600);
        Assert.Equal(ByDefinition.TopK(ScoresOf(lanes, 0), 10), best);
    }

    /// <summary>More items than are counted between two flushes, most of them level or above.</summary>
    [Fact]
    public void Rank_ManyItems_CountsEveryOne()
    {
        const int Many = 10_000;
        var options = new Gru4RecOptions { Layers = [1] };
        var catalog = ItemCatalog.From(Enumerable.Range(0, Many).Select(item => $"i{item}"), Enumerable.Repeat(1, Many));
        var parameters = new Gru4RecParameters(options, Many, states: 0);
        for (var item = 0; item < Many; item++)
            parameters.Items.At(item, 0, 1) = item / 1000;
        using var model = new Gru4RecModel(catalog, options, parameters);
        using var lanes = model.Open(3);
        lanes.Advance([1, 2, 3]);
        var ranks = new TargetRank[3];
        lanes.Rank([1500, 0, 9999], ranks);
        Assert.Equal([new TargetRank(8000, 999), new TargetRank(9000, 999), new TargetRank(0, 999)], ranks);
    }

    private static void CheckAll(SessionLanes lanes, Gru4RecModel model, ScoredItem[][] scores)
    {
        var some = Enumerable.Range(0, Items).Where(item => item % 100 == 41);
        ItemFilter?[] filters = [null, ItemFilter.AllowOnly(model.Catalog, some.Select(model.Catalog.KeyOf)), ItemFilter.Deny(model.Catalog, scores[0].Take(20).Select(item => model.Catalog.KeyOf(item.ItemIndex))), ItemFilter.AllowOnly(model.Catalog, [])];
        foreach (var filter in filters)
        {
            foreach (var count in new[] { 1, 5, 16, 40 })
            {
                var requests = new List<TopKRequest>();
                for (var lane = 0; lane < lanes.Count; lane++)
                {
                    int[] exclude = lane % 2 == 0 ? [] : [scores[lane][0].ItemIndex, 41, 141];
                    var expected = ByDefinition.TopK(scores[lane].Where(item => (filter?.Allows(item.ItemIndex) ?? true) && !exclude.Contains(item.ItemIndex)), count);
                    var best = new ScoredItem[count];
                    var found = lanes.TopK(lane, filter, exclude, best);
                    Assert.Equal(expected.Select(Bits), best[..found].Select(Bits));
                    requests.Add(new TopKRequest { Lane = lane, Best = new ScoredItem[count], Filter = filter, Exclude = exclude });
                }

                requests.Add(new TopKRequest { Lane = 2, Best = new ScoredItem[count] }); // one lane more than there are
                lanes.TopK([.. requests]);
                foreach (var request in requests)
                {
                    var expected = ByDefinition.TopK(scores[request.Lane].Where(item => (request.Filter?.Allows(item.ItemIndex) ?? true) && !request.Exclude.Span.Contains(item.ItemIndex)), count);
                    Assert.Equal(expected.Select(Bits), request.Best[..request.Found].ToArray().Select(Bits));
                }
            }
        }
    }

    private static (int Item, int Score) Bits(ScoredItem item) => (item.ItemIndex, BitConverter.SingleToInt32Bits(item.Score));

    /// <summary>All scores that are numbers, best first; so many are wanted that no index is used.</summary>
    private static ScoredItem[] ScoresOf(SessionLanes lanes, int lane)
    {
        var best = new ScoredItem[Items];
        return best[..lanes.TopK(lane, null, [], best)];
    }

    private static Gru4RecModel Model(string kind, int units)
    {
        // A separate embedding, so that the scored rows may be as wild as they are and the hidden states stay numbers.
        var options = new Gru4RecOptions { Layers = [units], Embedding = EmbeddingMode.Separate, EmbeddingSize = 5 };
        var catalog = ItemCatalog.From(Enumerable.Range(0, Items).Select(item => $"i{item}"), Enumerable.Repeat(1, Items));
        var parameters = new Gru4RecParameters(options, Items, states: 0);
        parameters.All.Initialise(seed: 5, scale: 0.9f);
        var (vectors, biases) = HardRows.Make(kind, Items, units, seed: units);
        for (var item = 0; item < Items; item++)
        {
            vectors.AsSpan(item * units, units).CopyTo(new Span<float>(parameters.Items.Row(item), units));
            parameters.Items.Row(item)[units] = biases[item];
        }

        return new Gru4RecModel(catalog, options, parameters);
    }
}
