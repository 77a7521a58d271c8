namespace NextItem;

/// <summary>How the subnets of a p-RNN are trained. Every subnet gets the same number of updates in each way; the passes over the data differ.</summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016, section 4.</remarks>
public enum TrainingStrategy
{
    /// <summary>All parameters in every mini-batch.</summary>
    Simultaneous,

    /// <summary>One subnet an epoch, the others frozen, in turn.</summary>
    Alternating,

    /// <summary>One subnet after the other for all of its epochs, on the residual of those trained before.</summary>
    Residual,

    /// <summary>In each mini-batch one subnet after the other, each on the residual under the network as it is by then.</summary>
    Interleaving,
}
