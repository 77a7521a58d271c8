using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Optimizers;
using NextItem.Sessions;

namespace NextItem.Models.Gru4Rec;

/// <summary>Live sessions of a GRU4Rec model: one hidden state per layer and lane. Every item is scored.</summary>
internal sealed unsafe class Gru4RecLanes : ItemRowLanes
{
    private readonly Gru4RecModel _model;
    private readonly GruWorkspace[] _layers;
    private readonly float _scale;
    private readonly Arena _arena = new();
    private readonly Matrix _directions; // [B x V] s h / |h|, or what else is made of the state
    private readonly Matrix _lastItems;  // [B x V] the last item's direction, only with a residual weight
    private readonly Matrix _places;     // [B x 1] events seen, up to the last class of places, only where these are inputs

    public Gru4RecLanes(Gru4RecModel model, int lanes)
        : base(model.Catalog, model.Scored, lanes)
    {
        _model = model;
        _layers = Array.ConvertAll(model.Network.Layers, layer => new GruWorkspace(layer, lanes, training: false));
        _scale = TrialOutputs.ScaleOf(model.Options);
        if (HasPlaces)
            _places = _arena.Allocate(lanes, 1);
        if (_scale > 0)
            _directions = _arena.Allocate(lanes, model.VectorLength);
        if (HasResidual)
            _lastItems = _arena.Allocate(lanes, model.VectorLength);
        for (var lane = 0; lane < lanes; lane++)
            AfterStates(lane);
    }

    protected override ReadOnlySpan<byte> StateMark => "NIg1"u8;

    protected override int StateCount => _layers.Length + (HasResidual ? 1 : 0) + (HasPlaces ? 1 : 0);

    private bool HasResidual => _model.Options.ResidualWeight > 0;

    private bool HasPlaces => _model.Network.PositionInputs is not null;

    protected override float* OutputOf(int lane) => _scale > 0 ? _directions.Row(lane) : _layers[^1].State.Row(lane);

    /// <summary>
    /// A state of zeros, before the first known item, has no direction and scores nothing: with scores of 0, all items would be level, and
    /// ranking would call each of them the best.
    /// </summary>
    protected override void AfterStates(int lane)
    {
        if (_scale == 0)
            return;
        var item = HasResidual ? _lastItems.Row(lane) : null;
        if (TrialOutputs.Write(_model.Options, _layers[^1].State.Row(lane), item, _model.VectorLength, _directions.Row(lane)) == 0 && _model.Options.CosineScale > 0)
            new Span<float>(_directions.Row(lane), _model.VectorLength).Fill(float.NaN);
    }

    /// <summary>The layer's State matrix is what carries on, and behind the layers the last item's direction and the number of events.</summary>
    protected override Span<float> StateOf(int state, int lane)
    {
        if (state < _layers.Length)
            return StateOf(_layers[state], lane);
        return HasResidual && state == _layers.Length ? new Span<float>(_lastItems.Row(lane), _lastItems.Columns) : new Span<float>(_places.Row(lane), 1);
    }

    /// <summary>Of unknown times.</summary>
    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices) => AdvanceCore(itemIndices, []);

    internal override void AdvanceCore(ReadOnlySpan<int> itemIndices, ReadOnlySpan<byte> gaps)
    {
        var parameters = _model.Network;
        for (var lane = 0; lane < Count && parameters.Embedding != EmbeddingMode.None; lane++)
        {
            var input = new Span<float>(_layers[0].Input.Row(lane), parameters.InputSize);
            if (itemIndices[lane] >= 0)
                WriteInput(lane, itemIndices[lane], gaps.IsEmpty ? TimeGap.None : gaps[lane], input);
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

    /// <summary>The item's vector, with those of the event's classes. Unknown items have no part in it: they are no event, neither for places nor for times.</summary>
    private void WriteInput(int lane, int item, byte gap, Span<float> input)
    {
        _model.InputOf(item).CopyTo(input);
        if (HasResidual)
            input.CopyTo(new Span<float>(_lastItems.Row(lane), input.Length)); // of length 1 in a finished model
        if (_model.Network.TimeInputs is { } times)
            AddRow(times, Math.Min(gap, times.Rows - 1), input);
        if (_model.Network.PositionInputs is not { } positions)
            return;
        ref var place = ref *_places.Row(lane);
        place = Math.Clamp(place, 0, positions.Rows - 1); // a state that was loaded may hold any number
        AddRow(positions, (int)place, input);
        place = Math.Min(place + 1, positions.Rows - 1);
    }

    private static void AddRow(ParameterTable table, int row, Span<float> input) =>
        TensorPrimitives.Add(input, new ReadOnlySpan<float>(table.Row(row), input.Length), input);

    private static Span<float> StateOf(GruWorkspace layer, int lane) => new(layer.State.Row(lane), layer.State.Columns);
}
