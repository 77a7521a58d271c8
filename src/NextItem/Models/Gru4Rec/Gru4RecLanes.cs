using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>Live sessions of a GRU4Rec model: one hidden state per layer and lane. Every item is scored.</summary>
internal sealed unsafe class Gru4RecLanes : ItemRowLanes
{
    private readonly Gru4RecModel _model;
    private readonly GruWorkspace[] _layers;
    private readonly float _scale;
    private readonly Arena _arena = new();
    private readonly Matrix _directions; // [B x V] s h / |h|, only where scores are cosines

    public Gru4RecLanes(Gru4RecModel model, int lanes)
        : base(model.Catalog, model.Scored, lanes)
    {
        _model = model;
        _layers = Array.ConvertAll(model.Network.Layers, layer => new GruWorkspace(layer, lanes, training: false));
        _scale = model.Options.CosineScale;
        if (_scale > 0)
            _directions = _arena.Allocate(lanes, model.VectorLength);
        for (var lane = 0; lane < lanes; lane++)
            AfterStates(lane);
    }

    protected override ReadOnlySpan<byte> StateMark => "NIg1"u8;

    protected override int StateCount => _layers.Length;

    protected override float* OutputOf(int lane) => _scale > 0 ? _directions.Row(lane) : _layers[^1].State.Row(lane);

    /// <summary>
    /// A state of zeros, before the first known item, has no direction and scores nothing: with scores of 0, all items would be level, and
    /// ranking would call each of them the best.
    /// </summary>
    protected override void AfterStates(int lane)
    {
        if (_scale > 0 && CosineScores.Write(_layers[^1].State.Row(lane), _model.VectorLength, _scale, _directions.Row(lane)) == 0)
            new Span<float>(_directions.Row(lane), _model.VectorLength).Fill(float.NaN);
    }

    /// <summary>The layer's State matrix is what carries on.</summary>
    protected override Span<float> StateOf(int state, int lane) => StateOf(_layers[state], lane);

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        var parameters = _model.Network;
        for (var lane = 0; lane < Count && parameters.Embedding != EmbeddingMode.None; lane++)
        {
            var input = new Span<float>(_layers[0].Input.Row(lane), parameters.InputSize);
            if (itemIndices[lane] >= 0)
                _model.InputOf(itemIndices[lane]).CopyTo(input);
            else
                input.Clear();
        }

        for (var l = 0; l < _layers.Length; l++)
        {
            var units = parameters.Layers[l].Units;
            for (var lane = 0; lane < Count; lane++)
                StateOf(_layers[l], lane).CopyTo(new Span<float>(_layers[l].Previous.Row(lane), _layers[l].Previous.Columns));
            GruCell.Forward(parameters.Layers[l], _layers[l], 0, Count, itemIndices);
            for (var lane = 0; lane < Count; lane++)
            {
                var state = StateOf(_layers[l], lane);
                if (itemIndices[lane] < 0)
                    new ReadOnlySpan<float>(_layers[l].Previous.Row(lane), state.Length).CopyTo(state);
                if (l + 1 < _layers.Length)
                    state[..units].CopyTo(new Span<float>(_layers[l + 1].Input.Row(lane), units));
            }
        }

        for (var lane = 0; lane < Count && _scale > 0; lane++)
            AfterStates(lane);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in _layers)
                layer.Dispose();
            _arena.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Span<float> StateOf(GruWorkspace layer, int lane) => new(layer.State.Row(lane), layer.State.Columns);
}
