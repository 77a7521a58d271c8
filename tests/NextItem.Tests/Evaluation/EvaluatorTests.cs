using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Evaluation;

public class EvaluatorTests
{
    private static readonly ItemCatalog s_catalog = Generated.Words("abcde").Catalog;

    /// <summary>a 4, b 3, c 3, d 1; e has no score.</summary>
    private static readonly ListModel s_model = new(s_catalog, ('a', 4), ('b', 3), ('c', 3), ('d', 1));

    /// <summary>
    /// Session "dba" has the targets b and a: a is above b, c level with it, so b's rank is 2, 3 or 2.5; a's rank is 1.
    /// Recall@2 is 2/2, 1/2, 1/2; MRR@2 is (1/2 + 1)/2, 1/2, 1/2; MRR@3 is (1/2 + 1)/2, (1/3 + 1)/2, (1/2.5 + 1)/2.
    /// </summary>
    [Theory]
    [InlineData(TieBreaking.Standard, 1, 0.75, 0.75)]
    [InlineData(TieBreaking.Conservative, 0.5, 0.5, 2 / 3.0)]
    [InlineData(TieBreaking.Median, 0.5, 0.5, 0.7)]
    public void Evaluate_TiesByHand_FollowTheMode(TieBreaking ties, double recallAt2, double mrrAt2, double mrrAt3)
    {
        var result = Evaluator.Evaluate(s_model, Generated.Words("dba", s_catalog), new EvaluationOptions { Ties = ties, Cutoffs = [2, 3] });
        Assert.Equal(recallAt2, result.RecallAt(2), 1e-15);
        Assert.Equal(mrrAt2, result.MrrAt(2), 1e-15);
        Assert.Equal(1, result.RecallAt(3), 1e-15);
        Assert.Equal(mrrAt3, result.MrrAt(3), 1e-15);
        Assert.Equal((2, 1, 0, ties), (result.Cases, result.TiedCases, result.UnscoredCases, result.Ties));
        Assert.Equal(0.5, result.TieShare);
        Assert.Equal([("recall", 2), ("recall", 3), ("mrr", 2), ("mrr", 3)], result.Metrics.Select(metric => (metric.Name, metric.Cutoff)));
    }

    [Fact]
    public void Evaluate_CutoffBeyondAllItems_IsTheWholeCatalog()
    {
        var result = Evaluator.Evaluate(s_model, Generated.Words("dba", s_catalog), new EvaluationOptions { Cutoffs = [5, int.MaxValue] });
        Assert.Equal((1.0, result.MrrAt(5)), (result.RecallAt(int.MaxValue), result.MrrAt(int.MaxValue)));
    }

    [Fact]
    public void Evaluate_PopularityOfLargeSupports_RanksWithoutTies()
    {
        var catalog = ItemCatalog.From(["low", "top", "mid"], [20_000, 20_020, 20_010]);
        var model = new PopularityModel(catalog, 3);
        using var lanes = model.Open(1);
        var best = new ScoredItem[3];
        Assert.Equal(3, lanes.TopK(0, null, [], best));
        Assert.Equal([1, 2, 0], best.Select(item => item.ItemIndex));
        var ranks = new TargetRank[1];
        lanes.Rank([2], ranks);
        Assert.Equal(new TargetRank(1, 0), ranks[0]);
    }

    [Fact]
    public void Evaluate_UnscoredTarget_IsNeverAHit()
    {
        var result = Evaluator.Evaluate(s_model, Generated.Words("ae ad", s_catalog), new EvaluationOptions { Cutoffs = [4, 100] });
        Assert.Equal((2, 1, 0), (result.Cases, result.UnscoredCases, result.TiedCases));
        Assert.Equal(0.5, result.RecallAt(100));
        Assert.Equal(0.125, result.MrrAt(4));
    }

    /// <summary>
    /// x is unknown in "axb", "xa" and "aba". Dropped: "ab", "a" and "aba" have the targets b; none; b, a: three cases.
    /// As misses: x, b; a; b, a: five cases, of which x misses.
    /// </summary>
    [Fact]
    public void Evaluate_UnknownItemsByHand_AreDroppedOrMissed()
    {
        var test = Generated.Words("axb xa aba", s_catalog);
        var drop = Evaluator.Evaluate(s_model, test, new EvaluationOptions { Cutoffs = [1, 2], Unknown = UnknownItems.Drop });
        Assert.Equal((3, 3, 5, 2, 3, 0), (drop.Cases, drop.CasesUnderDrop, drop.CasesUnderMiss, drop.UnknownEvents, drop.Sessions, drop.UnscoredCases));
        Assert.Equal(1 / 3.0, drop.RecallAt(1), 1e-15);
        Assert.Equal(1, drop.RecallAt(2), 1e-15);

        var miss = Evaluator.Evaluate(s_model, test, new EvaluationOptions { Cutoffs = [1, 2], Unknown = UnknownItems.Miss });
        Assert.Equal((5, 3, 5, 2, 3, 1), (miss.Cases, miss.CasesUnderDrop, miss.CasesUnderMiss, miss.UnknownEvents, miss.Sessions, miss.UnscoredCases));
        Assert.Equal(2 / 5.0, miss.RecallAt(1), 1e-15);
        Assert.Equal(4 / 5.0, miss.RecallAt(2), 1e-15);
        Assert.Equal((1 + 1 + 0.5 + 0.5) / 5, miss.MrrAt(2), 1e-15);
        Assert.Equal((UnknownItems.Drop, UnknownItems.Miss), (drop.Unknown, miss.Unknown));
    }

    public static TheoryData<string> Models => ["gru4rec", "markov", "pop"];

    /// <summary>Every case one by one on a lane of its own, ranked by definition; and the same bits for any threads and lanes.</summary>
    [Theory, MemberData(nameof(Models))]
    public void Evaluate_RandomSessions_EqualsBruteForceForAnyThreadsAndLanes(string algorithm)
    {
        var train = Generated.Sessions(80, 50, seed: 2);
        var test = Generated.Sessions(70, 60, seed: 3, catalog: train.Catalog); // has unknown items
        Assert.True(test.UnknownEventCount > 5);
        ISessionModel model = algorithm switch
        {
            "markov" => MarkovModel.Fit(train),
            "pop" => PopularityModel.Fit(train, 20),
            _ => Trainer.Fit(train, new Gru4RecOptions { Layers = [9], Epochs = 2, BatchSize = 8, NegativeSampleCount = 16 }).Model,
        };
        foreach (var ties in Enum.GetValues<TieBreaking>())
        {
            foreach (var unknown in Enum.GetValues<UnknownItems>())
            {
                var options = new EvaluationOptions { Ties = ties, Unknown = unknown, Cutoffs = [1, 3, 10, 20] };
                var expected = BruteForce(model, test, options);
                EvaluationResult? first = null;
                foreach (var (threads, lanes) in new[] { (1, 64), (1, 1), (2, 3), (5, 7), (3, 100), (200, 2) })
                {
                    var result = Evaluator.Evaluate(model, test, options with { Threads = threads, Lanes = lanes });
                    first ??= result;
                    Assert.Equal(first.Metrics, result.Metrics);
                    Assert.Equal(first with { Metrics = [] }, result with { Metrics = [] });
                }

                for (var i = 0; i < options.Cutoffs.Length; i++)
                {
                    Assert.Equal(expected.Recall[i], first!.RecallAt(options.Cutoffs[i]), 1e-12);
                    Assert.Equal(expected.Mrr[i], first.MrrAt(options.Cutoffs[i]), 1e-12);
                }

                Assert.Equal((expected.Cases, expected.Tied, expected.Unscored), (first!.Cases, first.TiedCases, first.UnscoredCases));
            }
        }
    }

    [Fact]
    public void Evaluate_SessionsOfAnotherCatalog_IsRefused() =>
        Assert.Contains("read them with model.Catalog", Refused(() => Evaluator.Evaluate(s_model, Generated.Words("abcde"))), StringComparison.Ordinal);

    [Fact]
    public void Evaluate_NoCaseLeft_SaysWhatThereWas()
    {
        var message = Refused(() => Evaluator.Evaluate(s_model, Generated.Words("ax b", s_catalog)));
        Assert.Contains("2 test sessions with 3 events, 1 of them", message, StringComparison.Ordinal);
        Assert.Contains("Nothing to evaluate", Refused(() => Evaluator.Evaluate(s_model, SessionSet.From([], s_catalog))), StringComparison.Ordinal);
        Assert.Equal(1, Evaluator.Evaluate(s_model, Generated.Words("ax b", s_catalog), new EvaluationOptions { Unknown = UnknownItems.Miss }).Cases);
    }

    [Fact]
    public void RecallAt_CutoffNotEvaluated_NamesThoseThatWere()
    {
        var result = Evaluator.Evaluate(s_model, Generated.Words("ab", s_catalog), new EvaluationOptions { Cutoffs = [3] });
        Assert.Contains("recall@5 was not evaluated; evaluated: recall@3, mrr@3", Refused(() => result.RecallAt(5)), StringComparison.Ordinal);
        Assert.Contains("mrr@5 was not evaluated", Refused(() => result.MrrAt(5)), StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Evaluate_Cancelled_Stops(int threads)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Evaluator.Evaluate(s_model, Generated.Words("ab ab ab ab", s_catalog), new EvaluationOptions { Threads = threads }, source.Token));
    }

    private static string Refused(Action call) => Assert.Throws<ArgumentException>(call).Message;

    private static (double[] Recall, double[] Mrr, int Cases, int Tied, int Unscored) BruteForce(ISessionModel model, SessionSet test, EvaluationOptions options)
    {
        int cases = 0, tiedCases = 0, unscored = 0;
        var recall = new double[options.Cutoffs.Length];
        var mrr = new double[options.Cutoffs.Length];
        for (var session = 0; session < test.Count; session++)
        {
            int[] items = [.. test.ItemsOf(session)];
            if (options.Unknown == UnknownItems.Drop)
                items = [.. items.Where(item => item >= 0)];
            using var lanes = model.Open(1);
            for (var i = 0; i + 1 < items.Length; i++)
            {
                cases++;
                lanes.Advance([items[i]]);
                var all = new ScoredItem[model.Catalog.Count];
                all = all[..lanes.TopK(0, null, [], all)];
                var place = Array.FindIndex(all, item => item.ItemIndex == items[i + 1]);
                if (place < 0)
                {
                    unscored++;
                    continue;
                }

                var (above, tied) = ByDefinition.Rank(Array.ConvertAll(all, item => item.Score), place);
                tiedCases += tied > 0 ? 1 : 0;
                var rank = options.Ties switch { TieBreaking.Standard => 1.0 + above, TieBreaking.Conservative => 1.0 + above + tied, _ => 1.0 + above + (tied / 2.0) };
                for (var k = 0; k < recall.Length; k++)
                {
                    recall[k] += rank <= options.Cutoffs[k] ? 1 : 0;
                    mrr[k] += rank <= options.Cutoffs[k] ? 1 / rank : 0;
                }
            }
        }

        return (Array.ConvertAll(recall, sum => sum / cases), Array.ConvertAll(mrr, sum => sum / cases), cases, tiedCases, unscored);
    }
}
