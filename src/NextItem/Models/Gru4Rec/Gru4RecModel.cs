using NextItem.Diagnostics;
using NextItem.Kernels;
using NextItem.Models;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem;

/// <summary>A trained GRU4Rec network: a GRU reads the items of a session one by one and scores every item as the next.</summary>
/// <remarks>Hidasi, Karatzoglou, Baltrunas, Tikk, ICLR 2016. Scores are logits: h . v_item + bias_item, or with <see cref="Gru4RecOptions.CosineScale"/> s cos(h, v_item).</remarks>
public sealed unsafe class Gru4RecModel : ISessionModel, IItemVectors, IIndexedModel, IDisposable
{
    private readonly MappedItems? _mapped;
    private Gru4RecParameters? _whole;

    internal Gru4RecModel(ItemCatalog catalog, Gru4RecOptions options, Gru4RecParameters parameters)
        : this(catalog, options, parameters, RowsOf(parameters.Items, options.Layers[^1]), null)
    {
    }

    /// <summary>A model whose items lie in a mapped file.</summary>
    /// <param name="catalog">The items.</param>
    /// <param name="options">How it was trained.</param>
    /// <param name="network">Everything that is not mapped.</param>
    /// <param name="mapped">The rows of items; disposed with the model.</param>
    internal Gru4RecModel(ItemCatalog catalog, Gru4RecOptions options, Gru4RecParameters network, MappedItems mapped)
        : this(catalog, options, network, mapped.Scored, mapped)
    {
    }

    private Gru4RecModel(ItemCatalog catalog, Gru4RecOptions options, Gru4RecParameters network, ItemRows rows, MappedItems? mapped)
    {
        Catalog = catalog;
        Options = options;
        Network = network;
        _mapped = mapped;
        Scored = new ScoredItems(rows, this, Free);
    }

    /// <inheritdoc/>
    public string Algorithm => "gru4rec";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>The options that the model was trained with.</summary>
    public Gru4RecOptions Options { get; }

    /// <summary>Number of learned values.</summary>
    public long ParameterCount => Gru4RecParameters.Specs(Options, Catalog.Count).Sum(spec => (long)spec.Rows * spec.BlockColumns * spec.Blocks);

    /// <inheritdoc/>
    public int VectorLength => Options.Layers[^1];

    /// <summary>True when the rows of items are read from a mapped file.</summary>
    public bool IsMapped => _mapped is not null;

    /// <summary>Bytes of the index that <see cref="BuildIndex()"/> has built; 0 before that.</summary>
    public long IndexBytes => Scored.IndexBytes;

    /// <summary>Every parameter. Of a mapped model a copy, made when it is asked for: to go on training, not to score.</summary>
    internal Gru4RecParameters Parameters => Scored.Use(() => _mapped is null ? Network : _whole ??= Whole(_mapped));

    /// <summary>The layers, and the rows of items where they are not mapped.</summary>
    internal Gru4RecParameters Network { get; }

    /// <summary>What items are scored by.</summary>
    internal ScoredItems Scored { get; }

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
    public SessionLanes Open(int lanes) => new Gru4RecLanes(this, lanes);

    /// <summary>
    /// Builds the index by which lanes find the best items of large catalogs without reading every vector: one byte for each element of
    /// each vector and 12 bytes an item, about 1/4 more memory. The answers stay the same to the bit. Built once; a
    /// <see cref="Recommender"/> calls this by itself. Nothing happens where an index does not pay, with few items.
    /// </summary>
    /// <returns>True when there is an index now.</returns>
    /// <remarks>docs/scoring.md: the bound that makes it exact, and what it costs and gains.</remarks>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public bool BuildIndex() => BuildIndex(ItemIndex.LeastItems);

    /// <inheritdoc cref="BuildIndex()"/>
    /// <param name="leastItems">Number of items from which it is built.</param>
    internal bool BuildIndex(int leastItems) => Scored.BuildIndex(leastItems);

    /// <summary>
    /// Frees the model's memory, or the mapping of its file. Lanes that are open keep it until they are disposed too; new ones cannot be
    /// opened, and vectors that <see cref="VectorOf"/> returned may not be read any more.
    /// </summary>
    public void Dispose() => Scored.Dispose();

    /// <summary>[E]: what an item is as the input of the first layer; for one-hot input there is none.</summary>
    internal ReadOnlySpan<float> InputOf(int item) =>
        _mapped is not null ? _mapped.InputOf(item) : new ReadOnlySpan<float>(Network.Inputs.Row(item), Network.InputSize);

    private static ItemRows RowsOf(ParameterTable items, int length) =>
        new(items.Row(0), items.Stride, items.Row(0) + length, items.Stride, items.Rows, length);

    private void Free()
    {
        _whole?.Dispose();
        Network.Dispose();
        _mapped?.Dispose();
    }

    private Gru4RecParameters Whole(MappedItems mapped)
    {
        var whole = new Gru4RecParameters(Options, Catalog.Count, states: 0);
        foreach (var table in whole.All.Tables)
        {
            var source = Network.All[table.Name];
            for (var row = 0; row < source.Rows; row++) // none where the rows are mapped
                new ReadOnlySpan<float>(source.Row(row), table.Width).CopyTo(new Span<float>(table.Row(row), table.Width));
        }

        for (var item = 0; item < Catalog.Count; item++)
        {
            new ReadOnlySpan<float>(mapped.Scored.Vector(item), VectorLength).CopyTo(new Span<float>(whole.Items.Row(item), VectorLength));
            whole.Items.Row(item)[VectorLength] = *mapped.Scored.Bias(item);
            if (whole.Embedding == EmbeddingMode.Separate)
                mapped.InputOf(item).CopyTo(new Span<float>(whole.Inputs.Row(item), whole.InputSize));
        }

        return whole;
    }
}
