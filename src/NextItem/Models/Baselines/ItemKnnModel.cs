using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// Item-KNN: the items that most often share a session with the last item, for their popularity. Items that are none of its
/// neighbours have no score, the item itself included.
/// </summary>
/// <remarks>The baseline of Hidasi et al. 2016. Derivation and notes: docs/baselines.md.</remarks>
public sealed class ItemKnnModel : ISessionModel
{
    internal ItemKnnModel(ItemCatalog catalog, ItemKnnOptions options, ItemTable similarities)
    {
        Catalog = catalog;
        Options = options;
        Similarities = similarities;
    }

    /// <inheritdoc/>
    public string Algorithm => "item-knn";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>What the model was fitted with.</summary>
    public ItemKnnOptions Options { get; }

    /// <summary>Number of similarities that are kept, over all items.</summary>
    public int SimilarityCount => Similarities.Entries.Length;

    internal ItemTable Similarities { get; }

    /// <summary>Counts the common sessions of all pairs of items.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The similarity; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <remarks>Takes 8 bytes an event and 8 an item beside the model while it works; time grows with the squares of the sessions' lengths.</remarks>
    public static ItemKnnModel Fit(SessionSet train, ItemKnnOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new ItemKnnOptions();
        options.Validate();
        var items = train.Catalog.Count;
        var events = new ItemEvents(train);
        var builder = new ItemTableBuilder(items, options.Neighbours);
        var together = new int[items];
        var metIn = new int[items];
        var met = new List<int>();
        var session = 0; // counted over all items, from 1: what metIn holds
        for (var item = 0; item < items; item++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var places = events.Of(item);
            for (int i = 0, next; i < places.Length; i = next)
            {
                var own = events.SessionOf(places[i]);
                for (next = i + 1; next < places.Length && events.SessionOf(places[next]) == own;)
                    next++;
                session++;
                foreach (var other in train.ItemsOf(own))
                {
                    if (other < 0 || other == item || metIn[other] == session)
                        continue;
                    metIn[other] = session;
                    if (together[other] == 0)
                        met.Add(other);
                    together[other] += next - i;
                }
            }

            foreach (var other in met)
            {
                builder.Add(other, together[other] / (Damped(events.CountOf(item), options.Alpha) * Damped(events.CountOf(other), 1 - (double)options.Alpha)));
                together[other] = 0;
            }

            met.Clear();
            builder.EndRow();
        }

        return new ItemKnnModel(train.Catalog, options, builder.Build());

        double Damped(int support, double power) => Math.Pow(support + (double)options.Regularisation, power);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => Similarities.Open(Catalog, lanes);
}
