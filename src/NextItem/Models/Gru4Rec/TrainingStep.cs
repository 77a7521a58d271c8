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

    /// <summary>Where the negatives come from, if the next step's are to be drawn while the threads wait for each other in this one.</summary>
    public virtual NegativeStream? Upcoming { get; set; }

    /// <summary>
    /// The matrices whose content carries on from one step to the next, in a fixed order. With the parameters,
    /// <see cref="CarriedIntegers"/> and the number of the step they are all that training needs to go on with the same bytes in
    /// another step object of the same options: they are written out and read back into the same places, padding left as it is.
    /// </summary>
    public abstract IReadOnlyList<Matrix> CarriedStates { get; }

    /// <summary>The integers that carry on, in a fixed order; none where gradients do not go back in time.</summary>
    public abstract IReadOnlyList<int[]> CarriedIntegers { get; }

    /// <summary>Whether numbers from a file can be <see cref="CarriedIntegers"/>.</summary>
    public abstract bool CanCarry(IReadOnlyList<int[]> integers);

    /// <summary>The layers' workspaces of the step just run.</summary>
    public abstract IReadOnlyList<GruWorkspace> Layers { get; }

    /// <summary>[B x E]: dropout mask of the first layer's input in the step just run.</summary>
    public abstract Matrix InputMask { get; }

    /// <summary>Distinct items that were scored in the step just run.</summary>
    public abstract int ScoredItems { get; }

    /// <summary>The row of a lane in the matrices of the step just run.</summary>
    public abstract int RowOf(int lane);

    /// <summary>Frees the workspace; the parameters stay.</summary>
    public abstract void Dispose();
}
