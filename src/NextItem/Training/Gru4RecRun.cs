using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

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

    /// <summary>Allocates and initialises everything.</summary>
    public Gru4RecRun(SessionSet train, Gru4RecOptions options)
    {
        _train = train;
        _options = options;
        var states = options.Momentum > 0 ? AdagradMomentum.States : Adagrad.States;
        _parameters = new Gru4RecParameters(options, train.Catalog.Count, states);
        _parameters.All.Initialise(options.Seed);
        _team = new WorkerTeam(options.Threads);
        var loss = new CrossEntropy(train.Catalog.Support, options.SampleAlpha, options.LogQ);
        _step = options.Momentum > 0
            ? new Gru4RecStep<CrossEntropy, AdagradMomentum>(_parameters, options, loss, new AdagradMomentum(options.LearningRate, options.Momentum), _team)
            : new Gru4RecStep<CrossEntropy, Adagrad>(_parameters, options, loss, new Adagrad(options.LearningRate), _team);
        _batcher = new SessionParallelBatcher(train, options.BatchSize);
        _sampler = new NegativeSampler(train.Catalog.Support, options.SampleAlpha, options.Seed);
        _negatives = new int[options.NegativeSampleCount];
        _order = train.OrderByStartTime();
        Batch = new MiniBatch(options.BatchSize);
    }

    /// <summary>The current mini-batch.</summary>
    public MiniBatch Batch { get; }

    /// <summary>Steps taken since training began.</summary>
    public long Steps { get; private set; }

    /// <summary>Starts a pass over the data; all hidden states are zero.</summary>
    public void StartEpoch() => _batcher.Start(_order);

    /// <summary>Takes the next mini-batch; false at the end of the pass.</summary>
    public bool MoveNext() => _batcher.MoveNext(Batch);

    /// <summary>Trains on the current mini-batch and returns its loss.</summary>
    public double Step()
    {
        _sampler.Draw(Steps, _negatives);
        return _step.Run(Batch, _negatives, Steps++);
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
