using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>GRU4Rec's step for its options.</summary>
internal static class TrainingSteps
{
    /// <summary>Floats of optimiser state per parameter that the options need.</summary>
    public static int States(Gru4RecOptions options) => StepChoice.States(options);

    /// <summary>The step.</summary>
    /// <param name="parameters">Updated in place; allocated with <see cref="States"/>.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="team">The threads.</param>
    /// <param name="distillation">The teachers, disposed of with the step; null for none.</param>
    public static TrainingStep Create(
        Gru4RecParameters parameters, Gru4RecOptions options, ReadOnlySpan<int> support, WorkerTeam team, Distillation? distillation = null) =>
        StepChoice.Of(options, support, new Factory(parameters, options, team, distillation));

    /// <summary>The step for a rule, its loss chosen by the options.</summary>
    public static TrainingStep WithRule<TRule>(
        Gru4RecParameters parameters, Gru4RecOptions options, ReadOnlySpan<int> support, WorkerTeam team, TRule rule, Distillation? distillation = null)
        where TRule : struct, IRowRule => StepChoice.WithRule(options, support, new Factory(parameters, options, team, distillation), rule);

    private sealed class Factory(Gru4RecParameters parameters, Gru4RecOptions options, WorkerTeam team, Distillation? distillation) : IStepFactory<TrainingStep>
    {
        public TrainingStep Create<TLoss, TRule>(TLoss loss, TRule rule)
            where TLoss : struct, ILoss
            where TRule : struct, IRowRule =>
            options.GradientCap > 0
                ? new CappedStep<TLoss, TRule>(parameters, options, loss, rule, team, distillation)
                : new Gru4RecStep<TLoss, TRule>(parameters, options, loss, rule, team, distillation);
    }
}
