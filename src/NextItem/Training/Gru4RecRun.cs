using NextItem.Kernels;
using NextItem.Models;
using NextItem.Models.Gru4Rec;

namespace NextItem.Training;

/// <summary>A training run of GRU4Rec.</summary>
internal sealed class Gru4RecRun : TrainingRun
{
    private readonly Gru4RecParameters _parameters;
    private readonly IReadOnlyList<ISessionModel> _teachers;
    private readonly WorkerTeam _team;
    private readonly TrainingStep _step;

    /// <summary>Allocates and initialises everything.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while the parameters were allocated and drawn, which takes seconds where there are many.</exception>
    public Gru4RecRun(SessionSet train, Gru4RecOptions options, IReadOnlyList<ISessionModel>? teachers = null, CancellationToken cancellationToken = default)
        : this(train, options, teachers ?? [], Initialised(train, options, cancellationToken))
    {
    }

    private Gru4RecRun(SessionSet train, Gru4RecOptions options, IReadOnlyList<ISessionModel> teachers, Gru4RecParameters parameters)
        : base(train, options)
    {
        _teachers = teachers;
        _parameters = parameters;
        _team = new WorkerTeam(options.Threads);
        try
        {
            _step = TrainingSteps.Create(_parameters, options, train.Catalog.Support, _team, RunTeachers.Begin(train, options, teachers));
            _step.Upcoming = Negatives;
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
    protected override IReadOnlyList<int[]> CarriedNumbers => _step.CarriedIntegers;

    /// <inheritdoc/>
    public override TrainingRun WithThreads(int threads) => new Gru4RecRun(Train, Options with { Threads = threads }, _teachers, _parameters);

    /// <inheritdoc/>
    public override T Measure<T>(Func<ISessionModel, T> measure)
    {
        if (Options.CosineScale == 0)
            return measure(new Gru4RecModel(Train.Catalog, Options, _parameters));
        using var model = (Gru4RecModel)ModelOf(_parameters.All.WithoutStates()); // a copy: its rows of length 1 are measured, and not trained on
        return measure(model);
    }

    /// <inheritdoc/>
    public override ISessionModel IntoModel() => ModelOf(_parameters.All.IntoValues());

    /// <inheritdoc/>
    public override ISessionModel ModelOf(ParameterSet values)
    {
        var parameters = new Gru4RecParameters(Options, values);
        if (Options.CosineScale > 0)
            CosineScores.Normalise(parameters.Items, parameters.VectorLength);
        return new Gru4RecModel(Train.Catalog, Options, parameters);
    }

    /// <inheritdoc/>
    public override void TakeFrom(ISessionModel model) => _parameters.TakeFrom(((Gru4RecModel)model).Parameters, ItemsIn(model));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _step.Dispose();
        _team.Dispose();
        _parameters.Dispose();
    }

    /// <inheritdoc/>
    protected override bool CanCarry(IReadOnlyList<int[]> integers) => _step.CanCarry(integers);

    /// <inheritdoc/>
    protected override double StepCore(ReadOnlySpan<int> negatives, long step) => _step.Run(Batch, negatives, step, LearningRate);

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
}
