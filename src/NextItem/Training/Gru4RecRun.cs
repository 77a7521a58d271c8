using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem;

/// <summary>One training run of GRU4Rec: data, parameters, threads and the number of the step.</summary>
internal sealed class Gru4RecRun : IDisposable
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
    public Gru4RecRun(SessionSet train, Gru4RecOptions options)
    {
        _train = train;
        _options = options;
        _parameters = new Gru4RecParameters(options, train.Catalog.Count, TrainingSteps.States(options));
        _parameters.All.Initialise(options.Seed, options.InitialScale, options.InitialNormal);
        _team = new WorkerTeam(options.Threads);
        _step = TrainingSteps.Create(_parameters, options, train.Catalog.Support, _team);
        _batcher = new SessionParallelBatcher(train, options.BatchSize);
        _sampler = new NegativeSampler(train.Catalog.Support, options.SampleAlpha, options.Seed);
        _negatives = new int[options.NegativeSampleCount];
        _order = SessionOrders.Of(train, options.SessionOrder);
        Batch = new MiniBatch(options.BatchSize);
    }

    /// <summary>The current mini-batch.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Steps taken since training began.</summary>
    public long Steps { get; private set; }

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

    /// <summary>Passes over the current mini-batch, which has no negative at all.</summary>
    public void Skip() => Steps++;

    /// <summary>The model as it is now.</summary>
    public Gru4RecModel Snapshot() => new(_train.Catalog, _options, _parameters.WithoutStates(_options));

    /// <inheritdoc/>
    public void Dispose()
    {
        _step.Dispose();
        _team.Dispose();
        _parameters.Dispose();
    }
}
