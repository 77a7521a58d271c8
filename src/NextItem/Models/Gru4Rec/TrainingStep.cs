using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>One training step, whatever its loss and its row rule: what the trainer sees.</summary>
internal abstract class TrainingStep : IDisposable
{
    /// <summary>Forward, loss, backward and update for one mini-batch.</summary>
    /// <param name="batch">Inputs, targets and which lanes go on.</param>
    /// <param name="negatives">[N] additional negative samples, shared by all lanes.</param>
    /// <param name="step">Number of the step since training began: with the seed it determines the dropout masks.</param>
    /// <param name="learningRate">The optimiser's rate in this step.</param>
    /// <returns>The loss: its sum over the lanes, divided by the configured batch size.</returns>
    public abstract double Run(MiniBatch batch, ReadOnlySpan<int> negatives, long step, float learningRate);

    /// <summary>The layers' workspaces, whose states carry on from step to step.</summary>
    public abstract GruWorkspace[] Layers { get; }

    /// <summary>[B x E]: dropout mask of the first layer's input.</summary>
    public abstract Matrix InputMask { get; }

    /// <summary>Frees the workspace; the parameters stay.</summary>
    public abstract void Dispose();
}
