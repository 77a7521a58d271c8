using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem.Models.Prnn;

/// <summary>A p-RNN's step for its options.</summary>
internal static class PrnnSteps
{
    /// <summary>The step.</summary>
    /// <param name="parameters">Updated in place; allocated with <see cref="StepChoice.States"/> of <see cref="PrnnOptions.Training"/>.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="support">[I] training events of each item.</param>
    /// <param name="team">The threads.</param>
    public static PrnnStep Create(PrnnParameters parameters, PrnnOptions options, ReadOnlySpan<int> support, WorkerTeam team) =>
        StepChoice.Of(options.Training, support, new Factory(parameters, options, team));

    private sealed class Factory(PrnnParameters parameters, PrnnOptions options, WorkerTeam team) : IStepFactory<PrnnStep>
    {
        public PrnnStep Create<TLoss, TRule>(TLoss loss, TRule rule)
            where TLoss : struct, ILoss
            where TRule : struct, IRowRule => new PrnnStep<TLoss, TRule>(
                parameters, options.Training, loss, rule, team, aside: options.Strategy == TrainingStrategy.Interleaving, options.FrozenDropout);
    }
}
