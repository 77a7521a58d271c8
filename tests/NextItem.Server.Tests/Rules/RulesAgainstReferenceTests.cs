using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Catalog;
using NextItem.Server.Contract;
using NextItem.Server.Feedback;
using NextItem.Server.Rules;

namespace NextItem.Server.Tests.Rules;

/// <summary>All rules together, drawn by chance, against a slow reference: score all items, leave out, lift, sort, pin, keep to quotas, cut.</summary>
public sealed class RulesAgainstReferenceTests(SmallShop shop) : IDisposable
{
    private const int Categories = 6;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed record DrawnPin(int Position, int Item, int? LastCategory);

    private sealed record DrawnLift(int Category, bool IsForOthers, double By);

    private sealed record DrawnRules(
        int[] HiddenItems, int[] HiddenCategories, int HiddenBelow, bool ShowsUnavailable, bool ExcludesSeen, DrawnPin[] Pins, DrawnLift[] Boosts, DrawnLift[] Buries, (int? Category, int Most)[] Quotas);

    private sealed record DrawnRequest(int[] Session, int NumResults, int[] Deny, int[]? Allow, int? FilterCategory);

    private sealed record Case(int[][] CategoriesOf, bool[] Available, DrawnRules Rules, DrawnRequest[] Requests);

    [Fact]
    public void Lists_AreThoseOfTheReference()
    {
        var model = ServedModel.Load(shop.Model, TimeProvider.System);
        using var recommender = SmallShop.Recommender(shop.Model);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new RecommenderMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var (listed, full, pinned, lifted) = (0, 0, 0, 0);
        Cases().Sample(drawn =>
        {
            var facts = new ItemFactsStore();
            facts.Put([.. Enumerable.Range(0, drawn.Available.Length).Select(item => new ItemRequest { ItemId = Key(item), Categories = [.. drawn.CategoriesOf[item].Select(c => $"c{c}")], Available = drawn.Available[item] })]);
            var path = _folder.Text(Guid.NewGuid().ToString("N"), Json(drawn.Rules));
            var options = new ServerOptions { ModelPath = shop.Model, RulesPath = path };
            var lists = new ListMaker(options, facts, new RulesHolder(facts, path, TimeProvider.System), new FeedbackLog(null, TimeProvider.System, NullLogger<FeedbackLog>.Instance), metrics, TimeProvider.System);
            foreach (var request in drawn.Requests)
            {
                var faults = new RequestFaults();
                var query = ListQuery.Of(
                    new RecommendationsRequest
                    {
                        NumResults = request.NumResults,
                        Deny = [.. request.Deny.Select(Key)],
                        Allow = request.Allow is null ? null : [.. request.Allow.Select(Key)],
                        Filter = request.FilterCategory is { } category ? $"category = 'c{category}'" : null,
                    },
                    faults);
                faults.Throw();

                var answer = lists.ForItems([.. request.Session.Select(Key)], model, query).Items.Select(item => (item.ItemId, item.Score, item.Source == "promotion")).ToArray();
                Assert.Equal(Reference(recommender, drawn, request), answer);
                listed++;
                full += answer.Length == request.NumResults ? 1 : 0;
                pinned += answer.Any(item => item.Item3) ? 1 : 0;
                lifted += drawn.Rules.Boosts.Length + drawn.Rules.Buries.Length > 0 ? 1 : 0;
            }
        }, seed: "0N0XIzNsQ0O2", iter: 400, threads: 1);
        model.Release();
        Assert.True(full > listed / 10 && full < listed && pinned > listed / 10 && lifted > listed / 4, $"{listed} lists, {full} full, {pinned} with pins, {lifted} with lifts");
    }

    /// <summary>Scores of any sign, with ties, more items than a spread looks at, and more lifts than there are groups.</summary>
    [Fact]
    public void Rankings_OfAnyScores_AreThoseOfTheReference() =>
        Gen.Select(
            Gen.Int[150, 400].SelectMany(items => Gen.Select(Gen.Int[-40, 40].Array[items], Gen.Int[0, 30].Array[items])),
            Gen.Select(Gen.Int[-20, 20], Gen.Int[0, 30]).Array[0, 30],
            Gen.Int[0, 4],
            Gen.Int[1, 60])
        .Sample((items, lifts, most, count) =>
        {
            var (scores, categories) = items;
            var catalog = ItemCatalog.From(Enumerable.Range(0, scores.Length).Select(item => $"i{item}"), Enumerable.Repeat(1, scores.Length));
            var facts = new ItemFactsStore();
            facts.Put([.. categories.Select((category, item) => new ItemRequest { ItemId = $"i{item}", Categories = [$"c{category}"] })]);
            var rules = new StandingRules
            {
                Lifts = [.. lifts.Select(lift => new Lift(item => item.Facts.Categories.Contains($"c{lift.Item2}"), lift.Item1 / 8.0))],
                QuotaOfEach = most == 0 ? null : most,
            };
            ScoredItem[] all = [.. scores.Select((score, item) => new ScoredItem(item, score)).OrderByDescending(item => item.Score).ThenBy(item => item.ItemIndex)];
            BestItems best = (filter, exclude, wanted) => [.. all.Where(item => filter?.Allows(item.ItemIndex) != false && !exclude.Contains(item.ItemIndex)).Take(wanted)];

            var ranking = new RuledRanking(new CatalogRules(rules, catalog, facts, facts.Revision), best, catalog, null, []).Take(count, []);

            double spread = all[0].Score - all[99].Score;
            var taken = new int[31];
            RankedItem[] expected = [.. all
                .Select(item => new RankedItem(item.ItemIndex, item.Score + (lifts.Where(lift => lift.Item2 == categories[item.ItemIndex]).Sum(lift => lift.Item1 / 8.0) * (spread > 0 ? spread : 1))))
                .OrderByDescending(item => item.Score).ThenBy(item => item.ItemIndex)
                .Where(item => most == 0 || taken[categories[item.ItemIndex]]++ < most)
                .Take(count)];
            Assert.Equal(expected, ranking);
        }, seed: "0N0XIzNsQ0O2", iter: 300, threads: 1);

    /// <summary>Keys beyond the catalog are items that the model does not know.</summary>
    private string Key(int item) => item < shop.Keys.Count ? shop.Keys[item] : $"new-{item}";

    private (string, double?, bool)[] Reference(Recommender recommender, Case drawn, DrawnRequest request)
    {
        var rules = drawn.Rules;
        var catalog = recommender.Model.Catalog;
        var all = recommender.Recommend(request.Session.Select(Key), catalog.Count).Items;
        var spread = all[0].Score - all[^1].Score;
        var byKey = Enumerable.Range(0, drawn.Available.Length).ToDictionary(Key);
        var lifted = all.Select(item => (Item: byKey[item.ItemKey], Score: item.Score + (LiftOf(byKey[item.ItemKey]) * (spread > 0 ? spread : 1))))
            .OrderByDescending(item => item.Score).ThenBy(item => catalog.IndexOf(Key(item.Item))).ToList();

        var list = new (int Item, double? Score)?[request.NumResults];
        for (var position = 1; position <= request.NumResults; position++)
        {
            var lastCategories = request.Session.Length == 0 ? [] : drawn.CategoriesOf[request.Session[^1]];
            foreach (var pin in rules.Pins.Where(pin => pin.Position == position && (pin.LastCategory is null || lastCategories.Contains(pin.LastCategory.Value))))
            {
                if (list[position - 1] is null && MayBeShown(pin.Item) && !list.Any(one => one?.Item == pin.Item))
                    list[position - 1] = (pin.Item, null);
            }
        }

        var taken = new int[Categories];
        foreach (var one in list.Where(one => one is not null))
            Count(one!.Value.Item);
        var free = list.Count(one => one is null);
        var others = new Queue<(int, double?)>();
        foreach (var (item, score) in lifted)
        {
            if (others.Count == free || list.Any(one => one?.Item == item) || !MayBeShown(item) || drawn.CategoriesOf[item].Any(category => taken[category] >= MostOf(category)))
                continue;
            Count(item);
            others.Enqueue((item, score));
        }

        for (var position = 0; position < list.Length; position++)
        {
            if (list[position] is null && others.TryDequeue(out var next))
                list[position] = next;
        }

        return [.. list.Where(one => one is not null).Select(one => (Key(one!.Value.Item), one.Value.Score, one.Value.Score is null))];

        void Count(int item)
        {
            foreach (var category in drawn.CategoriesOf[item].Distinct())
                taken[category]++;
        }

        int MostOf(int category) =>
            rules.Quotas.Where(quota => quota.Category == category).Select(quota => (int?)quota.Most).FirstOrDefault()
            ?? rules.Quotas.Where(quota => quota.Category is null).Select(quota => (int?)quota.Most).FirstOrDefault() ?? int.MaxValue;

        bool MayBeShown(int item) =>
            (drawn.Available[item] || rules.ShowsUnavailable) && !rules.HiddenItems.Contains(item) && !drawn.CategoriesOf[item].Intersect(rules.HiddenCategories).Any()
            && (catalog.IndexOf(Key(item)) is var index && index >= 0 ? catalog.Support[index] : 0) >= rules.HiddenBelow
            && !(rules.ExcludesSeen && request.Session.Contains(item)) && !request.Deny.Contains(item) && request.Allow?.Contains(item) != false
            && (request.FilterCategory is null || drawn.CategoriesOf[item].Contains(request.FilterCategory.Value));

        double LiftOf(int item) =>
            rules.Boosts.Sum(lift => Holds(lift, item) ? lift.By : 0) - rules.Buries.Sum(lift => Holds(lift, item) ? lift.By : 0);

        bool Holds(DrawnLift lift, int item) => drawn.CategoriesOf[item].Contains(lift.Category) != lift.IsForOthers;
    }

    private string Json(DrawnRules rules)
    {
        object Lift(DrawnLift lift) => new { filter = $"{(lift.IsForOthers ? "not " : "")}category = 'c{lift.Category}'", by = lift.By };
        return JsonSerializer.Serialize(new
        {
            hide = new { items = rules.HiddenItems.Select(Key), categories = rules.HiddenCategories.Select(category => $"c{category}"), filter = string.Create(CultureInfo.InvariantCulture, $"events < {rules.HiddenBelow}") },
            showUnavailable = rules.ShowsUnavailable,
            excludeSeen = rules.ExcludesSeen,
            pin = rules.Pins.Select(pin => pin.LastCategory is { } category
                ? (object)new { itemId = Key(pin.Item), position = pin.Position, lastCategory = $"c{category}" }
                : new { itemId = Key(pin.Item), position = pin.Position }),
            boost = rules.Boosts.Select(Lift),
            bury = rules.Buries.Select(Lift),
            quota = rules.Quotas.Select(quota => quota.Category is { } category ? (object)new { category = $"c{category}", most = quota.Most } : new { most = quota.Most }),
        });
    }

    private Gen<Case> Cases()
    {
        var items = shop.Keys.Count + 5;
        var item = Gen.Int[0, items - 1];
        var category = Gen.Int[0, Categories - 1];
        var maybe = Gen.Bool.SelectMany(there => there ? category.Select(one => (int?)one) : Gen.Const((int?)null));
        var lift = Gen.Select(category, Gen.Bool, Gen.Int[1, 24]).Select((of, others, by) => new DrawnLift(of, others, by / 16.0));
        var pin = Gen.Select(Gen.Int[1, 12], item, maybe).Select((position, pinned, last) => new DrawnPin(position, pinned, last));
        var quotas = Gen.Select(maybe, Gen.Int[0, 6]).Array[0, 3].Select(drawn => drawn.DistinctBy(quota => quota.Item1 ?? -1).ToArray());
        var rules = Gen.Select(
            Gen.Select(item.Array[0, 5], Gen.Frequency((2, Gen.Const(Array.Empty<int>())), (1, category.Array[1])), Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 60]))),
            Gen.Select(Gen.Bool, Gen.Bool),
            Gen.Select(pin.Array[0, 5], lift.Array[0, 3], lift.Array[0, 2]),
            quotas).Select((hide, flags, placed, quota) => new DrawnRules(hide.Item1, hide.Item2, hide.Item3, flags.Item1, flags.Item2, placed.Item1, placed.Item2, placed.Item3, quota));
        var request = Gen.Select(
            item.Array[0, 4], Gen.Int[1, 30], item.Array[0, 6],
            Gen.Frequency((3, Gen.Const((int[]?)null)), (1, item.Array[0, 40].Select(allowed => (int[]?)allowed))),
            Gen.Frequency((3, Gen.Const((int?)null)), (1, category.Select(one => (int?)one)))).Select((session, count, deny, allow, filter) => new DrawnRequest(session, count, deny, allow, filter));
        return Gen.Select(category.Array[0, 3].Array[items], Gen.Int[0, 9].Select(one => one > 0).Array[items], rules, request.Array[1, 5])
            .Select((categories, available, drawn, requests) => new Case(categories, available, drawn, requests));
    }
}
