using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models;
using NextItem.Models.Gru4Rec;

namespace NextItem.Training;

/// <summary>One training run of GRU4Rec: data, parameters, threads and the number of the step.</summary>
internal sealed unsafe class Gru4RecRun : IDisposable
{
    private readonly SessionSet _train;
    private readonly Gru4RecOptions _options;
    private readonly Gru4RecParameters _parameters;
    private readonly WorkerTeam _team;
    private readonly TrainingStep _step;
    private readonly SessionParallelBatcher _batcher;
    private readonly NegativeSampler _sampler;
    private readonly int[] _negatives;
    private readonly int[] _order;
    private float _learningRate;

    /// <summary>Allocates and initialises everything.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the parameters were allocated and drawn, which takes seconds where there are many.</exception>
    public Gru4RecRun(SessionSet train, Gru4RecOptions options, CancellationToken cancellationToken = default)
        : this(train, options, Initialised(train, options, cancellationToken))
    {
    }

    private Gru4RecRun(SessionSet train, Gru4RecOptions options, Gru4RecParameters parameters)
    {
        _train = train;
        _options = options;
        _parameters = parameters;
        _team = new WorkerTeam(options.Threads);
        _step = TrainingSteps.Create(_parameters, options, train.Catalog.Support, _team);
        _batcher = new SessionParallelBatcher(train, options.BatchSize);
        _sampler = new NegativeSampler(train.Catalog.Support, options.SampleAlpha, options.Seed);
        _negatives = new int[options.NegativeSampleCount];
        _order = SessionOrders.Of(train, options.SessionOrder);
        Batch = new MiniBatch(options.BatchSize);
    }

    /// <summary>A run of its own that trains the same parameters with another number of threads, never at the same time as this one.</summary>
    public Gru4RecRun WithThreads(int threads) => new(_train, _options with { Threads = threads }, _parameters);

    /// <summary>The current mini-batch.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Steps taken since training began.</summary>
    public long Steps { get; private set; }

    /// <summary>The optimiser's rate in this epoch.</summary>
    public float LearningRate => _learningRate;

    /// <summary>Everything that is learned, with the optimiser's state.</summary>
    public ParameterSet Parameters => _parameters.All;

    /// <summary>Where the pass stands.</summary>
    public BatcherPosition Position => _batcher.Position;

    /// <summary>Starts a pass over the data; all hidden states are zero.</summary>
    /// <param name="epoch">Counted from 1: with the seed it determines a random order.</param>
    public void StartEpoch(int epoch)
    {
        _learningRate = (float)(_options.LearningRate * Math.Pow(_options.LearningRateDecay, epoch - 1));
        if (_options.SessionOrder == SessionOrder.Random)
            SessionOrders.Shuffle(_order, _options.Seed, epoch);
        _batcher.Start(_order);
    }

    /// <summary>Takes the next mini-batch; false at the end of the pass.</summary>
    public bool MoveNext() => _batcher.MoveNext(Batch);

    /// <summary>Trains on the current mini-batch and returns its loss.</summary>
    public double Step()
    {
        _sampler.Draw(Steps, _negatives);
        return _step.Run(Batch, _negatives, Steps++, _learningRate);
    }

    /// <summary>Distinct items that the last step scored: rows that it read and updated.</summary>
    public int ScoredRows => _step.ScoredItems;

    /// <summary>Passes over the current mini-batch, which has no negative at all.</summary>
    public void Skip() => Steps++;

    /// <summary>The model as it is at any time: it reads the run's own parameters, and is theirs no longer than the run is.</summary>
    public Gru4RecModel View() => new(_train.Catalog, _options, _parameters);

    /// <summary>The finished model, which takes over the memory of the parameters; the run can only be disposed of afterwards.</summary>
    public Gru4RecModel IntoModel() => ModelOf(_parameters.All.IntoValues());

    /// <summary>A model of this run's data and options that takes over parameters.</summary>
    public Gru4RecModel ModelOf(ParameterSet values) => new(_train.Catalog, _options, new Gru4RecParameters(_options, values));

    /// <summary>Begins with what a trained model knows of the items of this run.</summary>
    public void TakeFrom(Gru4RecModel model)
    {
        var itemOf = new int[_train.Catalog.Count];
        for (var item = 0; item < itemOf.Length; item++)
            itemOf[item] = model.Catalog.IndexOf(_train.Catalog.KeyOf(item));
        _parameters.TakeFrom(model.Parameters, itemOf);
    }

    /// <summary>What the step carries from one mini-batch to the next.</summary>
    public IReadOnlyList<float[]> CarriedStates() => [.. _step.CarriedStates.Select(ToArray)];

    /// <summary>The same, whole numbers.</summary>
    public IReadOnlyList<int[]> CarriedIntegers() => [.. _step.CarriedIntegers.Select(values => (int[])values.Clone())];

    /// <summary>Goes on from a checkpoint: parameters, optimiser state, carried states and the place in the pass.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        var position = checkpoint.State.Position;
        var fits = checkpoint.CarriedStates.Select(values => values.LongLength).SequenceEqual(_step.CarriedStates.Select(matrix => (long)matrix.Rows * matrix.Columns))
            && _step.CanCarry(checkpoint.CarriedIntegers);
        if (position is not null && !fits)
            throw new TrainingStartException("The checkpoint's hidden states are not those of its options; it is damaged.");
        _parameters.All.CopyFrom(checkpoint.Parameters);
        Steps = checkpoint.State.Steps;
        if (position is null)
            return;
        StartEpoch(checkpoint.Epoch);
        _batcher.Position = position;
        foreach (var (values, matrix) in checkpoint.CarriedStates.Zip(_step.CarriedStates))
            FromArray(values, matrix);
        foreach (var (values, kept) in checkpoint.CarriedIntegers.Zip(_step.CarriedIntegers))
            values.CopyTo(kept, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        _team.Dispose();
        _parameters.Dispose();
    }

    private static Gru4RecParameters Initialised(SessionSet train, Gru4RecOptions options, CancellationToken cancellationToken)
    {
        var parameters = new Gru4RecParameters(options, train.Catalog.Count, TrainingSteps.States(options), cancellationToken);
        try
        {
            parameters.All.Initialise(options.Seed, options.InitialScale, options.InitialNormal, cancellationToken);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static float[] ToArray(Matrix matrix)
    {
        var values = new float[(long)matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
            new ReadOnlySpan<float>(matrix.Row(row), matrix.Columns).CopyTo(values.AsSpan(row * matrix.Columns));
        return values;
    }

    private static void FromArray(float[] values, Matrix matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
            values.AsSpan(row * matrix.Columns, matrix.Columns).CopyTo(new Span<float>(matrix.Row(row), matrix.Columns));
    }
}
