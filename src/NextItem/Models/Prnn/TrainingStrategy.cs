namespace NextItem.Models.Prnn;

/// <summary>How the subnets of a p-RNN are trained.</summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016, section 4.</remarks>
internal enum TrainingStrategy
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

/// <summary>The passes of a strategy. Every subnet gets the same number of updates in each of them: what differs is the number of epochs.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Subnets">Number of subnets, S.</param>
/// <param name="EpochsOfSubnet">Epochs in which each subnet is trained, E.</param>
/// <param name="SumsAll">
/// Interleaving: the scores of every pass sum up all subnets, not only those trained so far. Default false, the residual of the subnets before.
/// </param>
/// <param name="GoesOnWithOutput">Residual with a shared output matrix: it is trained in every stage, so that the earlier stages' scores move. Default false.</param>
internal sealed record PrnnSchedule(TrainingStrategy Strategy, int Subnets, int EpochsOfSubnet, bool SumsAll = false, bool GoesOnWithOutput = false)
{
    /// <summary>Passes over the data: E, or S E where a subnet is trained in one of S epochs.</summary>
    public int Epochs => Strategy is TrainingStrategy.Alternating or TrainingStrategy.Residual ? Subnets * EpochsOfSubnet : EpochsOfSubnet;

    /// <summary>What is done with each mini-batch of an epoch, one pass after the other.</summary>
    /// <param name="epoch">Counted from 1.</param>
    public PrnnPass[] PassesOf(int epoch)
    {
        var all = (1u << Subnets) - 1;
        switch (Strategy)
        {
            case TrainingStrategy.Alternating:
                return [new PrnnPass(all, 1u << ((epoch - 1) % Subnets))];
            case TrainingStrategy.Residual:
                var stage = Math.Min(Subnets - 1, (epoch - 1) / EpochsOfSubnet);
                return [new PrnnPass(UpTo(stage), 1u << stage, TrainsOutput: stage == 0 || GoesOnWithOutput)];
            case TrainingStrategy.Interleaving:
                return [.. Enumerable.Range(0, Subnets).Select(k => new PrnnPass(SumsAll ? all : UpTo(k), 1u << k, FrozenAside: true))];
            default:
                return [new PrnnPass(all, all)];
        }
    }

    private static uint UpTo(int subnet) => (1u << (subnet + 1)) - 1;
}
