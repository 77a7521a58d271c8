using NextItem.Kernels;
using NextItem.Models;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;

namespace NextItem.Training;

/// <summary>A training run of a p-RNN: a mini-batch is passed over as its strategy says.</summary>
internal sealed class PrnnRun : TrainingRun
{
    private readonly PrnnOptions _options;
    private readonly ItemFeatures? _features;
    private readonly PrnnParameters _parameters;
    private readonly PrnnSchedule _schedule;
    private readonly WorkerTeam _team;
    private readonly PrnnStep _step;
    private PrnnPass[] _passes = [];

    /// <summary>Allocates and initialises everything.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">Valid for the features.</param>
    /// <param name="features">Of the items of the training sessions; null where there are none.</param>
    /// <param name="cancellationToken">Stops while the parameters are allocated and drawn.</param>
    public PrnnRun(SessionSet train, PrnnOptions options, ItemFeatures? features, CancellationToken cancellationToken = default)
        : this(train, options, features, Initialised(train, options, features, cancellationToken))
    {
    }

    private PrnnRun(SessionSet train, PrnnOptions options, ItemFeatures? features, PrnnParameters parameters)
        : base(train, options.Training)
    {
        _options = options;
        _features = features;
        _parameters = parameters;
        _schedule = PrnnSchedule.Of(options, parameters.Shape);
        _team = new WorkerTeam(options.Training.Threads);
        try
        {
            _step = PrnnSteps.Create(parameters, options, train.Catalog.Support, _team);
        }
        catch
        {
            _team.Dispose();
            parameters.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ParameterSet Parameters => _parameters.All;

    /// <inheritdoc/>
    public override int ScoredRows => _step.ScoredItems;

    /// <inheritdoc/>
    protected override IReadOnlyList<Matrix> CarriedMatrices => _step.CarriedStates;

    /// <inheritdoc/>
    public override TrainingRun WithThreads(int threads) =>
        new PrnnRun(Train, _options with { Training = Options with { Threads = threads } }, _features, _parameters);

    /// <summary>Of subnets whose turn has not come nothing is heard yet: their weight is 0 until then.</summary>
    public override T Measure<T>(Func<ISessionModel, T> measure)
    {
        var heard = _passes.Length == 0 ? uint.MaxValue : _passes[^1].Included;
        var shape = _parameters.Shape;
        shape = shape with { Subnets = [.. shape.Subnets.Select((subnet, k) => (heard >> k & 1) != 0 ? subnet : subnet with { Weight = 0 })] };
        var network = new PrnnParameters(shape, Train.Catalog.Count, _parameters.All);
        using var model = new PrnnModel(Train.Catalog, _options, _features, network, _parameters.JoinHeads(), ownsNetwork: false);
        return measure(model);
    }

    /// <inheritdoc/>
    public override ISessionModel IntoModel() => ModelOf(_parameters.All.IntoValues());

    /// <inheritdoc/>
    public override ISessionModel ModelOf(ParameterSet values)
    {
        var shape = _parameters.Shape;
        var items = new PrnnParameters(shape, Train.Catalog.Count, values).JoinHeads();
        var network = new PrnnParameters(shape, Train.Catalog.Count, values.WithoutRows(PrnnParameters.HeadNames(shape)));
        return new PrnnModel(Train.Catalog, _options, _features, network, items);
    }

    /// <inheritdoc/>
    public override void TakeFrom(ISessionModel model)
    {
        var trained = (PrnnModel)model;
        trained.Scored.Retain();
        try
        {
            _parameters.TakeFrom(trained.Network, trained.Items, ItemsIn(model));
        }
        finally
        {
            trained.Scored.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _step.Dispose();
        _team.Dispose();
        _parameters.Dispose();
    }

    /// <inheritdoc/>
    protected override int DecaysBefore(int epoch) => _schedule.EpochsBefore(epoch);

    /// <inheritdoc/>
    protected override void StartEpochCore(int epoch) => _passes = _schedule.PassesOf(epoch);

    /// <summary>The loss is that of the last pass: of all subnets trained so far.</summary>
    protected override double StepCore(ReadOnlySpan<int> negatives, long step)
    {
        _step.Begin(Batch, negatives, step);
        var loss = 0.0;
        foreach (var pass in _passes)
            loss = _step.Run(pass, LearningRate);
        return loss;
    }

    private static PrnnParameters Initialised(SessionSet train, PrnnOptions options, ItemFeatures? features, CancellationToken cancellationToken)
    {
        var training = options.Training;
        var shape = PrnnShape.Of(options, PrnnModel.BlocksOf(features));
        var parameters = new PrnnParameters(shape, train.Catalog.Count, StepChoice.States(training), cancellationToken);
        try
        {
            parameters.All.Initialise(training.Seed, training.InitialScale, training.InitialNormal, cancellationToken);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }
}
