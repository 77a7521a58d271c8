using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models;

namespace NextItem.Training;

/// <summary>One training run of a network: data, parameters, threads and the number of the mini-batch. What a step is, the networks say.</summary>
internal abstract unsafe class TrainingRun : IDisposable
{
    private readonly SessionParallelBatcher _batcher;
    private readonly int[] _order;
    private float _learningRate;

    /// <summary>Allocates what every network's run has.</summary>
    protected TrainingRun(SessionSet train, Gru4RecOptions options)
    {
        Train = train;
        Options = options;
        _batcher = new SessionParallelBatcher(train, options.BatchSize);
        Negatives = new NegativeStream(new NegativeSampler(train.Catalog.Support, options.SampleAlpha, options.Seed), options.NegativeSampleCount);
        _order = SessionOrders.Of(train, options.SessionOrder);
        Batch = new MiniBatch(options.BatchSize);
    }

    /// <summary>Training sessions.</summary>
    public SessionSet Train { get; }

    /// <summary>Loss, sampling, optimiser, threads.</summary>
    public Gru4RecOptions Options { get; }

    /// <summary>The current mini-batch.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Mini-batches taken since training began.</summary>
    public long Steps { get; private set; }

    /// <summary>The optimiser's rate in this epoch.</summary>
    public float LearningRate => _learningRate;

    /// <summary>Where the pass stands.</summary>
    public BatcherPosition Position => _batcher.Position;

    /// <summary>Everything that is learned, with the optimiser's state.</summary>
    public abstract ParameterSet Parameters { get; }

    /// <summary>Distinct items that the last step scored: rows that it read.</summary>
    public abstract int ScoredRows { get; }

    /// <summary>A run of its own that trains the same parameters with another number of threads, never at the same time as this one.</summary>
    public abstract TrainingRun WithThreads(int threads);

    /// <summary>Starts a pass over the data; all hidden states are zero.</summary>
    /// <param name="epoch">Counted from 1: with the seed it determines a random order.</param>
    public void StartEpoch(int epoch)
    {
        _learningRate = (float)(Options.LearningRate * Math.Pow(Options.LearningRateDecay, DecaysBefore(epoch)));
        if (Options.SessionOrder == SessionOrder.Random)
            SessionOrders.Shuffle(_order, Options.Seed, epoch);
        _batcher.Start(_order);
        StartEpochCore(epoch);
    }

    /// <summary>Takes the next mini-batch; false at the end of the pass.</summary>
    public bool MoveNext() => _batcher.MoveNext(Batch);

    /// <summary>Trains on the current mini-batch and returns its loss.</summary>
    public double Step()
    {
        var step = Steps++;
        return StepCore(Negatives.Take(step), step);
    }

    /// <summary>Passes over the current mini-batch, which has no negative at all.</summary>
    public void Skip() => Steps++;

    /// <summary>Does something with the model as it is now, which is its own no longer than this takes.</summary>
    public abstract T Measure<T>(Func<ISessionModel, T> measure);

    /// <summary>The finished model, which takes over the memory of the parameters; the run can only be disposed of afterwards.</summary>
    public abstract ISessionModel IntoModel();

    /// <summary>A model of this run's data and options that takes over parameters.</summary>
    public abstract ISessionModel ModelOf(ParameterSet values);

    /// <summary>Begins with what a trained model knows of the items of this run.</summary>
    public abstract void TakeFrom(ISessionModel model);

    /// <summary>What the step carries from one mini-batch to the next.</summary>
    public IReadOnlyList<float[]> CarriedStates() => [.. CarriedMatrices.Select(ToArray)];

    /// <summary>The same, whole numbers.</summary>
    public IReadOnlyList<int[]> CarriedIntegers() => [.. CarriedNumbers.Select(values => (int[])values.Clone())];

    /// <summary>Goes on from a checkpoint: parameters, optimiser state, carried states and the place in the pass.</summary>
    public void Restore(Checkpoint checkpoint)
    {
        var position = checkpoint.State.Position;
        var fits = checkpoint.CarriedStates.Select(values => values.LongLength).SequenceEqual(CarriedMatrices.Select(matrix => (long)matrix.Rows * matrix.Columns))
            && CanCarry(checkpoint.CarriedIntegers);
        if (position is not null && !fits)
            throw new TrainingStartException("The checkpoint's hidden states are not those of its options; it is damaged.");
        Parameters.CopyFrom(checkpoint.Parameters);
        Steps = checkpoint.State.Steps;
        if (position is null)
            return;
        StartEpoch(checkpoint.Epoch);
        _batcher.Position = position;
        foreach (var (values, matrix) in checkpoint.CarriedStates.Zip(CarriedMatrices))
            FromArray(values, matrix);
        foreach (var (values, kept) in checkpoint.CarriedIntegers.Zip(CarriedNumbers))
            values.CopyTo(kept, 0);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The additional negatives; a step may draw ahead.</summary>
    protected NegativeStream Negatives { get; }

    /// <summary>The step's matrices whose content carries on, in a fixed order.</summary>
    protected abstract IReadOnlyList<Matrix> CarriedMatrices { get; }

    /// <summary>The step's integers that carry on, in a fixed order.</summary>
    protected virtual IReadOnlyList<int[]> CarriedNumbers => [];

    /// <summary>Whether numbers from a file can be <see cref="CarriedNumbers"/>.</summary>
    protected virtual bool CanCarry(IReadOnlyList<int[]> integers) => integers.Count == 0;

    /// <summary>How often the learning rate has been decayed when an epoch starts.</summary>
    protected virtual int DecaysBefore(int epoch) => epoch - 1;

    /// <summary>What a network does at the start of an epoch.</summary>
    protected virtual void StartEpochCore(int epoch)
    {
    }

    /// <summary>One step on <see cref="Batch"/> with the negatives and its number.</summary>
    protected abstract double StepCore(ReadOnlySpan<int> negatives, long step);

    /// <summary>[I] a model's index of each item of this run, or -1.</summary>
    protected int[] ItemsIn(ISessionModel model)
    {
        var itemOf = new int[Train.Catalog.Count];
        for (var item = 0; item < itemOf.Length; item++)
            itemOf[item] = model.Catalog.IndexOf(Train.Catalog.KeyOf(item));
        return itemOf;
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
