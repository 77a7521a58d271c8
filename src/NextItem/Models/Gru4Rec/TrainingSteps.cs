using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>Chooses the compiled step for the options: one loss, one rule.</summary>
internal static class TrainingSteps
{
    /// <summary>Floats of optimiser state per parameter that the options need.</summary>
    public static int States(Gru4RecOptions options)
    {
        var scaling = options.Optimizer switch
        {
            Optimizer.Adagrad => Adagrad.States,
            Optimizer.RmsProp => RmsProp.States,
            Optimizer.Adadelta => Adadelta.States,
            Optimizer.Adam => Adam.States,
            _ => Sgd.States,
        };
        return scaling + (options.Momentum > 0 ? 1 : 0) + (options.GradientCap > 0 ? StoreGradient.States : 0);
    }

    /// <summary>The step.</summary>
    /// <param name="parameters">Updated in place; allocated with <see cref="States"/>.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="team">The threads.</param>
    public static TrainingStep Create(Gru4RecParameters parameters, Gru4RecOptions options, ReadOnlySpan<int> support, WorkerTeam team) => options.Optimizer switch
    {
        Optimizer.Adagrad => WithScaling(parameters, options, support, team, new Adagrad(options.OptimizerEpsilon)),
        Optimizer.RmsProp => WithScaling(parameters, options, support, team, new RmsProp(options.OptimizerDecay, options.OptimizerEpsilon)),
        Optimizer.Adadelta => WithScaling(parameters, options, support, team, new Adadelta(options.OptimizerDecay, options.OptimizerEpsilon)),
        Optimizer.Adam => WithScaling(parameters, options, support, team, new Adam(options.AdamBeta1, options.AdamBeta2, options.OptimizerEpsilon)),
        _ => WithScaling(parameters, options, support, team, default(Sgd)),
    };

    private static TrainingStep WithScaling<TScaling>(
        Gru4RecParameters parameters, Gru4RecOptions options, ReadOnlySpan<int> support, WorkerTeam team, TScaling scaling)
        where TScaling : struct, IGradientScaling =>
        options.Momentum > 0
            ? WithRule(parameters, options, support, team, new MomentumDescent<TScaling>(scaling, options.Momentum, options.L2Penalty))
            : WithRule(parameters, options, support, team, new Descent<TScaling>(scaling, options.L2Penalty));

    /// <summary>The step for a rule, its loss chosen by the options.</summary>
    public static TrainingStep WithRule<TRule>(
        Gru4RecParameters parameters, Gru4RecOptions options, ReadOnlySpan<int> support, WorkerTeam team, TRule rule)
        where TRule : struct, IRowRule
    {
        var form = new PairwiseForm(options.Loss, options.MaskTargets, options.SigmoidCalibration, support.Length);
        return options.Loss switch
        {
            Loss.CrossEntropy => Step(
                parameters, options, team, rule,
                new CrossEntropy(support, options.SampleAlpha, options.LogQ, options.LabelSmoothing, options.MaskTargets)),
            Loss.BprMax => Step(parameters, options, team, rule, new MaxLoss<WonTerm>(logarithm: true, options.ScoreRegularisation, options.MaskTargets)),
            Loss.Top1Max => Step(parameters, options, team, rule, new MaxLoss<Top1Term>(logarithm: false, regularisation: 0, options.MaskTargets)),
            Loss.Bpr or Loss.BprSum => Step(parameters, options, team, rule, new PairwiseLoss<BprTerm>(form)),
            Loss.Top1 or Loss.Top1PyGru4Rec => Step(parameters, options, team, rule, new PairwiseLoss<Top1Term>(form)),
            _ => Step(parameters, options, team, rule, new PairwiseLoss<SigmoidTerm>(form)),
        };
    }

    private static TrainingStep Step<TLoss, TRule>(Gru4RecParameters parameters, Gru4RecOptions options, WorkerTeam team, TRule rule, TLoss loss)
        where TLoss : struct, ILoss
        where TRule : struct, IRowRule =>
        options.GradientCap > 0
            ? new CappedStep<TLoss, TRule>(parameters, options, loss, rule, team)
            : new Gru4RecStep<TLoss, TRule>(parameters, options, loss, rule, team);
}
