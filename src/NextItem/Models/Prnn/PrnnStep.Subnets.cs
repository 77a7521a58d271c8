using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Models.Prnn;

/// <content>The subnets' part: inputs and states forward, gradients back, weights.</content>
internal sealed unsafe partial class PrnnStep<TLoss, TRule>
{
    private void Forward(int member)
    {
        var (start, end) = LanesOf(member);
        if (end <= start)
            return;
        for (var k = 0; k < _subnets.Length; k++)
        {
            if (_pass.Includes(k))
                ForwardSubnet(k, start, end);
        }

        for (var head = 0; head < _parameters.Heads.Length; head++)
        {
            if (!Includes(head))
                continue;
            for (var lane = start; lane < end; lane++)
                JoinStates(head, lane);
            Transpose.Run(_buffers.OutputOf(head), start, end, _parameters.Heads[head].BlockColumns, _buffers.OutputByUnitOf(head));
        }
    }

    private void ForwardSubnet(int k, int start, int end)
    {
        var (subnet, gru, work) = (_shape.Subnets[k], _parameters.Grus[k], _subnets[k].Used);
        GruCell.BeginGates(gru, work, start, end);
        for (var input = 0; input < subnet.Inputs.Length; input++)
            SubnetInputs.Add(subnet.Inputs[input], _parameters.Inputs[k][input], _batch.Inputs, work.Gates, _subnets[k].Dense(input), start, end);

        GruCell.Recur(gru, work, start, end);
        if (subnet.DropoutHidden == 0 || !(_pass.Trains(k) || _dropsFrozen))
            return;
        for (var lane = start; lane < end; lane++)
        {
            // A frozen subnet's mask is not needed again.
            var mask = new Span<float>(_pass.Trains(k) ? work.Mask.Row(lane) : _buffers.ScratchOf(lane), subnet.Units);
            var state = new Span<float>(work.State.Row(lane), subnet.Units);
            DropoutMask.Draw(_random, RandomStream.HiddenDropout, k, _step, lane, subnet.DropoutHidden, mask);
            TensorPrimitives.Multiply(state, mask, state);
        }
    }

    /// <summary>What a head scores in a lane; the constant 1 of the bias stands behind the first head's.</summary>
    private void JoinStates(int head, int lane)
    {
        var length = _parameters.VectorLength(head);
        var output = new Span<float>(_buffers.OutputOf(head).Row(lane), length);
        if (_shape.Output == PrnnOutput.SharedWeights)
        {
            output.Clear();
            for (var k = 0; k < _subnets.Length; k++)
            {
                if (_pass.Includes(k))
                    TensorPrimitives.MultiplyAdd(StateOf(k, lane), _shape.Subnets[k].Weight, output, output);
            }
        }
        else
        {
            TensorPrimitives.Multiply(StateOf(head, lane), _shape.Subnets[head].Weight, output);
            if (_shape.Output == PrnnOutput.Interaction && head > 0)
                TensorPrimitives.Multiply(output, StateOf(0, lane), output);
        }

        if (head == 0)
            _buffers.OutputOf(0).Row(lane)[length] = 1;
    }

    private Span<float> StateOf(int k, int lane) => new(_subnets[k].Used.State.Row(lane), _shape.Subnets[k].Units);

    private void Backward(int member)
    {
        var (start, end) = LanesOf(member);
        if (end <= start)
            return;
        for (var head = 0; head < _parameters.Heads.Length; head++)
        {
            if (!WantsGradient(head))
                continue;
            var sum = _buffers.GradientOutputOf(head, 0).Block(start, end - start);
            for (var other = 1; other < _team.Members; other++)
                sum.Add(_buffers.GradientOutputOf(head, other).Block(start, end - start));
            Transpose.RunBack(_buffers.GradientOutputOf(head, 0), start, end, _parameters.VectorLength(head), _buffers.GradientByLaneOf(head));
        }

        for (var k = 0; k < _subnets.Length; k++)
        {
            if (!_pass.Trains(k))
                continue;
            var (subnet, work) = (_shape.Subnets[k], _subnets[k].Carried);
            for (var lane = start; lane < end; lane++)
            {
                var gradient = new Span<float>(work.GradientState.Row(lane), subnet.Units);
                GradientOfState(k, lane, gradient);
                if (subnet.DropoutHidden > 0)
                    TensorPrimitives.Multiply(gradient, new ReadOnlySpan<float>(work.Mask.Row(lane), subnet.Units), gradient);
            }

            GruCell.BackwardGates(_parameters.Grus[k], work, start, end);
        }
    }

    /// <summary>From the heads' gradients to that of one subnet's state, after dropout.</summary>
    private void GradientOfState(int k, int lane, Span<float> gradient)
    {
        if (_pass.FreezesHead(k))
            gradient.Clear();
        else
            TensorPrimitives.Multiply(GradientOf(_shape.HeadOf(k), lane, gradient.Length), _shape.Subnets[k].Weight, gradient);
        if (_shape.Output != PrnnOutput.Interaction)
            return;
        if (k > 0)
        {
            TensorPrimitives.Multiply(gradient, StateOf(0, lane), gradient);
            return;
        }

        var part = new Span<float>(_buffers.ScratchOf(lane), gradient.Length);
        for (var other = 1; other < _subnets.Length; other++)
        {
            if (!_pass.Includes(other))
                continue;
            TensorPrimitives.Multiply(GradientOf(other, lane, gradient.Length), StateOf(other, lane), part);
            TensorPrimitives.MultiplyAdd(part, _shape.Subnets[other].Weight, gradient, gradient);
        }
    }

    private ReadOnlySpan<float> GradientOf(int head, int lane, int length) => new(_buffers.GradientByLaneOf(head).Row(lane), length);

    private void UpdateWeights(int member)
    {
        ReadOnlySpan<WindowSegment> segments = [new WindowSegment(0, 0, _batch.Lanes)];
        for (var k = 0; k < _subnets.Length; k++)
        {
            if (!_pass.Trains(k))
                continue;
            var scratch = _buffers.WeightScratchOf(member).Block(0, GruWeights.Gates * _parameters.Grus[k].BlockWidth);
            for (var input = 0; input < _parameters.Inputs[k].Length; input++)
            {
                if (_subnets[k].Touched[input] is { } touched)
                    UpdateTouched(k, _parameters.Inputs[k][input], touched, scratch, member);
                else
                    UpdateDense(k, _parameters.Inputs[k][input], _subnets[k].Dense(input), scratch, member);
            }

            GruCell.UpdateRecurrent(_parameters.Grus[k], _subnets[k].Steps, segments, _rule, RateOf(k), scratch, member, _team.Members);
        }
    }

    private void UpdateTouched(int k, Optimizers.ParameterTable weights, TouchedRows touched, Matrix scratch, int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, touched.Count);
        var gates = _subnets[k].Carried.GradientGates;
        var sum = new Span<float>(scratch.Row(0), weights.Width);
        for (var slot = start; slot < end; slot++)
        {
            var lanes = touched.LanesOf(slot);
            var values = touched.ValuesOf(slot);
            sum.Clear();
            for (var i = 0; i < lanes.Length; i++)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(gates.Row(lanes[i]), weights.Width), values[i], sum, sum);
            _rule.Update(weights.Row(touched.RowAt(slot)), scratch.Row(0), weights.Width, RateOf(k));
        }
    }

    private void UpdateDense(int k, Optimizers.ParameterTable weights, Matrix input, Matrix scratch, int member)
    {
        var lanes = _batch.Lanes;
        var (start, end) = WorkerTeam.Share(member, _team.Members, weights.Rows, MatMul.TileRows);
        for (var row = start; row < end; row += scratch.Rows)
        {
            var rows = scratch.Top(Math.Min(scratch.Rows, end - row));
            MatMul.MultiplyTransposed(GruCell.Columns(input.Top(lanes), row), _subnets[k].Carried.GradientGates.Top(lanes), rows, lanes);
            GruCell.Apply(weights, row, rows, _rule, RateOf(k));
        }
    }
}
