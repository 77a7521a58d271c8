using System.Collections.Immutable;
using NextItem.Models.Prnn;

namespace NextItem.Training;

/// <summary>The plan of a p-RNN.</summary>
/// <param name="options">All of its options.</param>
/// <param name="features">Features of the items; null where there are none.</param>
internal sealed class PrnnPlan(PrnnOptions options, ItemFeatures? features) : TrainingPlan(options.Training)
{
    private readonly Lazy<string> _fingerprint = new(() => features?.Fingerprint() ?? "");

    private int[] Widths => features is null ? [] : [.. features.Blocks.Select(block => block.Width)];

    private string[] BlockNames => features is null ? [] : [.. features.Blocks.Select(block => block.Name)];

    /// <inheritdoc/>
    public override int Epochs => PrnnSchedule.Of(options, Shape).Epochs;

    private PrnnShape Shape => PrnnShape.Of(options, PrnnModel.BlocksOf(features));

    /// <inheritdoc/>
    public override void Validate(SessionSet train)
    {
        options.Validate(BlockNames);
        if (features is not null && !features.Items.HasSameKeysAs(train.Catalog))
            throw new ArgumentException("The features are of other items than the training sessions'; read them for train.Catalog.", nameof(train));
    }

    /// <inheritdoc/>
    public override TrainingRun Begin(SessionSet train, CancellationToken cancellationToken) => new PrnnRun(train, options, features, cancellationToken);

    /// <inheritdoc/>
    public override TrainingPlan WithThreads(int threads) => new PrnnPlan(options with { Training = options.Training with { Threads = threads } }, features);

    /// <inheritdoc/>
    public override RunState Describe(RunState state) => state with
    {
        Prnn = new PrnnState(options, [.. BlockNames], [.. Widths], _fingerprint.Value),
    };

    /// <inheritdoc/>
    public override void RequireSame(RunState state)
    {
        if (state.Prnn is not { } prnn)
            throw new TrainingStartException("The checkpoint is of gru4rec; expected one of a p-RNN.");
        if (prnn.FeaturesFingerprint != _fingerprint.Value || !prnn.Blocks.SequenceEqual(BlockNames) || !prnn.Widths.SequenceEqual(Widths))
            throw new TrainingStartException("The checkpoint is of a run with other item features; expected those that the run began with.");
        var allowed = options.Strategy is TrainingStrategy.Simultaneous or TrainingStrategy.Interleaving ? "Epochs, learning rates and their decay" : "learning rates and their decay";
        if (Unchangeable(options) != Unchangeable(prnn.Options))
            throw new TrainingStartException($"The checkpoint is of a run with other options; expected the same, but for {allowed}.");
    }

    /// <inheritdoc/>
    public override void RequireTeachers(SessionSet train, IReadOnlyList<ISessionModel> teachers)
    {
        if (teachers.Count > 0)
            throw new TrainingStartException($"There are {teachers.Count} teachers; expected none, only gru4rec learns from teachers.");
    }

    /// <inheritdoc/>
    public override void RequireSameShape(TrainedModel trained)
    {
        if (trained.Model is not PrnnModel model)
            throw new TrainingStartException($"The model to begin with is '{trained.Model.Algorithm}'; expected prnn.");
        RequireEqual(Describe(model.Network.Shape, model.Options), Describe(Shape, options));
        for (var b = 0; b < BlockNames.Length; b++)
        {
            if (!ReferenceEquals(features!.Blocks[b].Encoder, model.Features!.Blocks[b].Encoder))
                throw new TrainingStartException($"The features of block '{BlockNames[b]}' were encoded by themselves; expected those of the model to begin with, whose Features.Encode makes the same words and categories the same numbers.");
        }
    }

    /// <summary>Checks the options and counts the passes over the data.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public int CountEpochs()
    {
        options.Validate(BlockNames);
        return Epochs;
    }

    /// <summary>Updates of each subnet in the epochs of a run.</summary>
    public ImmutableArray<SubnetUpdates> CountUpdates(IReadOnlyList<EpochSummary> epochs)
    {
        options.Validate(BlockNames);
        var shape = Shape;
        var schedule = PrnnSchedule.Of(options, shape);
        var updates = ImmutableArray.CreateBuilder<SubnetUpdates>();
        for (var k = 0; k < shape.Subnets.Length; k++)
            updates.Add(Count(shape.Subnets[k].Name, pass => pass.Trains(k)));
        if (shape.Output == PrnnOutput.SharedWeights)
            updates.Add(Count(PrnnParameters.ItemsOf(shape, 0), pass => pass.TrainsOutput));
        return updates.ToImmutable();

        SubnetUpdates Count(string name, Func<PrnnPass, bool> trains)
        {
            var passes = epochs.Select(epoch => (epoch.MiniBatches, Passes: schedule.PassesOf(epoch.Epoch).Count(trains))).Where(epoch => epoch.Passes > 0).ToArray();
            return new SubnetUpdates(name, passes.Length, passes.Sum(epoch => epoch.MiniBatches * epoch.Passes));
        }
    }

    /// <inheritdoc/>
    public override long Memory(int itemCount) => MemoryEstimate.Of(itemCount, options, Shape);

    /// <summary>With epochs that are one subnet's turn after another's, more of them would have changed those before.</summary>
    private static PrnnOptions Unchangeable(PrnnOptions options) => options with
    {
        Training = options.Strategy is TrainingStrategy.Simultaneous or TrainingStrategy.Interleaving
            ? Unchangeable(options.Training)
            : Unchangeable(options.Training) with { Epochs = options.Training.Epochs },
        Subnets = [.. options.Subnets.Select(subnet => subnet with { LearningRate = null })],
    };

    private static string[] Describe(PrnnShape shape, PrnnOptions options) =>
    [
        $"Architecture {options.Architecture}",
        $"Variant {shape.Variant}",
        $"subnets {string.Join(", ", shape.Subnets.Select(subnet => $"{subnet.Name} of {subnet.Units} units reading {string.Join(" and ", subnet.Inputs.Select(input => input.Name))}"))}",
    ];
}
