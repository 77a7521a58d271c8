using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>Scratch memory of a training step, allocated once. What threads write side by side each member has for itself.</summary>
internal sealed class StepBuffers : IDisposable
{
    private readonly Arena _arena = new();
    private readonly int _finals;
    private readonly Matrix _allFinals;
    private readonly Matrix[] _gradientOutput;
    private readonly Matrix[] _rowGradients;
    private readonly Matrix[] _weightScratch;
    private readonly Matrix[] _inputMasks;
    private readonly Matrix[] _gradientInputs;
    private readonly Matrix[] _gradientPrevious;

    /// <summary>Allocates.</summary>
    /// <param name="parameters">Their shapes.</param>
    /// <param name="columns">The most distinct scored items, D.</param>
    /// <param name="lanes">The most lanes, B.</param>
    /// <param name="members">Threads.</param>
    /// <param name="statisticsPerLane">Of the loss.</param>
    /// <param name="finalsPerLane">Of the loss.</param>
    /// <param name="itemBlock">Item rows that are worked on together.</param>
    /// <param name="slopes">Whether a final activation's derivatives must be kept.</param>
    /// <param name="steps">Steps n that gradients go back.</param>
    public StepBuffers(
        Gru4RecParameters parameters, int columns, int lanes, int members, int statisticsPerLane, int finalsPerLane, int itemBlock, bool slopes, int steps)
    {
        var row = parameters.Items.BlockColumns;
        var input = Math.Max(1, parameters.InputSize);
        var gates = parameters.Layers.Max(layer => GruWeights.Gates * layer.BlockWidth);
        _finals = finalsPerLane;
        Output = _arena.Allocate(lanes, row);
        OutputByUnit = _arena.Allocate(row, lanes);
        Logits = _arena.Allocate(columns, lanes);
        Slopes = slopes ? _arena.Allocate(columns, lanes) : default;
        Targets = _arena.Allocate(1, lanes);
        Statistics = _arena.Allocate(members * statisticsPerLane, lanes);
        _allFinals = _arena.Allocate(members * finalsPerLane, lanes);
        Deferred = _arena.Allocate(lanes * steps, parameters.Inputs.Width);
        _inputMasks = new Matrix[steps];
        _gradientInputs = new Matrix[steps];
        for (var step = 0; step < steps; step++)
        {
            _inputMasks[step] = _arena.Allocate(lanes, input);
            _gradientInputs[step] = _arena.Allocate(lanes, input);
        }

        _gradientPrevious = steps > 1 ? Array.ConvertAll(parameters.Layers, layer => _arena.Allocate(lanes, layer.BlockWidth)) : [];
        _gradientOutput = new Matrix[members];
        _rowGradients = new Matrix[members];
        _weightScratch = new Matrix[members];
        for (var member = 0; member < members; member++)
        {
            _gradientOutput[member] = _arena.Allocate(SimdWidth.Padded(row), lanes);
            _rowGradients[member] = _arena.Allocate(itemBlock, row);
            _weightScratch[member] = _arena.Allocate(GruCell.WeightRows, gates);
        }
    }

    /// <summary>[B x (V + 1)]: the last hidden state, then a 1.</summary>
    public Matrix Output { get; }

    /// <summary>[(V + 1) x B]: <see cref="Output"/> transposed.</summary>
    public Matrix OutputByUnit { get; }

    /// <summary>[D x B]: logits of the distinct items, then what the loss makes of them.</summary>
    public Matrix Logits { get; }

    /// <summary>[D x B]: the final activation's derivatives, where it has any but 1.</summary>
    public Matrix Slopes { get; }

    /// <summary>[1 x B]: the scores of the lanes' targets.</summary>
    public Matrix Targets { get; }

    /// <summary>[members * statistics x B]: the loss's statistics of each member's range.</summary>
    public Matrix Statistics { get; }

    /// <summary>[B n x a row of the inputs' table]: gradients of input rows by input slot; first of those that are scored too.</summary>
    public Matrix Deferred { get; }

    /// <summary>[B x E]: dropout mask of the first layer's input in a step of the window.</summary>
    public Matrix InputMaskOf(int step) => _inputMasks[step];

    /// <summary>[B x E]: gradient by the first layer's input in a step of the window.</summary>
    public Matrix GradientInputOf(int step) => _gradientInputs[step];

    /// <summary>[B x H]: gradient by a layer's previous state, on its way from one step to the one before; only where n is above 1.</summary>
    public Matrix GradientPreviousOf(int layer) => _gradientPrevious[layer];

    /// <summary>[finals x B] of one member.</summary>
    public Matrix FinalsOf(int member) => _allFinals.Slice(member * _finals, _finals);

    /// <summary>[V + 1, padded, x B]: one member's part of the gradient by the last hidden state, transposed; rows from V on have no meaning.</summary>
    public Matrix GradientOutputOf(int member) => _gradientOutput[member];

    /// <summary>[block x (V + 1)]: the gradients of a block of items.</summary>
    public Matrix RowGradientsOf(int member) => _rowGradients[member];

    /// <summary>[<see cref="GruCell.WeightRows"/> x 3H]: gradients of a few weight rows.</summary>
    public Matrix WeightScratchOf(int member) => _weightScratch[member];

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
