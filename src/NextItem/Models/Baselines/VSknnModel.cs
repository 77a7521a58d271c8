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
public sealed class VSknnModel : SessionKnnModel
{
    internal VSknnModel(ItemCatalog catalog, VSknnOptions options, SessionIndex index)
        : base(catalog, index, WeightsOf(catalog, options, index)) => Options = options;

    /// <inheritdoc/>
    public override string Algorithm => "v-sknn";

    /// <summary>What the model was fitted with.</summary>
    public VSknnOptions Options { get; }

    /// <summary>Indexes a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">How neighbours are found and score; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static VSknnModel Fit(SessionSet train, VSknnOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new VSknnOptions();
        options.Validate();
        return new VSknnModel(train.Catalog, options, SessionIndex.Of(train, options.RecentSessions, cancellationToken));
    }

    private static NeighbourWeights WeightsOf(ItemCatalog catalog, VSknnOptions options, SessionIndex index)
    {
        var idf = ItemWeights(catalog, item => index.SessionCounts[item] == 0 ? 0 : 1 + (options.IdfWeight * Math.Log((double)index.Count / index.SessionCounts[item])));
        return new NeighbourWeights(options.RecentSessions, options.Neighbours, options.SessionLength, DistinctItems: false, SkipLastItem: false, idf);
    }
}
