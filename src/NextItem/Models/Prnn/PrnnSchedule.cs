using System.Collections.Immutable;

namespace NextItem.Models.Prnn;

/// <summary>The passes of a strategy. Every subnet gets the same number of updates in each of them: what differs is the number of epochs.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="EpochsOf">[S] epochs in which each subnet is trained; one number for all where they are trained together.</param>
/// <param name="SumsAll">
/// Interleaving: the scores of every pass sum up all subnets, not only those trained so far. Default false, the residual of the subnets before.
/// </param>
/// <param name="GoesOnWithOutput">Residual with a shared output matrix: it is trained in every stage, so that the earlier stages' scores move. Default false.</param>
/// <param name="ThroughProducts">Interaction: the first subnet's GRU learns through the products while another is trained. Default false, it is frozen.</param>
/// <param name="BiasAlways">The items' bias is trained while another than the first subnet is. Default false.</param>
internal sealed record PrnnSchedule(
    TrainingStrategy Strategy, ImmutableArray<int> EpochsOf, bool SumsAll = false, bool GoesOnWithOutput = false, bool ThroughProducts = false, bool BiasAlways = false)
{
    /// <summary>The same number of epochs for each subnet.</summary>
    public PrnnSchedule(TrainingStrategy strategy, int subnets, int epochsOfSubnet)
        : this(strategy, [.. Enumerable.Repeat(epochsOfSubnet, subnets)])
    {
    }

    /// <summary>The schedule of options.</summary>
    public static PrnnSchedule Of(PrnnOptions options, PrnnShape shape) => new(
        options.Strategy,
        [.. shape.Subnets.Select(subnet => options.Of(subnet.Name).Epochs ?? options.Training.Epochs)],
        options.InterleavingSumsAll,
        options.ResidualTrainsOutput,
        options.InteractionTrainsId,
        options.BiasInEveryPass);

    /// <summary>Number of subnets, S.</summary>
    public int Subnets => EpochsOf.Length;

    /// <summary>Passes over the data: E, or the sum of all subnets' where one is trained in each.</summary>
    public int Epochs => OneByOne ? EpochsOf.Sum() : EpochsOf.Max();

    /// <summary>Whether an epoch trains one subnet alone.</summary>
    public bool OneByOne => Strategy is TrainingStrategy.Alternating or TrainingStrategy.Residual;

    /// <summary>What is done with each mini-batch of an epoch, one pass after the other.</summary>
    /// <param name="epoch">Counted from 1.</param>
    public PrnnPass[] PassesOf(int epoch)
    {
        var all = (1u << Subnets) - 1;
        switch (Strategy)
        {
            case TrainingStrategy.Alternating:
                return [Of(TurnOf(epoch).Subnet, all)];
            case TrainingStrategy.Residual:
                var stage = TurnOf(epoch).Subnet;
                return [Of(stage, UpTo(stage)) with { TrainsOutput = stage == 0 || GoesOnWithOutput }];
            case TrainingStrategy.Interleaving:
                return [.. Enumerable.Range(0, Subnets).Select(k => Of(k, SumsAll ? all : UpTo(k)) with { FrozenAside = true })];
            default:
                return [new PrnnPass(all, all)];
        }
    }

    /// <summary>Epochs that the subnets of an epoch have been trained for before it.</summary>
    /// <param name="epoch">Counted from 1.</param>
    public int EpochsBefore(int epoch) => OneByOne ? TurnOf(epoch).Before : epoch - 1;

    /// <summary>The subnet of an epoch, and how many epochs it has had before.</summary>
    private (int Subnet, int Before) TurnOf(int epoch)
    {
        if (epoch < 1 || epoch > Epochs)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"expected 1 to {Epochs}.");
        var turns = Strategy == TrainingStrategy.Residual
            ? from k in Enumerable.Range(0, Subnets) from before in Enumerable.Range(0, EpochsOf[k]) select (k, before)
            : from before in Enumerable.Range(0, EpochsOf.Max()) from k in Enumerable.Range(0, Subnets) where before < EpochsOf[k] select (k, before);
        return turns.ElementAt(epoch - 1);
    }

    /// <summary>The pass that trains one subnet.</summary>
    private PrnnPass Of(int subnet, uint included)
    {
        var pass = new PrnnPass(included, 1u << subnet, TrainsBias: BiasAlways && subnet > 0);
        return ThroughProducts && subnet > 0 ? pass with { Active = pass.Active | 1, FrozenHeads = 1 } : pass;
    }

    private static uint UpTo(int subnet) => (1u << (subnet + 1)) - 1;
}
