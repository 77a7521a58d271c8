using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;
using NextItem.Server.Catalog;
using NextItem.Server.Contract;
using NextItem.Server.Filters;
using NextItem.Server.Sessions;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Answering;

/// <summary>Makes lists of recommendations: the model's top K among what may be shown.</summary>
internal sealed class ListMaker(ServerOptions options, ItemFactsStore facts, RecommenderMetrics metrics, TimeProvider time)
{
    /// <summary>Items left out one by one; more of them become a filter, which costs a bit an item of the catalog.</summary>
    private const int MostExcludedOneByOne = 128;

    private readonly RecommendationIds _ids = new();
    private readonly FilterCache _filters = new(facts);

    /// <summary>Which model answers.</summary>
    public static ModelAnswer Name(ServedModel model) => new(model.Version, RecommenderMetrics.OnlyVariant, model.TrainedUntil);

    /// <summary>Recommendations for a session that the request holds.</summary>
    public RecommendationsAnswer ForItems(IReadOnlyList<string> items, ServedModel model, ListQuery query) =>
        Make(items, default, SessionStates.Known(items, model), model, query);

    /// <summary>Recommendations for a stored session.</summary>
    public RecommendationsAnswer ForSession(SessionRecord session, ServedModel model, ListQuery query)
    {
        var (state, missing) = SessionStates.Of(session, model);
        return Make(session.Items, state, missing, model, query);
    }

    private RecommendationsAnswer Make(IReadOnlyList<string> session, ReadOnlyMemory<byte> state, int[] missing, ServedModel model, ListQuery query)
    {
        using var span = Spans.Start("recommend");
        var started = time.GetTimestamp();
        var isPopular = state.IsEmpty && missing.Length == 0;
        var list = isPopular ? Popular(model, query) : Best(session, state, missing, model, query);
        var because = query.Explain && !isPopular ? Reasons.Of(model.Recommender, session, [.. list.Select(item => item.ItemKey)]) : null;
        var items = new RecommendedItem[list.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var (key, score) = list[i];
            items[i] = new RecommendedItem(key, score, isPopular ? "popular" : "model", facts[key].Title, query.Explain ? because?[i] ?? [] : null);
        }

        string[] unknown = [.. session.Where(key => model.Catalog.IndexOf(key) == ItemCatalog.UnknownItem)];
        metrics.Recommended(RecommenderMetrics.OnlyVariant, isPopular, unknown.Length, started, model, list.Select(item => item.ItemKey));
        return new RecommendationsAnswer(_ids.Next(), Name(model), items, unknown, isPopular ? "popular" : "none");
    }

    private IReadOnlyList<Recommendation> Popular(ServedModel model, ListQuery query)
    {
        var filter = And(Allowed(model, query), query.Deny.Count == 0 ? null : ItemFilter.Deny(model.Catalog, query.Deny));
        return model.Recommender.Recommend([], query.NumResults, new RecommendOptions { Filter = filter }).Items;
    }

    private Recommendation[] Best(IReadOnlyList<string> session, ReadOnlyMemory<byte> state, int[] missing, ServedModel model, ListQuery query)
    {
        var filter = Allowed(model, query);
        IEnumerable<string> left = options.ExcludeSeen ? query.Deny.Concat(session) : query.Deny;
        var exclude = SessionStates.Known(left.Distinct(StringComparer.Ordinal), model);
        if (exclude.Length > MostExcludedOneByOne)
            (filter, exclude) = (And(filter, ItemFilter.Deny(model.Catalog, left)), []);
        var best = new ScoredItem[Math.Min(query.NumResults, model.Catalog.Count)];
        var found = model.Scorer.TopK(state.Span, missing, filter, exclude, best);
        return Array.ConvertAll(best[..found], item => new Recommendation(model.Catalog.KeyOf(item.ItemIndex), item.Score));
    }

    /// <summary>What is available, holds by the filter, and is on the list of the only items allowed, where there are these.</summary>
    private ItemFilter? Allowed(ServedModel model, ListQuery query) => And(
        And(facts.Filter(model.Catalog), query.Filter is null ? null : _filters.Items(query.Filter, model.Catalog)),
        query.Allow is null ? null : ItemFilter.AllowOnly(model.Catalog, query.Allow));

    private static ItemFilter? And(ItemFilter? one, ItemFilter? other) => one is null ? other : other is null ? one : one.And(other);
}
