using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NextItem.Batches;
using NextItem.Features;
using NextItem.Models;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;

namespace NextItem.Training;

/// <summary>The numbers of a run that are no tensors.</summary>
internal sealed record RunState
{
    /// <summary>The options of the run; of a p-RNN those that it shares with GRU4Rec.</summary>
    public required Gru4RecOptions Options { get; init; }

    /// <summary>What else there is to a p-RNN; null for GRU4Rec.</summary>
    public PrnnState? Prnn { get; init; }

    /// <summary>Of the training sessions.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Of the validation sessions, or empty.</summary>
    public required string ValidationFingerprint { get; init; }

    /// <summary>The epoch that is next or under way, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mini-batches since training began.</summary>
    public required long Steps { get; init; }

    /// <summary>The first mini-batch's loss per lane: the untrained network's; 0 before it.</summary>
    public required double FirstLoss { get; init; }

    /// <summary>The epoch's sums so far, or null between two epochs.</summary>
    public EpochTally? Tally { get; init; }

    /// <summary>Where the epoch's batcher stands, or null between two epochs.</summary>
    public BatcherPosition? Position { get; init; }

    /// <summary>The finished epochs.</summary>
    public required ImmutableArray<EpochSummary> Epochs { get; init; }

    /// <summary>The epoch with the best validation metric so far, or 0.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Its metric.</summary>
    public double BestMetric { get; init; }

    /// <summary>Fingerprint of the data of the model that training began with, or empty.</summary>
    public required string WarmStartedFrom { get; init; }

    /// <summary>Of the models that the run learns from, or empty.</summary>
    public string TeachersFingerprint { get; init; } = "";

    /// <summary>Passes over the data that the run was to have.</summary>
    [JsonIgnore]
    public int PlannedEpochs => Prnn is null ? Options.Epochs : PrnnSchedule.Of(Prnn.Options, Prnn.Shape()).Epochs;

    /// <summary>A parameter that has a row for each item.</summary>
    [JsonIgnore]
    public string ItemsName => Prnn is null ? Gru4RecParameters.ItemsName : PrnnParameters.ItemsOf(Prnn.Shape(), 0);

    /// <summary>Names and shapes of all parameters.</summary>
    public IEnumerable<ParameterSpec> Specs(int itemCount) => Prnn is null ? Gru4RecParameters.Specs(Options, itemCount) : PrnnParameters.Specs(Prnn.Shape(), itemCount);
}

/// <summary>An epoch's sums.</summary>
/// <param name="WeightedLoss">Sum of loss times lanes.</param>
/// <param name="Events">Events taken.</param>
/// <param name="TrainedEvents">Events that were trained on.</param>
/// <param name="MiniBatches">Mini-batches trained on.</param>
/// <param name="Skipped">Mini-batches without a negative.</param>
internal readonly record struct EpochTally(double WeightedLoss, long Events, long TrainedEvents, long MiniBatches, long Skipped)
{
    /// <summary>Mean loss so far.</summary>
    public double MeanLoss => TrainedEvents == 0 ? 0 : WeightedLoss / TrainedEvents;
}

/// <summary>What a checkpoint says of a p-RNN, so that its parameters can be read before the features are there.</summary>
/// <param name="Options">The options of the run.</param>
/// <param name="Blocks">Names of the blocks of features.</param>
/// <param name="Widths">Number of features of each.</param>
/// <param name="FeaturesFingerprint"><see cref="ItemFeatures.Fingerprint"/>, or empty without features.</param>
internal sealed record PrnnState(PrnnOptions Options, ImmutableArray<string> Blocks, ImmutableArray<int> Widths, string FeaturesFingerprint)
{
    /// <summary>Checks what came from a file.</summary>
    /// <exception cref="OptionsException">It cannot be; all faults are listed.</exception>
    public void Validate()
    {
        if (Blocks.IsDefault || Widths.IsDefault || Blocks.Length != Widths.Length || Blocks.Any(string.IsNullOrWhiteSpace) || Widths.Any(width => width < 1))
            throw new OptionsException(nameof(PrnnOptions), ["The blocks of features and their widths do not go together; expected as many names as numbers above 0."]);
        Options.Validate(Blocks);
    }

    /// <summary>The network, without its features.</summary>
    public PrnnShape Shape() => PrnnShape.Of(Options, [.. Blocks.Zip(Widths, (name, width) => (name, (FeatureRows)new SparseRows(width, [0], [], [])))]);
}
