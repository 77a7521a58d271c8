using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>Makes a network's step for a loss and a rule that are known when it is compiled.</summary>
internal interface IStepFactory<TStep>
{
    /// <summary>Makes it.</summary>
    TStep Create<TLoss, TRule>(TLoss loss, TRule rule)
        where TLoss : struct, ILoss
        where TRule : struct, IRowRule;
}

/// <summary>Chooses the compiled step for the options: one loss, one rule.</summary>
internal static class StepChoice
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
    /// <param name="options">Validated options.</param>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="factory">Makes it.</param>
    public static TStep Of<TStep>(Gru4RecOptions options, ReadOnlySpan<int> support, IStepFactory<TStep> factory) => options.Optimizer switch
    {
        Optimizer.Adagrad => WithScaling(options, support, factory, new Adagrad(options.OptimizerEpsilon)),
        Optimizer.RmsProp => WithScaling(options, support, factory, new RmsProp(options.OptimizerDecay, options.OptimizerEpsilon)),
        Optimizer.Adadelta => WithScaling(options, support, factory, new Adadelta(options.OptimizerDecay, options.OptimizerEpsilon)),
        Optimizer.Adam => WithScaling(options, support, factory, new Adam(options.AdamBeta1, options.AdamBeta2, options.OptimizerEpsilon)),
        _ => WithScaling(options, support, factory, default(Sgd)),
    };

    /// <summary>The step for a rule, its loss chosen by the options.</summary>
    public static TStep WithRule<TStep, TRule>(Gru4RecOptions options, ReadOnlySpan<int> support, IStepFactory<TStep> factory, TRule rule)
        where TRule : struct, IRowRule
    {
        var form = new PairwiseForm(options.Loss, options.MaskTargets, options.SigmoidCalibration, support.Length);
        return options.Loss switch
        {
            Loss.CrossEntropy when options.TopSamples > 0 => factory.Create(new TopCrossEntropy(CrossEntropyOf(options, support), options.TopSamples), rule),
            Loss.CrossEntropy => factory.Create(CrossEntropyOf(options, support), rule),
            Loss.BprMax => factory.Create(new MaxLoss<WonTerm>(logarithm: true, options.ScoreRegularisation, options.MaskTargets), rule),
            Loss.Top1Max => factory.Create(new MaxLoss<Top1Term>(logarithm: false, regularisation: 0, options.MaskTargets), rule),
            Loss.Bpr or Loss.BprSum => factory.Create(new PairwiseLoss<BprTerm>(form), rule),
            Loss.Top1 or Loss.Top1PyGru4Rec => factory.Create(new PairwiseLoss<Top1Term>(form), rule),
            _ => factory.Create(new PairwiseLoss<SigmoidTerm>(form), rule),
        };
    }

    /// <summary>Cross-entropy as the options have it.</summary>
    public static CrossEntropy CrossEntropyOf(Gru4RecOptions options, ReadOnlySpan<int> support) =>
        new(support, options.SampleAlpha, options.LogQ, options.LabelSmoothing, options.MaskTargets);

    private static TStep WithScaling<TStep, TScaling>(Gru4RecOptions options, ReadOnlySpan<int> support, IStepFactory<TStep> factory, TScaling scaling)
        where TScaling : struct, IGradientScaling =>
        options.Momentum > 0
            ? WithRule(options, support, factory, new MomentumDescent<TScaling>(scaling, options.Momentum, options.L2Penalty))
            : WithRule(options, support, factory, new Descent<TScaling>(scaling, options.L2Penalty));
}
