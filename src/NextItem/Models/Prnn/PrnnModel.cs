using NextItem.Diagnostics;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Models;
using NextItem.Models.Prnn;
using NextItem.Optimizers;

namespace NextItem;

/// <summary>
/// A trained p-RNN: parallel GRUs read the items of a session and their features, and score every item as the next. It keeps the
/// features of its items, and the vocabularies with which features of new items become numbers.
/// </summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016. Scores are logits: the subnets' scores and the item's bias in one sum.</remarks>
public sealed unsafe class PrnnModel : ISessionModel, IItemVectors, IIndexedModel, IDisposable
{
    private readonly PrnnParameters _network;
    private readonly ParameterTable _items;
    private readonly bool _ownsNetwork;

    /// <summary>Takes over a network and its joined output matrices.</summary>
    /// <param name="catalog">The items.</param>
    /// <param name="options">How it was trained.</param>
    /// <param name="features">Of the catalog's items; null where the network reads none.</param>
    /// <param name="network">Everything but the output matrices.</param>
    /// <param name="items">[I x (V + 1)] these, side by side, and the bias; freed with the model.</param>
    /// <param name="ownsNetwork">Whether the network is freed with it too.</param>
    internal PrnnModel(ItemCatalog catalog, PrnnOptions options, ItemFeatures? features, PrnnParameters network, ParameterTable items, bool ownsNetwork = true)
    {
        Catalog = catalog;
        Options = options;
        Features = features;
        _network = network;
        _items = items;
        _ownsNetwork = ownsNetwork;
        VectorLength = network.Shape.VectorLength;
        Scored = new ScoredItems(
            new ItemRows(items.Row(0), items.Stride, items.Row(0) + VectorLength, items.Stride, items.Rows, VectorLength), this, Free);
    }

    /// <inheritdoc/>
    public string Algorithm => "prnn";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>The options that the model was trained with.</summary>
    public PrnnOptions Options { get; }

    /// <summary>The features of the items, and how those of new items are encoded; null for <see cref="PrnnArchitecture.IdOnly"/>.</summary>
    public ItemFeatures? Features { get; }

    /// <summary>Number of learned values.</summary>
    public long ParameterCount => PrnnParameters.Specs(_network.Shape, Catalog.Count).Sum(spec => (long)spec.Rows * spec.BlockColumns * spec.Blocks);

    /// <inheritdoc/>
    /// <remarks>The subnets' vectors side by side.</remarks>
    public int VectorLength { get; }

    /// <summary>Bytes of the index that <see cref="BuildIndex"/> has built; 0 before that.</summary>
    public long IndexBytes => Scored.IndexBytes;

    /// <summary>What items are scored by.</summary>
    internal ScoredItems Scored { get; }

    /// <summary>GRUs and input weights.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds the memory any more.</exception>
    internal PrnnParameters Network => Scored.Use(() => _network);

    /// <summary>[I x (V + 1)] the output matrices side by side, and the bias.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds the memory any more.</exception>
    internal ParameterTable Items => Scored.Use(() => _items);

    /// <inheritdoc/>
    /// <remarks>The span is native memory: keep the model reachable, and do not dispose it, while it is read.</remarks>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public ReadOnlySpan<float> VectorOf(int itemIndex)
    {
        Throw.IfOutside(itemIndex, Catalog.Count, "item");
        Scored.ThrowIfDisposed();
        return new ReadOnlySpan<float>(Scored.Rows.Vector(itemIndex), VectorLength);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public SessionLanes Open(int lanes) => new PrnnLanes(this, lanes);

    /// <inheritdoc cref="Gru4RecModel.BuildIndex()"/>
    public bool BuildIndex() => Scored.BuildIndex(ItemIndex.LeastItems);

    /// <inheritdoc cref="Gru4RecModel.Dispose"/>
    public void Dispose() => Scored.Dispose();

    /// <summary>
    /// The model with items that training had no event of, placed by their features: a new item's vectors come from a ridge regression from
    /// features to what was learned of items, and as an input its features are read as every other's. This model stays as it is.
    /// </summary>
    /// <param name="features">Features of the new items, from <see cref="ItemFeatures.Encode(FeatureTable)"/> of <see cref="Features"/>. Items that the model has already are passed over.</param>
    /// <param name="options">How they are placed; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A model of its own, and which items it has more than this one.</returns>
    /// <exception cref="InvalidOperationException">The model reads no features.</exception>
    /// <exception cref="ArgumentException">The features were encoded in another way.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public AddedItems AddItems(ItemFeatures features, NewItemOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        options ??= new NewItemOptions();
        options.Validate();
        if (Features is null)
            throw new InvalidOperationException("The model reads items alone; only one that reads features can place new items by them.");
        if (!features.Blocks.Select(block => block.Encoder).SequenceEqual(Features.Blocks.Select(block => block.Encoder)))
            throw new ArgumentException("The features were encoded in another way than the model's; expected those of its Features.Encode.", nameof(features));
        Scored.Retain();
        try
        {
            return NewItems.Add(this, Features, features, options, cancellationToken);
        }
        finally
        {
            Scored.Release();
        }
    }

    /// <summary>Blocks of features as the network's shape takes them.</summary>
    internal static (string Name, FeatureRows Rows)[] BlocksOf(ItemFeatures? features) =>
        features is null ? [] : [.. features.Blocks.Select(block => (block.Name, block.Rows))];

    private void Free()
    {
        _items.Dispose();
        if (_ownsNetwork)
            _network.Dispose();
    }
}
