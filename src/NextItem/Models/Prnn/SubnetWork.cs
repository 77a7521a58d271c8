using NextItem.Batches;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Models.Prnn;

/// <summary>What one subnet computes in a step: its GRU's workspace, its inputs, and the state it was scored with.</summary>
internal sealed unsafe class SubnetWork : IDisposable
{
    private readonly Arena _arena = new();
    private readonly GruWorkspace[] _steps;
    private readonly Matrix[] _dense;

    /// <summary>Allocates.</summary>
    /// <param name="subnet">The subnet.</param>
    /// <param name="gru">Its recurrent part.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="lanes">The most lanes, B.</param>
    /// <param name="aside">Whether it is also computed beside the state that carries on.</param>
    public SubnetWork(PrnnSubnet subnet, GruWeights gru, int itemCount, int lanes, bool aside)
    {
        Carried = new GruWorkspace(gru, lanes, training: true);
        Aside = aside ? new GruWorkspace(gru, lanes, training: false) : null;
        _steps = [Carried];
        _dense = [.. subnet.Inputs.Select(input => input.Rows is DenseRows rows ? _arena.Allocate(lanes, rows.Width) : default)];
        Touched = [.. subnet.Inputs.Select(input => input.Rows is DenseRows ? null : new TouchedRows(input.Rows as SparseRows, itemCount, lanes))];
        Used = Carried;
    }

    /// <summary>The workspace whose state carries on to the next mini-batch.</summary>
    public GruWorkspace Carried { get; }

    /// <summary>The one for computing beside it; null where nothing asks for it.</summary>
    public GruWorkspace? Aside { get; }

    /// <summary>The one of the two that the current pass uses.</summary>
    public GruWorkspace Used { get; private set; }

    /// <summary>[1] <see cref="Carried"/>, in the form in which weights are updated.</summary>
    public GruWorkspace[] Steps => _steps;

    /// <summary>[inputs] rows of one-hot and sparse inputs; null for dense ones.</summary>
    public TouchedRows?[] Touched { get; }

    /// <summary>[B x F] a dense input.</summary>
    public Matrix Dense(int input) => _dense[input];

    /// <summary>Previous states and inputs of a mini-batch.</summary>
    public void Begin(MiniBatch batch, PrnnSubnet subnet)
    {
        for (var lane = 0; lane < batch.Lanes; lane++)
        {
            var previous = new Span<float>(Carried.Previous.Row(lane), Carried.Previous.Columns);
            var source = batch.ContinuesLane[lane];
            if (source == MiniBatch.NewSession)
                previous.Clear();
            else
                new ReadOnlySpan<float>(Carried.State.Row(source), previous.Length).CopyTo(previous);
            if (Aside is not null)
                previous.CopyTo(new Span<float>(Aside.Previous.Row(lane), previous.Length));
        }

        var items = batch.Inputs.AsSpan(0, batch.Lanes);
        for (var input = 0; input < Touched.Length; input++)
        {
            Touched[input]?.Build(items);
            if (subnet.Inputs[input].Rows is DenseRows rows)
                SubnetInputs.Gather(rows, items, _dense[input]);
        }
    }

    /// <summary>Chooses the workspace of the current pass.</summary>
    public void Use(bool aside) => Used = aside ? Aside ?? throw new InvalidOperationException("Nothing was allocated for computing beside the carried state.") : Carried;

    /// <inheritdoc/>
    public void Dispose()
    {
        Carried.Dispose();
        Aside?.Dispose();
        _arena.Dispose();
    }
}
