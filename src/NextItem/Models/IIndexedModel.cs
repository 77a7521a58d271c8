namespace NextItem.Models;

/// <summary>A model that can build an index of its items, by which lanes find the best of many without reading every vector.</summary>
internal interface IIndexedModel
{
    /// <summary>Bytes of the index; 0 before it is built.</summary>
    long IndexBytes { get; }

    /// <summary>Builds it, where it pays.</summary>
    bool BuildIndex();
}
