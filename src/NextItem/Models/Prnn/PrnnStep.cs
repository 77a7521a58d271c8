using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Models.Prnn;

/// <summary>One training step of a p-RNN, whatever its loss and its row rule: what the trainer sees.</summary>
internal abstract class PrnnStep : IDisposable
{
    /// <summary>The subnets' workspaces.</summary>
    public abstract IReadOnlyList<SubnetWork> Subnets { get; }

    /// <summary>Distinct items that are scored in the mini-batch that was begun.</summary>
    public abstract int ScoredItems { get; }

    /// <summary>The matrices whose content carries on from one mini-batch to the next: each subnet's state.</summary>
    public IReadOnlyList<Matrix> CarriedStates => [.. Subnets.Select(subnet => subnet.Carried.State)];

    /// <summary>Takes a mini-batch: its columns, its inputs, and each lane's previous states.</summary>
    /// <param name="batch">Inputs, targets and which lanes go on.</param>
    /// <param name="negatives">[N] additional negative samples, shared by all lanes and passes.</param>
    /// <param name="step">Number of the mini-batch since training began: with the seed it determines the dropout masks.</param>
    public abstract void Begin(MiniBatch batch, ReadOnlySpan<int> negatives, long step);

    /// <summary>One pass over the mini-batch that was begun.</summary>
    /// <param name="pass">Who takes part and who is trained.</param>
    /// <param name="learningRate">The optimiser's rate, before the subnets' factors.</param>
    /// <returns>The loss: its sum over the lanes, divided by the configured batch size.</returns>
    public abstract double Run(PrnnPass pass, float learningRate);

    /// <summary>Frees the workspace; the parameters stay.</summary>
    public abstract void Dispose();
}
