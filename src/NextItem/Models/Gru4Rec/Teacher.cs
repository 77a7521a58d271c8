using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>A trained model that reads the mini-batches of a network in training and scores the same columns.</summary>
/// <remarks>Lanes as in the mini-batch; what is scored has rows in the order of the window, which differ from lanes where gradients go back in time.</remarks>
internal sealed unsafe class Teacher : IDisposable
{
    private readonly Gru4RecModel _model;
    private readonly int[] _itemOf; // [I] the model's index of each item
    private readonly int[] _inputs;
    private readonly GruWorkspace[] _layers;
    private readonly Arena _arena = new();
    private readonly Matrix _output;       // [B x V]
    private readonly Matrix _outputByUnit; // [V x B]

    /// <summary>Allocates.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="itemOf">[I] the model's item index of each item in training.</param>
    /// <param name="lanes">The most lanes, B.</param>
    public Teacher(Gru4RecModel model, int[] itemOf, int lanes)
    {
        _model = model;
        _itemOf = itemOf;
        _inputs = new int[lanes];
        _layers = Array.ConvertAll(model.Network.Layers, layer => new GruWorkspace(layer, lanes, training: false));
        _output = _arena.Allocate(lanes, model.VectorLength);
        _outputByUnit = _arena.Allocate(model.VectorLength, lanes);
    }

    /// <summary>The layers' states, which carry on.</summary>
    public IEnumerable<Matrix> CarriedStates => _layers.Select(layer => layer.State);

    /// <summary>Each lane's previous state: that of the lane it continues, or zero.</summary>
    public void Carry(MiniBatch batch) => GruWorkspace.Carry(_layers, batch);

    /// <summary>Lanes [start, end) of the mini-batch forward.</summary>
    /// <param name="batch">The mini-batch, by lanes.</param>
    /// <param name="window">Where a lane's row is.</param>
    /// <param name="start">First lane of a member's share.</param>
    /// <param name="end">One past its last; rows of the share are among them.</param>
    public void Forward(MiniBatch batch, StepWindow window, int start, int end)
    {
        if (end <= start)
            return;
        var network = _model.Network;
        for (var lane = start; lane < end; lane++)
        {
            _inputs[lane] = _itemOf[batch.Inputs[lane]];
            if (network.Embedding != EmbeddingMode.None)
                _model.InputOf(_inputs[lane]).CopyTo(new Span<float>(_layers[0].Input.Row(lane), network.InputSize));
        }

        for (var l = 0; l < _layers.Length; l++)
        {
            GruCell.Forward(network.Layers[l], _layers[l], start, end, _inputs);
            for (var lane = start; lane < end && l + 1 < _layers.Length; lane++)
                new ReadOnlySpan<float>(_layers[l].State.Row(lane), network.Layers[l].Units).CopyTo(new Span<float>(_layers[l + 1].Input.Row(lane), network.Layers[l].Units));
        }

        for (var lane = start; lane < end; lane++)
            WriteOutput(_layers[^1].State.Row(lane), _output.Row(window.RowOf(lane)));
        Transpose.Run(_output, start, end, _model.VectorLength, _outputByUnit);
    }

    /// <summary>Scores the columns [start, end).</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="scores">[D x B]: gets the scores.</param>
    public void Score(ScoredColumns columns, int start, int end, Matrix scores)
    {
        const int Together = 32;
        var rows = stackalloc float*[Together];
        var items = _model.Scored.Rows;
        for (var first = start; first < end; first += Together)
        {
            var count = Math.Min(Together, end - first);
            for (var i = 0; i < count; i++)
                rows[i] = items.Vector(_itemOf[columns.Items[first + i]]);
            MatMul.MultiplyRows(rows, _outputByUnit.Block(0, scores.Columns), scores.Slice(first, count), items.Length);
            for (var i = 0; i < count && _model.Options.CosineScale == 0; i++)
            {
                var row = new Span<float>(scores.Row(first + i), scores.Columns);
                System.Numerics.Tensors.TensorPrimitives.Add(row, *items.Bias(_itemOf[columns.Items[first + i]]), row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
        _arena.Dispose();
    }

    private void WriteOutput(float* state, float* output)
    {
        var length = _model.VectorLength;
        if (_model.Options.CosineScale > 0)
            CosineScores.Write(state, length, _model.Options.CosineScale, output);
        else
            new ReadOnlySpan<float>(state, length).CopyTo(new Span<float>(output, length));
    }
}
