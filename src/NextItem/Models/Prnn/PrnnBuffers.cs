using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Models.Prnn;

/// <summary>Scratch memory of a p-RNN's training step, allocated once. What threads write side by side each member has for itself.</summary>
internal sealed unsafe class PrnnBuffers : IDisposable
{
    private readonly Arena _arena = new();
    private readonly int _finals;
    private readonly Matrix _allFinals;
    private readonly Matrix _scratch;
    private readonly Matrix[] _output;
    private readonly Matrix[] _outputByUnit;
    private readonly Matrix[] _gradientByLane;
    private readonly Matrix[][] _gradientOutput;
    private readonly Matrix[][] _rowGradients;
    private readonly Matrix[] _weightScratch;
    private readonly Matrix _keptRows;

    /// <summary>Allocates.</summary>
    public PrnnBuffers(PrnnParameters parameters, int columns, int lanes, int members, int statisticsPerLane, int finalsPerLane, int itemBlock, bool slopes)
    {
        var rows = Array.ConvertAll(parameters.Heads, head => head.BlockColumns);
        var gates = parameters.Grus.Max(gru => GruWeights.Gates * gru.BlockWidth);
        _finals = finalsPerLane;
        Logits = _arena.Allocate(columns, lanes);
        Slopes = slopes ? _arena.Allocate(columns, lanes) : default;
        Targets = _arena.Allocate(1, lanes);
        Statistics = _arena.Allocate(members * statisticsPerLane, lanes);
        _allFinals = _arena.Allocate(members * finalsPerLane, lanes);
        _scratch = _arena.Allocate(lanes, parameters.Grus.Max(gru => gru.Units));
        _output = Array.ConvertAll(rows, row => _arena.Allocate(lanes, row));
        _outputByUnit = Array.ConvertAll(rows, row => _arena.Allocate(row, lanes));
        _gradientByLane = Array.ConvertAll(rows, row => _arena.Allocate(lanes, row));
        _gradientOutput = Array.ConvertAll(rows, row => Enumerable.Range(0, members).Select(_ => _arena.Allocate(SimdWidth.Padded(row), lanes)).ToArray());
        _rowGradients = Array.ConvertAll(rows, row => Enumerable.Range(0, members).Select(_ => _arena.Allocate(itemBlock, row)).ToArray());
        _keptRows = _arena.Allocate(members, (int)parameters.Heads[0].Stride);
        _weightScratch = [.. Enumerable.Range(0, members).Select(_ => _arena.Allocate(GruCell.WeightRows, gates))];
    }

    /// <summary>[D x B]: logits of the distinct items, then what the loss makes of them.</summary>
    public Matrix Logits { get; }

    /// <summary>[D x B]: the final activation's derivatives, where it has any but 1.</summary>
    public Matrix Slopes { get; }

    /// <summary>[1 x B]: the scores of the lanes' targets.</summary>
    public Matrix Targets { get; }

    /// <summary>[members * statistics x B].</summary>
    public Matrix Statistics { get; }

    /// <summary>[finals x B] of one member.</summary>
    public Matrix FinalsOf(int member) => _allFinals.Slice(member * _finals, _finals);

    /// <summary>[B x d_k]: what a head scores; the first one's with a 1 behind.</summary>
    public Matrix OutputOf(int head) => _output[head];

    /// <summary>[d_k x B]: the same transposed.</summary>
    public Matrix OutputByUnitOf(int head) => _outputByUnit[head];

    /// <summary>[d_k padded x B]: one member's part of the gradient by it.</summary>
    public Matrix GradientOutputOf(int head, int member) => _gradientOutput[head][member];

    /// <summary>[B x d_k]: the gradient by what a head scores.</summary>
    public Matrix GradientByLaneOf(int head) => _gradientByLane[head];

    /// <summary>[block x d_k]: gradients of a block of items' rows.</summary>
    public Matrix RowGradientsOf(int head, int member) => _rowGradients[head][member];

    /// <summary>[rows x 3H]: gradients of a few weight rows.</summary>
    public Matrix WeightScratchOf(int member) => _weightScratch[member];

    /// <summary>One row of the first head with its states, of one member.</summary>
    public float* KeptRowOf(int member) => _keptRows.Row(member);

    /// <summary>A lane's scratch: as long as the largest subnet's state.</summary>
    public float* ScratchOf(int lane) => _scratch.Row(lane);

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
