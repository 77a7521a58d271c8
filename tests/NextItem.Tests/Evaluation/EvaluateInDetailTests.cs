using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Evaluation;

public class EvaluateInDetailTests
{
    private static readonly SessionSet s_train = Generated.Sessions(80, 50, seed: 2);

    private static readonly SessionSet s_test = Generated.Sessions(70, 60, seed: 3, longest: 14, catalog: s_train.Catalog); // has unknown items

    /// <summary>Words for some items, a vector for others, both for a third of them, nothing for a ninth.</summary>
    private static readonly ItemFeatures s_features = DiversityTests.Made(s_train.Catalog, seed: 8);

    private static readonly EvaluationMetric[] s_nextItem = [.. Enum.GetValues<EvaluationMetric>().Where(metric => metric != EvaluationMetric.Precision)];

    private static readonly EvaluationMetric[] s_rest = [.. Enum.GetValues<EvaluationMetric>().Where(metric => metric != EvaluationMetric.Mrr)];

    public static TheoryData<string, UnknownItems> Models => new() { { "markov", UnknownItems.Drop }, { "markov", UnknownItems.Miss }, { "gru4rec", UnknownItems.Drop }, { "pop", UnknownItems.Miss } };

    private static ISessionModel Model(string algorithm) => algorithm switch
    {
        "markov" => MarkovModel.Fit(s_train),
        "pop" => PopularityModel.Fit(s_train, 20),
        _ => Trainer.Fit(s_train, new Gru4RecOptions { Layers = [9], Epochs = 2, BatchSize = 8, NegativeSampleCount = 16 }).Model,
    };

    [Theory, MemberData(nameof(Models))]
    public void EvaluateInDetail_RestOfSessionAndLists_EqualBruteForceForAnyThreadsAndLanes(string algorithm, UnknownItems unknown)
    {
        var model = Model(algorithm);
        var options = new EvaluationOptions { Protocol = EvaluationProtocol.RestOfSession, Metrics = [.. s_rest], Cutoffs = [1, 4, 20], Unknown = unknown, Features = s_features };
        var lists = ListsAndRests(model, unknown);
        var result = Evaluator.Evaluate(model, s_test, options);
        Assert.Equal(lists.Count, result.Cases);
        Assert.Equal(["rest-recall", "rest-ndcg", "rest-map", "rest-precision", "coverage", "gini", "popularity", "novelty", "diversity"], result.Metrics.Select(metric => metric.Name).Distinct());
        int[] support = [.. s_train.Catalog.Support];
        foreach (var cutoff in options.Cutoffs)
        {
            int[] counts = [.. Enumerable.Range(0, support.Length).Select(item => lists.Count(each => each.List.Take(cutoff).Contains((char)item)))];
            Assert.Equal(lists.Average(each => DoubleMetrics.RestRecall(each.List, each.Coming, cutoff)), result.ValueOf("rest-recall", cutoff), 1e-12);
            Assert.Equal(lists.Average(each => DoubleMetrics.RestPrecision(each.List, each.Coming, cutoff)), result.ValueOf("rest-precision", cutoff), 1e-12);
            Assert.Equal(lists.Average(each => DoubleMetrics.RestNdcg(each.List, each.Coming, cutoff)), result.ValueOf("rest-ndcg", cutoff), 1e-12);
            Assert.Equal(lists.Average(each => DoubleMetrics.RestMap(each.List, each.Coming, cutoff)), result.ValueOf("rest-map", cutoff), 1e-12);
            Assert.Equal(DoubleMetrics.Coverage(counts), result.ValueOf("coverage", cutoff), 1e-12);
            Assert.Equal(DoubleMetrics.Gini(counts), result.ValueOf("gini", cutoff), 1e-12);
            Assert.Equal(DoubleMetrics.Popularity(counts, support), result.ValueOf("popularity", cutoff), 1e-12);
            Assert.Equal(DoubleMetrics.Novelty(counts, support), result.ValueOf("novelty", cutoff), 1e-12);
            var diverse = lists.Select(each => DoubleMetrics.Diversity([.. each.List.Take(cutoff).Select(item => DiversityTests.Row(s_features, item))])).ToArray();
            Assert.Equal(cutoff == 1, diverse.All(value => value is null));
            Assert.Equal(diverse.Average() ?? 0, result.ValueOf("diversity", cutoff), 1e-12);
            if (cutoff == 20)
                Assert.Equal(new ListedFeatures(lists.Sum(each => each.List.Length), lists.Sum(each => each.List.Count(item => DiversityTests.Row(s_features, item).Values.All(value => value == 0))), diverse.Count(value => value is null)), result.ListedFeatures);
        }

        foreach (var (threads, lanes) in new[] { (1, 1), (2, 3), (5, 7) })
            Assert.Equal(result.Metrics, Evaluator.Evaluate(model, s_test, options with { Threads = threads, Lanes = lanes }).Metrics);
    }

    [Theory, MemberData(nameof(Models))]
    public void EvaluateInDetail_NextItem_AddsUpToWhatEvaluateSays(string algorithm, UnknownItems unknown)
    {
        var model = Model(algorithm);
        var options = new EvaluationOptions { Metrics = [.. s_nextItem], Cutoffs = [1, 5, 20], Unknown = unknown, Ties = TieBreaking.Median, Features = s_features };
        var detail = Evaluator.EvaluateInDetail(model, s_test, options with { Threads = 3, Lanes = 4 }, Enum.GetValues<SliceBy>());
        var plain = Evaluator.Evaluate(model, s_test, new EvaluationOptions { Cutoffs = [1, 5, 20], Unknown = unknown, Ties = TieBreaking.Median });
        Assert.Equal(plain.Metrics, detail.Result.Metrics.Where(metric => metric.Name is "recall" or "mrr"));
        Assert.Equal(plain with { Metrics = [] }, detail.Result with { Metrics = [], ListedFeatures = null });
        foreach (var (name, cutoff) in detail.Sessions.Metrics)
            Assert.Equal(detail.Result.ValueOf(name, cutoff), detail.Sessions.MeanOf(name, cutoff), 1e-12);
        Assert.Equal(["recall", "mrr", "ndcg", "map"], detail.Sessions.Metrics.Select(metric => metric.Name).Distinct());
        foreach (var by in Enum.GetValues<SliceBy>())
        {
            var slices = detail.Slices.Where(slice => slice.By == by).ToArray();
            Assert.True(slices.Length > 1, $"{by}");
            Assert.Equal(detail.Result.Cases, slices.Sum(slice => slice.Cases));
            for (var i = 0; i < 3; i++)
                Assert.Equal(detail.Result.Metrics[i].Value, slices.Sum(slice => slice.Cases * slice.Metrics[i].Value) / detail.Result.Cases, 1e-12);
        }
    }

    /// <summary>Items by support: a 5, b 2, c 1. Session "aba" has the targets b (new) and a (seen before); "xcb" the targets c and b.</summary>
    [Fact]
    public void EvaluateInDetail_SlicesByHand_HoldTheirCases()
    {
        var catalog = ItemCatalog.From(["a", "b", "c"], [5, 2, 1]);
        var model = new ListModel(catalog, ('a', 3), ('b', 2), ('c', 1));
        var test = Generated.Words("aba xcb", catalog);
        var slices = Evaluator.EvaluateInDetail(model, test, new EvaluationOptions { Cutoffs = [1], Metrics = [EvaluationMetric.Recall], Unknown = UnknownItems.Miss }, Enum.GetValues<SliceBy>()).Slices;
        Assert.Equal(
            [
                "Position 1: 2 cases, 0", "Position 2: 2 cases, 0.5", "Length 3: 4 cases, 0.25",
                "Popularity top 1 % of the items (support 5 or more): 1 cases, 1", "Popularity to 50 % of the items (support 2 or more, below the last): 2 cases, 0", "Popularity the rest: 1 cases, 0",
                "Seen seen in the session: 1 cases, 1", "Seen new to the session: 3 cases, 0",
            ],
            slices.Select(slice => $"{slice.By} {slice.Bucket}: {slice.Cases} cases, {slice.Metrics[0].Value}"));
        var unknown = Evaluator.EvaluateInDetail(model, Generated.Words("ax", catalog), new EvaluationOptions { Unknown = UnknownItems.Miss }, [SliceBy.Popularity]).Slices;
        Assert.Equal("unknown to training", Assert.Single(unknown).Bucket);
    }

    [Theory]
    [InlineData(5, "5")]
    [InlineData(6, "6-10")]
    [InlineData(10, "6-10")]
    [InlineData(11, "11-20")]
    [InlineData(20, "11-20")]
    [InlineData(21, "21+")]
    public void EvaluateInDetail_LengthOfASession_IsInItsRange(int length, string bucket)
    {
        var catalog = Generated.Words("ab").Catalog;
        var slices = Evaluator.EvaluateInDetail(new ListModel(catalog, ('a', 1)), Generated.Words(new string('a', length), catalog), null, [SliceBy.Length, SliceBy.Position]).Slices;
        Assert.Equal((bucket, length - 1), (slices[0].Bucket, slices[0].Cases));
        Assert.Equal(length - 1, slices.Skip(1).Sum(slice => slice.Cases));
    }

    [Fact]
    public void EvaluateInDetail_SlicesThatCannotBe_AreRefused()
    {
        var model = Model("pop");
        Assert.Contains("The rest of the session has no slices", Refused(new EvaluationOptions { Protocol = EvaluationProtocol.RestOfSession }, SliceBy.Seen), StringComparison.Ordinal);
        Assert.Contains("expected of Position, Length, Popularity, Seen, each once", Refused(null, SliceBy.Seen, SliceBy.Seen), StringComparison.Ordinal);
        Assert.Contains("The slices are '7'", Refused(null, (SliceBy)7), StringComparison.Ordinal);

        string Refused(EvaluationOptions? options, params SliceBy[] slices) =>
            Assert.Throws<ArgumentException>(() => Evaluator.EvaluateInDetail(model, s_test, options, slices)).Message;
    }

    /// <summary>For each case the model's 20 best and the items to come, items as characters; an unknown item to come is one of its own.</summary>
    private static List<(string List, string Coming)> ListsAndRests(ISessionModel model, UnknownItems unknown)
    {
        var cases = new List<(string List, string Coming)>();
        for (var session = 0; session < s_test.Count; session++)
        {
            int[] items = [.. s_test.ItemsOf(session)];
            if (unknown == UnknownItems.Drop)
                items = [.. items.Where(item => item >= 0)];
            using var lanes = model.Open(1);
            for (var i = 0; i + 1 < items.Length; i++)
            {
                lanes.Advance([items[i]]);
                var list = new ScoredItem[20];
                list = list[..lanes.TopK(0, null, [], list)];
                cases.Add((
                    new string([.. list.Select(item => (char)item.ItemIndex)]),
                    new string([.. items.Skip(i + 1).Select((item, place) => (char)(item >= 0 ? item : 1000 + place))])));
            }
        }

        return cases;
    }
}
