using NextItem.Diagnostics;
using NextItem.Models.Gru4Rec;

namespace NextItem;

/// <summary>A trained GRU4Rec network: a GRU reads the items of a session one by one and scores every item as the next.</summary>
/// <remarks>Hidasi, Karatzoglou, Baltrunas, Tikk, ICLR 2016. Scores are logits: h . v_item + bias_item.</remarks>
public sealed class Gru4RecModel : ISessionModel, IItemVectors
{
    internal Gru4RecModel(ItemCatalog catalog, Gru4RecOptions options, Gru4RecParameters parameters)
    {
        Catalog = catalog;
        Options = options;
        Parameters = parameters;
    }

    /// <inheritdoc/>
    public string Algorithm => "gru4rec";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>The options that the model was trained with.</summary>
    public Gru4RecOptions Options { get; }

    /// <summary>Number of learned values.</summary>
    public long ParameterCount => Parameters.All.ValueCount;

    /// <inheritdoc/>
    public int VectorLength => Parameters.VectorLength;

    internal Gru4RecParameters Parameters { get; }

    /// <inheritdoc/>
    public unsafe ReadOnlySpan<float> VectorOf(int itemIndex)
    {
        Throw.IfOutside(itemIndex, Catalog.Count, "item");
        return new ReadOnlySpan<float>(Parameters.Items.Row(itemIndex), VectorLength);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new Gru4RecLanes(this, lanes);
}
