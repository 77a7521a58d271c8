using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

/// <summary>A training step on a small network with random parameters, beside the double network of the same parameters.</summary>
internal sealed unsafe class StepHarness : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly TrainingStep _step;
    private DoubleEvent[][] _events = [];
    private double[][][] _before = [];
    private long _steps;

    /// <param name="options">The network and its training.</param>
    /// <param name="support">[I].</param>
    /// <param name="keepGradients">Keeps each gradient in state 0 instead of updating.</param>
    /// <param name="parameterSeed">Seed of the random parameters.</param>
    /// <param name="distillation">The teachers; the step disposes of them.</param>
    public StepHarness(Gru4RecOptions options, int[] support, bool keepGradients = false, int parameterSeed = 1, Distillation? distillation = null)
    {
        options.Validate();
        Options = options;
        Parameters = new Gru4RecParameters(options, support.Length, keepGradients ? StoreGradient.States : TrainingSteps.States(options));
        Randomise(Parameters, parameterSeed);
        Reference = new DoubleNetwork(Parameters.All, options, support);
        _team = new WorkerTeam(options.Threads);
        _step = keepGradients
            ? TrainingSteps.WithRule(Parameters, options, support, _team, new StoreGradient(0), distillation)
            : TrainingSteps.Create(Parameters, options, support, _team, distillation);
    }

    public Gru4RecOptions Options { get; }

    public Gru4RecParameters Parameters { get; }

    public DoubleNetwork Reference { get; }

    public TrainingStep Step => _step;

    /// <summary>Number of steps run; set where a harness goes on from another's.</summary>
    public long Steps
    {
        get => _steps;
        init => _steps = value;
    }

    /// <summary>One step of the engine.</summary>
    public double Run(MiniBatch batch, int[] drawn) => _step.Run(batch, drawn, _steps++, Options.LearningRate);

    /// <summary>
    /// What the double network sees in the step just run: each lane's own last events with the state before them, which the double
    /// network computed; only the masks are the engine's, each read in the step in which it was drawn.
    /// </summary>
    public DoubleBatch ForReference(MiniBatch batch, int[] drawn)
    {
        var events = new DoubleEvent[batch.Lanes][];
        var before = new double[batch.Lanes][][];
        for (var lane = 0; lane < batch.Lanes; lane++)
        {
            var row = _step.RowOf(lane);
            var seen = new DoubleEvent(
                batch.Inputs[lane],
                Options.DropoutEmbedding == 0 ? null : RowOf(_step.InputMask, row, Options.InputSize),
                Options.DropoutHidden == 0 ? null : [.. _step.Layers.Select((layer, l) => RowOf(layer.Mask, row, Options.Layers[l]))]);
            var source = batch.ContinuesLane[lane];
            events[lane] = source == MiniBatch.NewSession ? [seen] : [.. _events[source], seen];
            before[lane] = source == MiniBatch.NewSession ? [.. Options.Layers.Select(units => new double[units])] : _before[source];
        }

        (_events, _before) = (events, before);
        return new DoubleBatch(events, before, batch.Targets[..batch.Lanes], drawn);
    }

    /// <summary>Goes on to the next step: where a lane has n events, the first leaves and its state becomes the one before.</summary>
    /// <param name="afterFirst">Each lane's states after its first event, from the double network.</param>
    public void Carry(double[][][] afterFirst)
    {
        for (var lane = 0; lane < afterFirst.Length; lane++)
        {
            if (_events[lane].Length < Options.BackpropagationSteps)
                continue;
            (_events[lane], _before[lane]) = (_events[lane][1..], afterFirst[lane]);
        }
    }

    public void Dispose()
    {
        _step.Dispose();
        _team.Dispose();
        Parameters.Dispose();
    }

    internal static void Randomise(Gru4RecParameters parameters, int seed)
    {
        var random = new Random(seed);
        foreach (var table in parameters.All.Tables)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.BlockColumns; column++)
                        table.At(row, block, column) = (float)((random.NextDouble() * 1.6) - 0.8);
                }
            }
        }
    }

    private static double[] RowOf(Matrix matrix, int row, int columns) =>
        Array.ConvertAll(new Span<float>(matrix.Row(row), columns).ToArray(), value => (double)value);
}

/// <summary>Small mini-batches in which everything coincides that can.</summary>
internal static class SmallBatches
{
    public const int Items = 30;

    public static int[] Support { get; } = [.. Enumerable.Range(0, Items).Select(item => 1 + ((item * 7) % 23))];

    /// <summary>
    /// A sequence of mini-batches. Inputs are items 0..11, targets 6..17, drawn 10..23: items 0..5 are inputs only, 18..23
    /// drawn only, 24..29 untouched, 10 and 11 everything at once. In every step some lanes start a session; in every third
    /// step a lane ends and those behind it move down.
    /// </summary>
    public static IEnumerable<(MiniBatch Batch, int[] Drawn)> Sequence(int lanes, int drawn, int steps, int seed)
    {
        var random = new Random(seed);
        var live = lanes;
        for (var step = 0; step < steps; step++)
        {
            var removed = step % 3 == 1 && live > 2 ? live / 2 : -1;
            if (removed >= 0)
                live--;
            var batch = new MiniBatch(lanes) { Lanes = live };
            for (var lane = 0; lane < live; lane++)
            {
                batch.Inputs[lane] = random.Next(12);
                batch.Targets[lane] = random.Next(6, 18);
                var source = removed >= 0 && lane >= removed ? lane + 1 : lane;
                batch.ContinuesLane[lane] = step == 0 || random.Next(4) == 0 ? MiniBatch.NewSession : source;
            }

            // One item in every role, and a target shared by the first two lanes.
            batch.Inputs[0] = batch.Targets[0] = batch.Targets[Math.Min(1, live - 1)] = 10;
            var negatives = Enumerable.Range(0, drawn).Select(_ => random.Next(10, 24)).ToArray();
            if (drawn > 1)
                negatives[0] = negatives[1] = 10;
            yield return (batch, negatives);
        }
    }
}
