namespace NextItem;

/// <summary>Where the first layer's input comes from. Official names: constrained_embedding, embedding.</summary>
public enum EmbeddingMode
{
    /// <summary>The item's own output vector: inputs and scores share one matrix. Usually the best. Official: constrained_embedding=True.</summary>
    Shared,

    /// <summary>A matrix of its own, of any size. Official: embedding=E.</summary>
    Separate,

    /// <summary>None: one-hot input, so that each item has a row of the first layer's input weights. The 2016 paper's. Official: embedding=0.</summary>
    None,
}
