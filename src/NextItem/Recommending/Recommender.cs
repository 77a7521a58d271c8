using System.Collections.Concurrent;
using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Models;
using NextItem.Recommending;

namespace NextItem;

/// <summary>
/// Recommends the next items of a session given by its item keys. Stateless between calls and safe for use by many threads
/// at once. The scores are those of the evaluator: there is one scoring path.
/// </summary>
public sealed partial class Recommender : IDisposable
{
    private readonly ConcurrentBag<SessionLanes> _idle = [];
    private readonly PopularityModel _popular;
    private readonly bool _buildsIndex;
    private volatile bool _disposed;

    /// <summary>Makes a recommender of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public Recommender(ISessionModel model, RecommenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new RecommenderOptions();
        options.Validate();
        Model = model;
        _popular = new PopularityModel(model.Catalog, model.Catalog.Count);
        _buildsIndex = options.Index == IndexBuilding.OnFirstUse;
        if (options.Index == IndexBuilding.AtOnce && model is IIndexedModel indexed)
            indexed.BuildIndex();
    }

    /// <summary>The model.</summary>
    public ISessionModel Model { get; }

    /// <summary>Recommends the next items of a session.</summary>
    /// <param name="sessionItems">Item keys of the session so far, oldest first. Unknown ones are skipped and named in the answer.</param>
    /// <param name="count">How many are wanted, K; at least 1.</param>
    /// <param name="options">What may be recommended; null for the defaults.</param>
    /// <returns>Best first. An empty session, or one of unknown items only, gets the most popular items, marked as such.</returns>
    /// <exception cref="ArgumentException">An item key is null, or the filter was made for another catalog.</exception>
    /// <exception cref="ObjectDisposedException">The recommender was disposed.</exception>
    public RecommendationList Recommend(IEnumerable<string> sessionItems, int count, RecommendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sessionItems);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ObjectDisposedException.ThrowIf(_disposed, this);
        options ??= new RecommendOptions();
        var (known, unknown) = Look(sessionItems, "the session", nameof(sessionItems));
        var best = new ScoredItem[Math.Min(count, Model.Catalog.Count)];
        var found = known.Length == 0 ? Popular(options, best) : Score(known, options, best);
        return Answer(best.AsSpan(0, found), unknown, known.Length == 0);
    }

    /// <summary>Recommends the next items of a session into a span of the caller's: the number wanted is its length.</summary>
    /// <param name="sessionItems">Item keys of the session so far, oldest first. Unknown ones are skipped.</param>
    /// <param name="best">Receives the items, best first; what lies beyond the number returned is left as it was.</param>
    /// <param name="options">What may be recommended; null for the defaults.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">An item key is null, or the filter was made for another catalog.</exception>
    /// <exception cref="ObjectDisposedException">The recommender was disposed.</exception>
    public int Recommend(IEnumerable<string> sessionItems, Span<Recommendation> best, RecommendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sessionItems);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (best.IsEmpty)
            return 0;
        var list = Recommend(sessionItems, best.Length, options);
        for (var i = 0; i < list.Items.Count; i++)
            best[i] = list.Items[i];
        return list.Items.Count;
    }

    /// <summary>The items whose vectors point in the most similar direction (cosine), most similar first.</summary>
    /// <param name="itemKey">The item.</param>
    /// <param name="count">How many are wanted; at least 1. The item itself is left out.</param>
    /// <exception cref="KeyNotFoundException">The model does not know the item.</exception>
    /// <exception cref="NotSupportedException">The model has no item vectors.</exception>
    /// <exception cref="ObjectDisposedException">The recommender was disposed.</exception>
    public IReadOnlyList<Recommendation> Similar(string itemKey, int count)
    {
        ArgumentNullException.ThrowIfNull(itemKey);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Model is not IItemVectors vectors)
            throw new NotSupportedException($"A model of algorithm '{Model.Algorithm}' has no item vectors; similar items need one that has, such as gru4rec.");
        var item = Model.Catalog.IndexOf(itemKey);
        if (item < 0)
            throw new KeyNotFoundException($"The model does not know the item '{itemKey}'; it knows {Model.Catalog.Count:N0} items.");

        var best = new ScoredItem[Math.Min(count, Model.Catalog.Count)];
        var top = new TopK(best);
        var own = vectors.VectorOf(item);
        var ownLength = TensorPrimitives.Norm(own);
        for (var other = 0; other < Model.Catalog.Count; other++)
        {
            if (other == item)
                continue;
            var vector = vectors.VectorOf(other);
            var lengths = ownLength * TensorPrimitives.Norm(vector);
            top.Add(other, lengths > 0 ? TensorPrimitives.Dot(own, vector) / lengths : 0);
        }

        GC.KeepAlive(vectors); // the spans above are its native memory
        var found = top.Sort();
        return Array.ConvertAll(best[..found], scored => new Recommendation(Model.Catalog.KeyOf(scored.ItemIndex), scored.Score));
    }

    /// <summary>Tells which click of a session carried an item, for every model: the session is scored again without each click.</summary>
    /// <param name="sessionItems">Item keys of the session so far, oldest first. Unknown ones are skipped; every other event is a click of its own.</param>
    /// <param name="itemKeys">The items, recommended ones or any others.</param>
    /// <returns>An explanation for each item, in their order. Ranks are among all items, whatever was filtered.</returns>
    /// <exception cref="ArgumentException">An item key is null.</exception>
    /// <exception cref="KeyNotFoundException">The model does not know an item that is to be explained.</exception>
    /// <exception cref="ObjectDisposedException">The recommender was disposed.</exception>
    /// <remarks>Costs as many scorings as the session has clicks, and one more.</remarks>
    public IReadOnlyList<Explanation> Explain(IEnumerable<string> sessionItems, IReadOnlyList<string> itemKeys)
    {
        ArgumentNullException.ThrowIfNull(sessionItems);
        ArgumentNullException.ThrowIfNull(itemKeys);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var positions = new List<int>();
        var (known, _) = Look(sessionItems, "the session", nameof(sessionItems), positions);
        var items = new int[itemKeys.Count];
        for (var i = 0; i < items.Length; i++)
        {
            if (itemKeys[i] is null)
                throw new ArgumentException($"Item key {i}, counted from 0, is null.", nameof(itemKeys));
            items[i] = Model.Catalog.IndexOf(itemKeys[i]);
            if (items[i] < 0)
                throw new KeyNotFoundException($"The model does not know the item '{itemKeys[i]}'; it knows {Model.Catalog.Count:N0} items.");
        }

        return SessionExplainer.Explain(Model, [.. known], positions, items);
    }

    /// <summary>
    /// Frees the lanes kept for the next calls; the model stays usable. Calls that are under way finish, later ones throw
    /// <see cref="ObjectDisposedException"/>. Disposing again does nothing.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        FreeIdleLanes();
    }

    /// <summary>Known item indices, with their places in the session where these are asked for, and the keys that are unknown.</summary>
    private (int[] Known, string[] Unknown) Look(IEnumerable<string> sessionItems, string sessionIs, string argument, List<int>? positions = null)
    {
        var known = new List<int>();
        var unknown = new List<string>();
        foreach (var key in sessionItems)
        {
            if (key is null) // as a span it would be the empty key, which is one like any other
                throw new ArgumentException($"Item key {known.Count + unknown.Count} of {sessionIs}, counted from 0, is null.", argument);
            var index = Model.Catalog.IndexOf(key);
            if (index >= 0)
            {
                positions?.Add(known.Count + unknown.Count);
                known.Add(index);
            }
            else
            {
                unknown.Add(key);
            }
        }

        return ([.. known], [.. unknown]);
    }

    private RecommendationList Answer(ReadOnlySpan<ScoredItem> best, string[] unknown, bool isPopular)
    {
        var items = new Recommendation[best.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = new Recommendation(Model.Catalog.KeyOf(best[i].ItemIndex), best[i].Score);
        return new RecommendationList(items, unknown, isPopular);
    }

    private void BuildIndex()
    {
        if (_buildsIndex && Model is IIndexedModel { IndexBytes: 0 } indexed)
            indexed.BuildIndex();
    }

    private int Score(int[] known, RecommendOptions options, Span<ScoredItem> best)
    {
        BuildIndex();
        if (!_idle.TryTake(out var lanes))
            lanes = Model.Open(1);
        try
        {
            lanes.Reset(0);
            foreach (var item in known)
                lanes.Advance([item]);
            return lanes.TopK(0, options.Filter, options.ExcludeSeen ? known : [], best);
        }
        finally
        {
            _idle.Add(lanes);
            if (_disposed) // during this call: nobody comes back for them
                FreeIdleLanes();
        }
    }

    private int Popular(RecommendOptions options, Span<ScoredItem> best)
    {
        using var lanes = _popular.Open(1);
        return lanes.TopK(0, options.Filter, [], best);
    }

    private void FreeIdleLanes()
    {
        while (_idle.TryTake(out var lanes) || _idleMany.TryTake(out lanes))
            lanes.Dispose();
    }
}
