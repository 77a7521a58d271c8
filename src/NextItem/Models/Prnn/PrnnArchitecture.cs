namespace NextItem;

/// <summary>The networks of the p-RNN paper: which subnets there are and how their hidden states become scores of items.</summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016, section 3. Formulas: docs/derivations/prnn.md.</remarks>
public enum PrnnArchitecture
{
    /// <summary>A subnet for the item and one for each block of features, with an output matrix each; their scores are summed.</summary>
    Parallel,

    /// <summary>The item alone: GRU4Rec with one-hot input.</summary>
    IdOnly,

    /// <summary>A subnet for each block of features, none for the item. Every item that has the same features is one and the same input.</summary>
    FeatureOnly,

    /// <summary>One subnet that reads the item and all its features.</summary>
    Concatenated,

    /// <summary>As parallel, with one output matrix for all: the subnets' states are summed.</summary>
    SharedWeights,

    /// <summary>As parallel, but a feature subnet's state is multiplied by the item subnet's before it is scored.</summary>
    Interaction,
}
