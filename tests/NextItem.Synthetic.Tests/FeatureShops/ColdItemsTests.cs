using Xunit;

namespace NextItem.Synthetic.Tests.FeatureShops;

/// <summary>
/// Items that training never saw, placed by their features: every tenth item of the feature shop is taken out of the training sessions,
/// and then asked for. With <c>-showLiveOutput</c> this prints the numbers of docs/results.md.
/// </summary>
public class ColdItemsTests(ITestOutputHelper output)
{
    private const int Cutoff = 20;

    /// <summary>Cold items are ranked better than by their category's popularity, and by chance where the features are others'.</summary>
    [Fact]
    public void AddItems_ColdItems_BeatTheirCategorysPopularityAndShuffledFeaturesDoNot()
    {
        var (model, category, sessionCategory, shuffled) = (0.0, 0.0, 0.0, 0.0);
        ulong[] seeds = [1, 2, 3];
        foreach (var seed in seeds)
        {
            var trial = new Trial(seed);
            var (recall, recallOfAll) = trial.Recall(new(), shuffles: false);
            var overall = trial.Overall;
            var (boosted, boostedOfAll) = trial.Recall(new() { Boost = 1 }, shuffles: false);
            var boostedOverall = trial.Overall;
            var (byShuffled, ofAllByShuffled) = trial.Recall(new(), shuffles: true);
            Assert.Equal(recall, boosted); // all cold items alike: their order among themselves stays
            Assert.True(boostedOfAll > recallOfAll && recallOfAll > ofAllByShuffled);
            Assert.True(overall > trial.OverallWithout);
            output.WriteLine(FormattableString.Invariant(
                $"| {seed} | {trial.Cases} | {recall:F4} | {trial.CategoryPopularity():F4} | {trial.CategoryAfterCategory():F4} | {byShuffled:F4} | {(double)Cutoff / trial.Cold.Count:F4} | {recallOfAll:F4} | {boostedOfAll:F4} | {ofAllByShuffled:F4} | {trial.OverallWithout:F4} | {overall:F4} | {boostedOverall:F4} |"));
            model += recall / seeds.Length;
            category += trial.CategoryPopularity() / seeds.Length;
            sessionCategory += trial.CategoryAfterCategory() / seeds.Length;
            shuffled += byShuffled / seeds.Length;
        }

        output.WriteLine(FormattableString.Invariant($"mean: model {model:F4}, category popularity {category:F4}, category after category {sessionCategory:F4}, shuffled {shuffled:F4}"));
        Assert.True(model > 1.5 * category, $"model {model}, category popularity {category}");
        Assert.True(model > 1.2 * sessionCategory, $"model {model}, category after category {sessionCategory}");
        Assert.True(shuffled < 0.16, $"shuffled {shuffled}; chance is 0.1333, its standard error over the 1,476 cases 0.0089");
    }

    private sealed class Trial
    {
        private readonly FeatureShop _shop;
        private readonly SessionSet _train;
        private readonly PrnnModel _model;
        private readonly Dictionary<string, string> _categoryOf;
        private readonly ulong _seed;

        public Trial(ulong seed)
        {
            _seed = seed;
            _shop = FeatureShopGenerator.Generate(new FeatureShopOptions { Seed = (int)seed, Items = 1_500, Sessions = 6_000 });
            Cold = [.. _shop.Items.Where((_, i) => i % 10 == 7).Select(item => item.Key)];
            _categoryOf = _shop.Items.ToDictionary(item => item.Key, item => item.Category);
            _train = SessionSet.From(_shop.Train.Where(e => !Cold.Contains(e.ItemKey)));
            var options = new PrnnOptions
            {
                Training = new() { Embedding = EmbeddingMode.None, Layers = [40], Epochs = 6, BatchSize = 32, NegativeSampleCount = 256, LearningRate = 0.05f, Seed = seed },
                Strategy = TrainingStrategy.Simultaneous,
            };
            var warm = _shop.Items.Where(item => _train.Catalog.IndexOf(item.Key) >= 0).OrderBy(item => _train.Catalog.IndexOf(item.Key)).ToArray();
            _model = (PrnnModel)Trainer.Fit(_train, options, ItemFeatures.Fit(Table(_train.Catalog, warm, warm), Blocks)).Model;
        }

        public HashSet<string> Cold { get; }

        public int Cases { get; private set; }

        public int ItemCount { get; private set; }

        /// <summary>Recall@20 of all test cases with the last model that was measured.</summary>
        public double Overall { get; private set; }

        /// <summary>The same without any cold item: their cases are misses.</summary>
        public double OverallWithout => Evaluator.Evaluate(_model, SessionSet.From(_shop.Test, _model.Catalog), new EvaluationOptions { Unknown = UnknownItems.Miss }).RecallAt(Cutoff);

        private static FeatureBlockOptions[] Blocks =>
        [
            new() { Name = "text", Columns = [new("title", FeatureKind.Text)] },
            new() { Name = "category", Columns = [new("category", FeatureKind.Category)] },
            new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] },
        ];

        /// <summary>Recall@20 of cold targets, ranked among the cold items and among all.</summary>
        public (double AmongCold, double AmongAll) Recall(NewItemOptions options, bool shuffles)
        {
            var cold = _shop.Items.Where(item => Cold.Contains(item.Key)).ToArray();
            var features = cold.ToArray();
            if (shuffles)
                new Random((int)_seed).Shuffle(features);
            var catalog = ItemCatalog.From(cold.Select(item => item.Key), new int[cold.Length]);
            var added = _model.AddItems(_model.Features!.Encode(Table(catalog, cold, features)), options);
            Assert.Equal(cold.Length, added.Added.Length);
            using var model = added.Model;
            ItemCount = model.Catalog.Count;
            var filter = ItemFilter.AllowOnly(model.Catalog, Cold);
            using var lanes = model.Open(1);
            var (best, hits, hitsOfAll) = (new ScoredItem[Cutoff], 0, 0);
            Cases = 0;
            foreach (var session in Sessions())
            {
                lanes.Reset(0);
                for (var i = 0; i < session.Length - 1; i++)
                {
                    lanes.Advance([model.Catalog.IndexOf(session[i])]);
                    if (!Cold.Contains(session[i + 1]))
                        continue;
                    Cases++;
                    var target = model.Catalog.IndexOf(session[i + 1]);
                    var found = lanes.TopK(0, filter, [], best);
                    hits += best[..found].Any(item => item.ItemIndex == target) ? 1 : 0;
                    found = lanes.TopK(0, null, [], best);
                    hitsOfAll += best[..found].Any(item => item.ItemIndex == target) ? 1 : 0;
                }
            }

            Overall = Evaluator.Evaluate(model, SessionSet.From(_shop.Test, model.Catalog)).RecallAt(Cutoff);
            return ((double)hits / Cases, (double)hitsOfAll / Cases);
        }

        /// <summary>Recall@20 among the cold items of the popularity that their categories have in training.</summary>
        public double CategoryPopularity()
        {
            var popularity = _shop.Train.Where(e => !Cold.Contains(e.ItemKey)).CountBy(e => _categoryOf[e.ItemKey]).ToDictionary();
            return RecallOf((_, category) => popularity.GetValueOrDefault(category));
        }

        /// <summary>The same of how often their category followed that of the last item: what a shop without features would do at best.</summary>
        public double CategoryAfterCategory()
        {
            var counts = new Dictionary<(string, string), double>();
            foreach (var session in _shop.Train.Where(e => !Cold.Contains(e.ItemKey)).GroupBy(e => e.SessionKey).Select(session => session.ToArray()))
            {
                for (var i = 1; i < session.Length; i++)
                {
                    var pair = (_categoryOf[session[i - 1].ItemKey], _categoryOf[session[i].ItemKey]);
                    counts[pair] = counts.GetValueOrDefault(pair) + 1;
                }
            }

            return RecallOf((last, category) => counts.GetValueOrDefault((last, category)));
        }

        /// <summary>Items of one category are tied; a tied target is among the first 20 with the chance that a random order gives it.</summary>
        private double RecallOf(Func<string, string, double> score)
        {
            var (hits, cases) = (0.0, 0);
            var sizes = Cold.CountBy(item => _categoryOf[item]).ToDictionary();
            foreach (var session in Sessions())
            {
                for (var i = 0; i < session.Length - 1; i++)
                {
                    if (!Cold.Contains(session[i + 1]))
                        continue;
                    cases++;
                    var last = _categoryOf[session[i]];
                    var own = score(last, _categoryOf[session[i + 1]]);
                    var above = sizes.Where(size => score(last, size.Key) > own).Sum(size => size.Value);
                    var tied = sizes.Where(size => score(last, size.Key) == own).Sum(size => size.Value);
                    hits += Math.Clamp((double)(Cutoff - above) / tied, 0, 1);
                }
            }

            return hits / cases;
        }

        private IEnumerable<string[]> Sessions() => _shop.Test.GroupBy(e => e.SessionKey).Select(session => session.Select(e => e.ItemKey).ToArray());

        private static FeatureTable Table(ItemCatalog catalog, FeatureShopItem[] items, FeatureShopItem[] features)
        {
            Assert.Equal(catalog.Count, items.Length);
            return new FeatureTable(catalog,
            [
                FeatureColumn.Texts("title", [.. features.Select(item => item.Title)]),
                FeatureColumn.Texts("category", [.. features.Select(item => item.Category)]),
                FeatureColumn.Vectors("image", 32, [.. features.SelectMany(item => item.Image)], [.. features.Select(_ => true)]),
            ]);
        }
    }
}
