using System.Numerics.Tensors;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Models.Prnn;

/// <summary>Live sessions of a p-RNN: one hidden state per subnet and lane. Every item is scored.</summary>
internal sealed unsafe class PrnnLanes : ItemRowLanes
{
    private readonly PrnnParameters _parameters;
    private readonly PrnnShape _shape;
    private readonly GruWorkspace[] _subnets;
    private readonly Matrix[][] _dense;
    private readonly Arena _arena = new();
    private readonly Matrix _output; // [B x V]

    public PrnnLanes(PrnnModel model, int lanes)
        : base(model.Catalog, model.Scored, lanes)
    {
        _parameters = model.Network;
        _shape = _parameters.Shape;
        _subnets = Array.ConvertAll(_parameters.Grus, gru => new GruWorkspace(gru, lanes, training: false));
        _dense = [.. _shape.Subnets.Select(subnet => subnet.Inputs.Select(input => input.Rows is DenseRows rows ? _arena.Allocate(lanes, rows.Width) : default).ToArray())];
        _output = _arena.Allocate(lanes, _shape.VectorLength);
    }

    protected override ReadOnlySpan<byte> StateMark => "NIp1"u8;

    protected override int StateCount => _subnets.Length;

    protected override float* OutputOf(int lane) => _output.Row(lane);

    /// <summary>The subnet's State matrix is what carries on.</summary>
    protected override Span<float> StateOf(int state, int lane) => new(_subnets[state].State.Row(lane), _subnets[state].State.Columns);

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        for (var k = 0; k < _subnets.Length; k++)
        {
            var (work, gru) = (_subnets[k], _parameters.Grus[k]);
            for (var lane = 0; lane < Count; lane++)
                StateOf(k, lane).CopyTo(new Span<float>(work.Previous.Row(lane), work.Previous.Columns));
            GruCell.BeginGates(gru, work, 0, Count);
            for (var i = 0; i < _dense[k].Length; i++)
            {
                var input = _shape.Subnets[k].Inputs[i];
                if (input.Rows is DenseRows rows)
                    SubnetInputs.Gather(rows, itemIndices, _dense[k][i]);
                SubnetInputs.Add(input, _parameters.Inputs[k][i], itemIndices, work.Gates, _dense[k][i], 0, Count);
            }

            GruCell.Recur(gru, work, 0, Count);
            for (var lane = 0; lane < Count; lane++)
            {
                if (itemIndices[lane] < 0)
                    new ReadOnlySpan<float>(work.Previous.Row(lane), work.Previous.Columns).CopyTo(StateOf(k, lane));
            }
        }

        for (var lane = 0; lane < Count; lane++)
        {
            if (itemIndices[lane] >= 0)
                AfterStates(lane);
        }
    }

    /// <summary>Joins the subnets' states to what items are scored with, in the operations of a training step.</summary>
    protected override void AfterStates(int lane)
    {
        var at = 0;
        for (var k = 0; k < _subnets.Length; k++)
        {
            var subnet = _shape.Subnets[k];
            var state = StateOf(k, lane)[..subnet.Units];
            if (_shape.Output == PrnnOutput.SharedWeights)
            {
                var sum = new Span<float>(_output.Row(lane), subnet.Units);
                if (k == 0)
                    sum.Clear();
                TensorPrimitives.MultiplyAdd(state, subnet.Weight, sum, sum);
                continue;
            }

            var part = new Span<float>(_output.Row(lane) + at, subnet.Units);
            TensorPrimitives.Multiply(state, subnet.Weight, part);
            if (_shape.Output == PrnnOutput.Interaction && k > 0)
                TensorPrimitives.Multiply(part, StateOf(0, lane)[..subnet.Units], part);
            at += subnet.Units;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var subnet in _subnets)
                subnet.Dispose();
            _arena.Dispose();
        }

        base.Dispose(disposing);
    }
}
