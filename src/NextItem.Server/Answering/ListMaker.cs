using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;
using NextItem.Server.Catalog;
using NextItem.Server.Contract;
using NextItem.Server.Feedback;
using NextItem.Server.Filters;
using NextItem.Server.Rules;
using NextItem.Server.Sessions;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Answering;

/// <summary>Makes lists of recommendations: the model's top K among what may be shown.</summary>
internal sealed class ListMaker(ServerOptions options, ItemFactsStore facts, RulesHolder rules, FeedbackLog feedback, RecommenderMetrics metrics, TimeProvider time)
{
    /// <summary>Items left out one by one; more of them become a filter, which costs a bit an item of the catalog.</summary>
    private const int MostExcludedOneByOne = 128;

    private readonly RecommendationIds _ids = new();
    private readonly FilterCache _filters = new(facts);

    /// <summary>Which model answers.</summary>
    public static ModelAnswer Name(ServedModel model) => new(model.Version, model.Variant, model.TrainedUntil);

    /// <summary>Recommendations for a session that the request holds.</summary>
    public RecommendationsAnswer ForItems(IReadOnlyList<string> items, ServedModel model, ListQuery query) =>
        Make(null, items, default, SessionStates.Known(items, model), model, query);

    /// <summary>Recommendations for a stored session.</summary>
    public RecommendationsAnswer ForSession(string sessionId, SessionRecord session, ServedModel model, ListQuery query)
    {
        var (state, missing) = SessionStates.Of(session, model);
        return Make(sessionId, session.Items, state, missing, model, query);
    }

    private RecommendationsAnswer Make(string? sessionId, IReadOnlyList<string> session, ReadOnlyMemory<byte> state, int[] missing, ServedModel model, ListQuery query)
    {
        using var span = Spans.Start("recommend");
        var started = time.GetTimestamp();
        var isPopular = state.IsEmpty && missing.Length == 0;
        var list = isPopular
            ? Listed(session, model, query, Popular(model))
            : model.Scorer.Rank(state.Span, missing, best => Listed(session, model, query, best));
        string[] scored = [.. list.Where(item => item.Score is not null).Select(item => item.Key)];
        var because = query.Explain && !isPopular ? scored.Zip(Reasons.Of(model.Recommender, session, scored)).ToDictionary(pair => pair.First, pair => pair.Second) : null;
        RecommendedItem[] items = [.. list.Select(item => new RecommendedItem(
            item.Key,
            item.Score,
            item.Score is null ? "promotion" : isPopular ? "popular" : "model",
            facts[item.Key].Title,
            query.Explain ? because?.GetValueOrDefault(item.Key) ?? [] : null))];
        string[] unknown = [.. session.Where(key => model.Catalog.IndexOf(key) == ItemCatalog.UnknownItem)];
        var answer = new RecommendationsAnswer(_ids.Next(), Name(model), items, unknown, isPopular ? "popular" : "none");
        metrics.Recommended(isPopular, unknown.Length, started, model, list.Select(item => item.Key));
        if (feedback.IsOn && query.Consents)
            feedback.Add(Line(sessionId, answer));
        return answer;
    }

    private ListLine Line(string? sessionId, RecommendationsAnswer answer) => new()
    {
        RecommendationId = answer.RecommendationId,
        SessionId = sessionId,
        Timestamp = feedback.Clock.Next(),
        Variant = answer.Model.Variant,
        ModelVersion = answer.Model.Version,
        Fallback = answer.Fallback,
        Items = [.. answer.Items.Select((item, i) => new ShownItem(item.ItemId, i + 1, item.Source))],
    };

    /// <summary>The list: rules and request leave out, pins take their places, and the best of the others fill the rest.</summary>
    /// <returns>Items; those that are pinned have no score.</returns>
    private (string Key, double? Score)[] Listed(IReadOnlyList<string> session, ServedModel model, ListQuery query, BestItems best)
    {
        var catalog = model.Catalog;
        var standing = rules.For(catalog);
        var excludesSeen = standing.Rules.ExcludeSeen ?? options.ExcludeSeen;
        var pinned = PinnedItems.Of(standing, session, query, excludesSeen, time.GetUtcNow());

        var filter = And(
            And(standing.Allowed, query.Filter is null ? null : _filters.Items(query.Filter, catalog)),
            query.Allow is null ? null : ItemFilter.AllowOnly(catalog, query.Allow));
        IEnumerable<string> left = [.. query.Deny, .. excludesSeen ? session : [], .. pinned.Values];
        var exclude = SessionStates.Known(left.Distinct(StringComparer.Ordinal), model);
        if (exclude.Length > MostExcludedOneByOne)
            (filter, exclude) = (And(filter, ItemFilter.Deny(catalog, left)), []);

        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in pinned.Values)
            RuledRanking.Count(standing.CategoriesOf(key), taken);
        var others = new RuledRanking(standing, best, catalog, filter, exclude).Take(query.NumResults - pinned.Count, taken);
        return [.. PinnedItems.Among(others.Select(item => (catalog.KeyOf(item.ItemIndex), item.Score)), pinned)];
    }

    /// <summary>The most popular items, for sessions of which nothing is known.</summary>
    private static BestItems Popular(ServedModel model) => (filter, exclude, count) =>
    {
        var allowed = exclude.Length == 0 ? filter : And(filter, ItemFilter.Deny(model.Catalog, exclude.Select(model.Catalog.KeyOf)));
        return [.. model.Recommender.Recommend([], count, new RecommendOptions { Filter = allowed }).Items.Select(item => new ScoredItem(model.Catalog.IndexOf(item.ItemKey), (float)item.Score))];
    };

    private static ItemFilter? And(ItemFilter? one, ItemFilter? other) => one is null ? other : other is null ? one : one.And(other);
}
