using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// VMIS-kNN: session-kNN from an index of each item's most recent sessions, made to answer in bounded time whatever the size of
/// the log. The session's last item gets no score, nor does an item that no neighbour has.
/// </summary>
/// <remarks>
/// Kersbergen, Sprangers, Schelter, "Serenade: low-latency session-based recommendation in e-commerce at scale", SIGMOD 2022. Where
/// the paper keeps the candidates in a heap, the sorted lists are merged: the same candidates. docs/baselines.md.
/// </remarks>
public sealed class VmisKnnModel : SessionKnnModel
{
    internal VmisKnnModel(ItemCatalog catalog, VmisKnnOptions options, SessionIndex index)
        : base(catalog, index, WeightsOf(catalog, options)) => Options = options;

    /// <inheritdoc/>
    public override string Algorithm => "vmis-knn";

    /// <summary>What the model was fitted with.</summary>
    public VmisKnnOptions Options { get; }

    /// <summary>Indexes a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">How neighbours are found and score; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static VmisKnnModel Fit(SessionSet train, VmisKnnOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new VmisKnnOptions();
        options.Validate();
        return new VmisKnnModel(train.Catalog, options, SessionIndex.Of(train, options.RecentSessions, cancellationToken));
    }

    private static NeighbourWeights WeightsOf(ItemCatalog catalog, VmisKnnOptions options)
    {
        double events = 0;
        foreach (var support in catalog.Support)
            events += support;
        var idf = ItemWeights(catalog, item => options.IdfWeight == 0 ? 1 : options.IdfWeight * Math.Log(events / Math.Max(1, catalog.Support[item])));
        return new NeighbourWeights(options.RecentSessions, options.Neighbours, options.SessionLength, DistinctItems: true, SkipLastItem: true, idf);
    }
}
