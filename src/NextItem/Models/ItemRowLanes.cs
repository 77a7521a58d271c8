using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NextItem.Kernels;

namespace NextItem.Models;

/// <summary>
/// Live sessions of a model that scores an item by a vector of the lane: score = vector . row + bias. Every item is scored. What a
/// lane's vector is made of, and its hidden state, are the model's.
/// </summary>
internal abstract unsafe partial class ItemRowLanes : SessionLanes
{
    private readonly ScoredItems _items;
    private readonly Arena _arena = new();
    private readonly int[] _live;
    private readonly int[] _above;
    private readonly int[] _level;
    private readonly Matrix _outputByUnit;  // [V x B]
    private readonly Matrix _scores;        // [block x B]
    private readonly Matrix _targetScores;  // [16 x 16], its diagonal
    private readonly Matrix _ranks;         // threshold, above, level
    private bool _released;

    /// <summary>Opens lanes: the items' memory stays until they are disposed.</summary>
    protected ItemRowLanes(ItemCatalog catalog, ScoredItems items, int lanes)
        : base(catalog, lanes)
    {
        _items = items;
        items.Retain();
        try
        {
            Allocate(items.Rows.Length, lanes, out _outputByUnit, out _scores, out _targetScores, out _ranks);
        }
        catch
        {
            _arena.Dispose();
            items.Release();
            throw;
        }

        _live = new int[lanes];
        _above = new int[lanes];
        _level = new int[lanes];
    }

    private void Allocate(int length, int lanes, out Matrix outputByUnit, out Matrix scores, out Matrix targetScores, out Matrix ranks)
    {
        outputByUnit = _arena.Allocate(length, lanes);
        scores = _arena.Allocate(ItemBlock, lanes);
        targetScores = _arena.Allocate(TargetBlock, TargetBlock);
        ranks = _arena.Allocate(3, lanes);
    }

    /// <summary>First bytes of a saved state.</summary>
    protected abstract ReadOnlySpan<byte> StateMark { get; }

    /// <summary>[V] what a lane's items are scored with.</summary>
    protected abstract float* OutputOf(int lane);

    /// <summary>Number of hidden states of a lane: layers, or subnets.</summary>
    protected abstract int StateCount { get; }

    /// <summary>One of a lane's hidden states, with its padding.</summary>
    protected abstract Span<float> StateOf(int state, int lane);

    protected sealed override void ResetCore(int lane)
    {
        for (var state = 0; state < StateCount; state++)
            StateOf(state, lane).Clear();
        AfterStates(lane);
    }

    /// <summary>A lane's hidden states were set.</summary>
    protected virtual void AfterStates(int lane)
    {
    }

    protected sealed override byte[] SaveCore(int lane)
    {
        var values = StateLength(lane);
        var saved = new byte[8 + (values * sizeof(float))];
        StateMark.CopyTo(saved);
        BinaryPrimitives.WriteInt32LittleEndian(saved.AsSpan(4), values);
        var rest = saved.AsSpan(8);
        for (var state = 0; state < StateCount; state++)
        {
            var bytes = MemoryMarshal.AsBytes(StateOf(state, lane));
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        return saved;
    }

    protected sealed override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        var values = StateLength(lane);
        if (state.Length != 8 + (values * sizeof(float)) || !state.StartsWith(StateMark) || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) != values)
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
        for (var each = 0; each < StateCount; each++)
        {
            var bytes = MemoryMarshal.AsBytes(StateOf(each, lane));
            rest[..bytes.Length].CopyTo(bytes);
            rest = rest[bytes.Length..];
        }

        AfterStates(lane);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_released)
        {
            _released = true;
            _arena.Dispose();
            _items.Release();
        }

        base.Dispose(disposing);
    }

    private int StateLength(int lane)
    {
        var length = 0;
        for (var state = 0; state < StateCount; state++)
            length += StateOf(state, lane).Length;
        return length;
    }
}
