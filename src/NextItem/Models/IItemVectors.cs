namespace NextItem;

/// <summary>A model that places items in a vector space, so that items like one item can be found.</summary>
public interface IItemVectors
{
    /// <summary>Length E of an item's vector.</summary>
    int VectorLength { get; }

    /// <summary>The vector of an item, without its bias. Native memory of the model's: valid as long as the model is reachable.</summary>
    ReadOnlySpan<float> VectorOf(int itemIndex);
}
