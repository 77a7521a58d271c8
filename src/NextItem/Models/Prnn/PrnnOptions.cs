using System.Collections.Immutable;

namespace NextItem;

/// <summary>
/// Everything that shapes a p-RNN and its training: parallel GRUs over the items of a session and their features. Immutable. The
/// paper leaves some choices open; here they are options, with what the paper's words say most plainly as the default.
/// </summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, "Parallel Recurrent Neural Network Architectures for Feature-rich Session-based Recommendations", RecSys 2016.</remarks>
public sealed partial record PrnnOptions
{
    /// <summary>The item's subnet, and its only input.</summary>
    internal const string Id = "id";

    /// <summary>The subnet that reads everything.</summary>
    internal const string Concatenated = "concatenated";

    /// <summary>
    /// What p-RNN shares with GRU4Rec: loss, samples, optimiser, batch size, seed, threads, early stopping; with the units of every
    /// subnet as its one layer, and the epochs that every subnet is trained for. The item is a one-hot input, so that Embedding is
    /// None; one layer, gradients through one step, and no cap on the gradient. Default: GRU4Rec's, with Embedding None.
    /// </summary>
    public Gru4RecOptions Training { get; init; } = new() { Embedding = EmbeddingMode.None };

    /// <summary>The network. Default: parallel.</summary>
    public PrnnArchitecture Architecture { get; init; } = PrnnArchitecture.Parallel;

    /// <summary>How the subnets are trained. Default: interleaving, the best of the paper's with residual.</summary>
    public TrainingStrategy Strategy { get; init; } = TrainingStrategy.Interleaving;

    /// <summary>What single subnets have otherwise. Default: nothing.</summary>
    public ImmutableArray<SubnetOptions> Subnets { get; init; } = [];

    /// <summary>
    /// Interleaving: every pass over a mini-batch sums up the scores of all subnets. Default false: of those that were trained in this
    /// mini-batch so far, whose residual the next one learns.
    /// </summary>
    public bool InterleavingSumsAll { get; init; }

    /// <summary>
    /// Residual training of shared weights: the output matrix goes on learning after the first stage, and the scores of earlier stages
    /// move with it. Default false: it is frozen then.
    /// </summary>
    public bool ResidualTrainsOutput { get; init; }

    /// <summary>Whether frozen subnets have their dropout while others are trained. Default false: they are the ensemble as it is used.</summary>
    public bool FrozenDropout { get; init; }

    /// <summary>
    /// Interaction: while a feature subnet is trained, the item subnet's GRU learns through the product with it, its output matrix does
    /// not. Default false: the item subnet is frozen then.
    /// </summary>
    public bool InteractionTrainsId { get; init; }

    /// <summary>
    /// The items' bias, which stands with the first subnet's output vectors, is trained while other subnets are too. Default false: with the
    /// first subnet alone, so that the earlier stages of residual training keep their scores.
    /// </summary>
    public bool BiasInEveryPass { get; init; }

    /// <inheritdoc/>
    public bool Equals(PrnnOptions? other) =>
        other is not null
        && Training == other.Training
        && Architecture == other.Architecture
        && Strategy == other.Strategy
        && Subnets.AsSpan().SequenceEqual(other.Subnets.AsSpan())
        && InterleavingSumsAll == other.InterleavingSumsAll
        && ResidualTrainsOutput == other.ResidualTrainsOutput
        && FrozenDropout == other.FrozenDropout
        && InteractionTrainsId == other.InteractionTrainsId
        && BiasInEveryPass == other.BiasInEveryPass;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Training, Architecture, Strategy, Subnets.Length, InterleavingSumsAll, ResidualTrainsOutput, (FrozenDropout, InteractionTrainsId, BiasInEveryPass));

    /// <summary>Whether the network reads features.</summary>
    internal bool HasFeatures => Architecture != PrnnArchitecture.IdOnly;

    /// <summary>Names of the subnets for blocks of features of these names.</summary>
    internal IEnumerable<string> NamesOf(IEnumerable<string> blocks) => Architecture switch
    {
        PrnnArchitecture.IdOnly => [Id],
        PrnnArchitecture.FeatureOnly => blocks,
        PrnnArchitecture.Concatenated => [Concatenated],
        _ => blocks.Prepend(Id),
    };

    /// <summary>What a subnet has otherwise; nothing where nothing is said.</summary>
    internal SubnetOptions Of(string subnet) => Subnets.FirstOrDefault(options => options.Name == subnet) ?? new SubnetOptions(subnet);
}
