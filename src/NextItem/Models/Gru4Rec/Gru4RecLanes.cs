using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>Live sessions of a GRU4Rec model: one hidden state per layer and lane. Every item is scored.</summary>
internal sealed unsafe class Gru4RecLanes : SessionLanes
{
    /// <summary>Item rows scored at once: their scores stay in the first-level cache while they are counted.</summary>
    private const int ItemBlock = 64;

    /// <summary>Lanes whose targets are scored at once: as many as lie along the widest vector.</summary>
    private const int TargetBlock = SimdWidth.Padding;

    /// <summary>First bytes of a saved state, then the number of floats.</summary>
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIg1"u8);

    private readonly Gru4RecModel _model;
    private readonly GruWorkspace[] _layers;
    private readonly Arena _arena = new();
    private readonly Matrix _output;        // [B x (E + 1)]
    private readonly Matrix _outputByUnit;  // [(E + 1) x B]
    private readonly Matrix _one;           // [(E + 1) x 1]
    private readonly Matrix _scores;        // [block x B]
    private readonly Matrix _targetScores;  // [16 x 16], its diagonal
    private readonly Matrix _ranks;         // threshold, above, level

    public Gru4RecLanes(Gru4RecModel model, int lanes)
        : base(model.Catalog, lanes)
    {
        _model = model;
        var row = model.VectorLength + 1;
        _layers = Array.ConvertAll(model.Parameters.Layers, layer => new GruWorkspace(layer, lanes, training: false));
        _output = _arena.Allocate(lanes, row);
        _outputByUnit = _arena.Allocate(row, lanes);
        _one = _arena.Allocate(row, 1);
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
        var parameters = _model.Parameters;
        for (var lane = 0; lane < Count && parameters.Embedding != EmbeddingMode.None; lane++)
        {
            var input = new Span<float>(_layers[0].Input.Row(lane), parameters.InputSize);
            if (itemIndices[lane] >= 0)
                new ReadOnlySpan<float>(parameters.Inputs.Row(itemIndices[lane]), input.Length).CopyTo(input);
            else
                input.Clear();
        }

        for (var l = 0; l < _layers.Length; l++)
        {
            var units = parameters.Layers[l].Units;
            for (var lane = 0; lane < Count; lane++)
                StateOf(_layers[l], lane).CopyTo(new Span<float>(_layers[l].Previous.Row(lane), (int)_layers[l].Previous.Stride));
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

    protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        PrepareOutput();
        var inner = _model.VectorLength + 1;
        var items = _model.Parameters.Items;

        // The target's score comes from the same sums in the same order as all others, so its own row is exactly level with it.
        // Sixteen lanes at a time: of each small square only the diagonal is wanted.
        float* threshold = _ranks.Row(0), above = _ranks.Row(1), level = _ranks.Row(2);
        _ranks.Clear();
        var rows = stackalloc float*[TargetBlock];
        for (var start = 0; start < Count; start += TargetBlock)
        {
            var lanes = Math.Min(TargetBlock, Count - start);
            for (var i = 0; i < lanes; i++)
                rows[i] = items.Row(Math.Max(0, targets[start + i]));
            MatMul.MultiplyRows(rows, _outputByUnit.Block(start, lanes), _targetScores.Top(lanes).Block(0, lanes), inner);
            for (var i = 0; i < lanes; i++)
                threshold[start + i] = _targetScores.Row(i)[i];
        }

        for (var first = 0; first < items.Rows; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, items.Rows - first));
            MatMul.Multiply(items.Values.Slice(first, block.Rows), _outputByUnit, block, inner);
            RankCount.Add(block, threshold, above, level);
        }

        for (var lane = 0; lane < Count; lane++)
        {
            // A score that is no number is level with nothing, not even itself: no rank.
            ranks[lane] = targets[lane] < 0 || level[lane] < 1 ? TargetRank.Unscored : new TargetRank((int)above[lane], (int)level[lane] - 1);
        }
    }

    protected override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        var inner = _model.VectorLength + 1;
        var state = _layers[^1].State.Row(lane);
        for (var i = 0; i < inner - 1; i++)
            _one.Row(i)[0] = state[i];
        _one.Row(inner - 1)[0] = 1;

        var items = _model.Parameters.Items;
        var top = new TopK(best);
        for (var first = 0; first < items.Rows; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, items.Rows - first)).Block(0, 1);
            MatMul.Multiply(items.Values.Slice(first, block.Rows), _one, block, inner);
            for (var i = 0; i < block.Rows; i++)
            {
                var score = block.Row(i)[0];
                if (score >= top.Floor && (filter is null || filter.Allows(first + i)) && !exclude.Contains(first + i))
                    top.Add(first + i, score);
            }
        }

        return top.Sort();
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
        if (disposing)
        {
            _arena.Dispose();
            foreach (var layer in _layers)
                layer.Dispose();
        }

        base.Dispose(disposing);
    }

    private void PrepareOutput()
    {
        var units = _model.VectorLength;
        for (var lane = 0; lane < Count; lane++)
        {
            StateOf(_layers[^1], lane)[..units].CopyTo(new Span<float>(_output.Row(lane), units));
            _output.Row(lane)[units] = 1;
        }

        Transpose.Run(_output, 0, Count, units + 1, _outputByUnit);
    }

    /// <summary>A lane's hidden state, padded: the layer's State matrix is what carries on.</summary>
    private static Span<float> StateOf(GruWorkspace layer, int lane) => new(layer.State.Row(lane), (int)layer.State.Stride);
}
