using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>Live sessions of a GRU4Rec model: one hidden state per layer and lane. Every item is scored.</summary>
internal sealed unsafe partial class Gru4RecLanes : SessionLanes
{
    /// <summary>First bytes of a saved state, then the number of floats.</summary>
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIg1"u8);

    private readonly Gru4RecModel _model;
    private readonly GruWorkspace[] _layers;
    private readonly Arena _arena = new();
    private readonly int[] _live;
    private readonly int[] _above;
    private readonly int[] _level;
    private readonly Matrix _outputByUnit;  // [V x B]
    private readonly Matrix _scores;        // [block x B]
    private readonly Matrix _targetScores;  // [16 x 16], its diagonal
    private readonly Matrix _ranks;         // threshold, above, level
    private bool _released;

    public Gru4RecLanes(Gru4RecModel model, int lanes)
        : base(model.Catalog, lanes)
    {
        _model = model;
        model.Retain();
        _layers = Array.ConvertAll(model.Network.Layers, layer => new GruWorkspace(layer, lanes, training: false));
        _live = new int[lanes];
        _above = new int[lanes];
        _level = new int[lanes];
        _outputByUnit = _arena.Allocate(model.VectorLength, lanes);
        _scores = _arena.Allocate(ItemBlock, lanes);
        _targetScores = _arena.Allocate(TargetBlock, TargetBlock);
        _ranks = _arena.Allocate(3, lanes);
    }

    protected override void ResetCore(int lane)
    {
        foreach (var layer in _layers)
            StateOf(layer, lane).Clear();
    }

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
    }

    protected override byte[] SaveCore(int lane)
    {
        var values = _layers.Sum(layer => layer.State.Columns);
        var state = new byte[8 + (values * sizeof(float))];
        BinaryPrimitives.WriteUInt32LittleEndian(state, s_stateMark);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(4), values);
        var rest = state.AsSpan(8);
        foreach (var layer in _layers)
        {
            var bytes = MemoryMarshal.AsBytes(StateOf(layer, lane));
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        return state;
    }

    protected override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        var values = _layers.Sum(layer => layer.State.Columns);
        if (state.Length != 8 + (values * sizeof(float))
            || BinaryPrimitives.ReadUInt32LittleEndian(state) != s_stateMark
            || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) != values)
        {
            throw new ArgumentException(
                $"The state has {state.Length} bytes and is not one of this model's; expected {8 + (values * sizeof(float))} bytes written by Save.", nameof(state));
        }

        for (var at = 8; at < state.Length; at += sizeof(float))
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(state[at..]);
            if (!float.IsFinite(value))
                throw new ArgumentException($"The state holds {value} at byte {at}; expected finite numbers.", nameof(state));
        }

        var rest = state[8..];
        foreach (var layer in _layers)
        {
            var bytes = MemoryMarshal.AsBytes(StateOf(layer, lane));
            rest[..bytes.Length].CopyTo(bytes);
            rest = rest[bytes.Length..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_released)
        {
            _released = true;
            _arena.Dispose();
            foreach (var layer in _layers)
                layer.Dispose();
            _model.Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>A lane's hidden state, padded: the layer's State matrix is what carries on.</summary>
    private static Span<float> StateOf(GruWorkspace layer, int lane) => new(layer.State.Row(lane), layer.State.Columns);
}
