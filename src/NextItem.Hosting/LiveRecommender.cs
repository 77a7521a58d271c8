using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;

namespace NextItem.Hosting;

/// <summary>
/// Recommends the next items of sessions with the model file that is there: a new one takes the old one's place while calls go on. Safe
/// for use by many threads at once.
/// </summary>
public sealed class LiveRecommender : IDisposable
{
    private readonly NextItemOptions _options;
    private readonly TimeProvider _time;
    private readonly RecommenderMetrics _metrics;
    private readonly ModelHolder _models;
    private readonly Lock _loading = new();
    private bool _disposed;

    internal LiveRecommender(NextItemOptions options, TimeProvider time, RecommenderMetrics metrics)
    {
        (_options, _time, _metrics) = (options, time, metrics);
        var first = ServedModel.Load(options.ModelPath, time);
        _metrics.Serves(first);
        _models = new ModelHolder(first);
    }

    /// <summary>The model that is used now.</summary>
    public LiveModel Model
    {
        get
        {
            using var lease = _models.Lease();
            var model = lease.Model;
            return new LiveModel(model.Version, model.Algorithm, model.Catalog.Count, model.TrainedUntil, model.LoadedAt, _models.Refused);
        }
    }

    internal ModelHolder Models => _models;

    /// <summary>Recommends the next items of a session.</summary>
    /// <param name="sessionItems">Item keys of the session so far, oldest first. Unknown ones are skipped and named in the answer.</param>
    /// <param name="count">How many are wanted, K; at least 1.</param>
    /// <param name="options">What may be recommended, made for the catalog of the model that answers; null for the defaults.</param>
    /// <returns>Best first. An empty session, or one of unknown items only, gets the most popular items, marked as such.</returns>
    public RecommendationList Recommend(IEnumerable<string> sessionItems, int count, Func<ItemCatalog, RecommendOptions>? options = null)
    {
        var started = _time.GetTimestamp();
        using var lease = _models.Lease();
        var list = lease.Model.Recommender.Recommend(sessionItems, count, options?.Invoke(lease.Model.Catalog));
        _metrics.Recommended(list.IsPopularFallback, list.UnknownItems.Count, started, lease.Model, list.Items.Select(item => item.ItemKey));
        return list;
    }

    /// <summary>Whatever else a recommender does, with the model of this moment: it is not freed before the function returns.</summary>
    /// <param name="use">Gets the recommender, which is not to be kept or disposed.</param>
    public T Use<T>(Func<Recommender, T> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        using var lease = _models.Lease();
        return use(lease.Model.Recommender);
    }

    /// <summary>Loads the file now, checks it, and puts it in the old one's place; applications with a host need not, it is looked at for them.</summary>
    /// <exception cref="ModelFileException">The file is no model file, is damaged, or recommends nothing; the old model goes on.</exception>
    /// <exception cref="IOException">The file cannot be read; the old model goes on.</exception>
    public void Reload()
    {
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                var model = ServedModel.Load(_options.ModelPath, _time);
                _metrics.Replaced(model);
                _models.Replace(model);
            }
            catch (Exception e)
            {
                _models.Refused = new RefusedFile(_time.GetUtcNow(), e.Message);
                _metrics.Refused(_models.Variant);
                throw;
            }
        }
    }

    /// <summary>Frees the model after the last call that is under way; nobody may call any more.</summary>
    public void Dispose()
    {
        lock (_loading)
        {
            if (_disposed)
                return;
            _disposed = true;
            _models.Dispose();
        }
    }
}
