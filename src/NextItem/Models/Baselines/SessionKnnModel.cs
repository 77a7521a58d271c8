using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What the session-kNN models share: an index of the training sessions, and lanes that let the neighbours vote. What they differ in are weights.</summary>
/// <remarks>docs/baselines.md.</remarks>
public abstract class SessionKnnModel : ISessionModel
{
    private readonly NeighbourWeights _weights;

    private protected SessionKnnModel(ItemCatalog catalog, SessionIndex index, NeighbourWeights weights)
    {
        Catalog = catalog;
        Index = index;
        _weights = weights;
    }

    /// <inheritdoc/>
    public abstract string Algorithm { get; }

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>Number of training sessions in the index.</summary>
    public int SessionCount => Index.Count;

    internal SessionIndex Index { get; }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new NeighbourLanes(Catalog, lanes, Index, _weights);

    /// <summary>[I] what the items' scores are multiplied by.</summary>
    private protected static double[] ItemWeights(ItemCatalog catalog, Func<int, double> of)
    {
        var weights = new double[catalog.Count];
        for (var item = 0; item < weights.Length; item++)
            weights[item] = of(item);
        return weights;
    }
}
