using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// V-SKNN: of the most recent training sessions that share an item with the session, those most like it vote for their items; an
/// item counts the more the later it came in the session.
/// </summary>
/// <remarks>
/// Ludewig and Jannach 2018, vector multiplication session-based kNN, with inverse document frequencies. Items that no neighbour
/// has have no score. docs/baselines.md.
/// </remarks>
public sealed class VSknnModel : ISessionModel
{
    private readonly NeighbourWeights _weights;

    internal VSknnModel(ItemCatalog catalog, VSknnOptions options, SessionIndex index)
    {
        Catalog = catalog;
        Options = options;
        Index = index;
        var itemWeights = new double[catalog.Count];
        for (var item = 0; item < itemWeights.Length; item++)
            itemWeights[item] = index.SessionCounts[item] == 0 ? 0 : 1 + (options.IdfWeight * Math.Log((double)index.Count / index.SessionCounts[item]));
        _weights = new NeighbourWeights(options.RecentSessions, options.Neighbours, options.SessionLength, DistinctItems: false, SkipLastItem: false, itemWeights);
    }

    /// <inheritdoc/>
    public string Algorithm => "v-sknn";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>What the model was fitted with.</summary>
    public VSknnOptions Options { get; }

    /// <summary>Number of training sessions in the index.</summary>
    public int SessionCount => Index.Count;

    internal SessionIndex Index { get; }

    /// <summary>Indexes a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">How neighbours are found and score; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    public static VSknnModel Fit(SessionSet train, VSknnOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new VSknnOptions();
        options.Validate();
        return new VSknnModel(train.Catalog, options, SessionIndex.Of(train, options.RecentSessions));
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new NeighbourLanes(Catalog, lanes, Index, _weights);
}
