using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>The window: n steps of the GRU forward, as many back, and what carries on to the next mini-batch. Step n - 1 is the current one.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    private static GruWorkspace[] WorkspacesOf(GruWeights layer, int lanes, int steps)
    {
        var workspaces = new GruWorkspace[steps];
        workspaces[0] = new GruWorkspace(layer, lanes, training: true);
        for (var step = 1; step < steps; step++)
            workspaces[step] = new GruWorkspace(layer, lanes, training: true, scratch: workspaces[0]);
        return workspaces;
    }

    /// <summary>The state that the window leaves behind, and the dropout masks of the steps that stay in it.</summary>
    private Matrix[] Carried()
    {
        var carried = new List<Matrix>();
        foreach (var layer in _layers)
        {
            carried.Add(layer[0].State);
            for (var step = 1; step < _window.Steps && _options.DropoutHidden > 0; step++)
                carried.Add(layer[step].Mask);
        }

        for (var step = 1; step < _window.Steps && _options.DropoutEmbedding > 0; step++)
            carried.Add(_buffers.InputMaskOf(step));
        return [.. carried];
    }

    /// <summary>Moves the window on by one step: states before it, masks and inputs of its earlier steps.</summary>
    private void CarryWindow()
    {
        var lanes = _batch!.Lanes;
        foreach (var layer in _layers)
        {
            for (var row = 0; row < lanes; row++)
            {
                if (_window.LengthOf(row) < _window.Steps)
                    continue;
                var previous = new Span<float>(layer[0].Previous.Row(row), layer[0].Previous.Columns);
                if (_window.HasBase(row))
                    new ReadOnlySpan<float>(layer[0].State.Row(_window.SourceOf(row)), previous.Length).CopyTo(previous);
                else
                    previous.Clear();
            }
        }

        for (var step = 0; step < _window.Steps - 1; step++)
        {
            foreach (var layer in _layers)
                CarryMasks(_options.DropoutHidden, step, layer[step + 1].Mask, layer[step].Mask);
            CarryMasks(_options.DropoutEmbedding, step, _buffers.InputMaskOf(step + 1), _buffers.InputMaskOf(step));
        }

        foreach (var (step, first, count) in _window.Segments)
        {
            if (step < _window.Steps - 1)
                _columns.AddInputs(_window.ItemsOf(step).AsSpan(first, count), _window.SlotsOf(step).AsSpan(first, count));
        }
    }

    private void CarryMasks(float probability, int step, Matrix from, Matrix to)
    {
        if (probability == 0)
            return;
        for (var row = 0; row < _batch!.Lanes; row++)
        {
            if (_window.LengthOf(row) >= _window.Steps - step)
                new ReadOnlySpan<float>(from.Row(_window.SourceOf(row)), from.Columns).CopyTo(new Span<float>(to.Row(row), to.Columns));
        }
    }

    private void ForwardStep(int step, int member)
    {
        var (start, end) = _window.RowsOf(step, member);
        if (end <= start)
            return;
        if (_parameters.Embedding != EmbeddingMode.None)
            ReadInputs(step, start, end);
        for (var l = 0; l < _layers.Length; l++)
        {
            var work = _layers[l][step];
            var units = _parameters.Layers[l].Units;
            if (step > 0)
                TakePrevious(_layers[l][step - 1].State, work.Previous, start, _window.RowsOf(step - 1, member).End, end);
            GruCell.Forward(_parameters.Layers[l], work, start, end, _window.ItemsOf(step));
            for (var lane = start; lane < end; lane++)
            {
                var state = new Span<float>(work.State.Row(lane), units);
                Dropout(step, RandomStream.HiddenDropout, l, lane, _options.DropoutHidden, state, work.Mask.Row(lane));
                if (l + 1 < _layers.Length)
                    state.CopyTo(new Span<float>(_layers[l + 1][step].Input.Row(lane), units));
            }
        }
    }

    /// <summary>Rows [start, going) go on from the state of the step before, rows [going, end) start a session.</summary>
    private static void TakePrevious(Matrix state, Matrix previous, int start, int going, int end)
    {
        var length = previous.Columns;
        for (var row = start; row < going; row++)
            new ReadOnlySpan<float>(state.Row(row), length).CopyTo(new Span<float>(previous.Row(row), length));
        for (var row = going; row < end; row++)
            new Span<float>(previous.Row(row), length).Clear();
    }

    /// <summary>
    /// A state's gradient comes from the layer above, or in the last layer's current step from the scores, and from the step after
    /// for the rows that went on to it, which are all the rows of an earlier step.
    /// </summary>
    private void BackwardStep(int step, int member)
    {
        var (start, end) = _window.RowsOf(step, member);
        if (end <= start)
            return;
        var isCurrent = step == _window.Steps - 1;
        var going = step == 0 ? start : _window.RowsOf(step - 1, member).End;
        for (var l = _layers.Length - 1; l >= 0; l--)
        {
            var work = _layers[l][step];
            var units = _parameters.Layers[l].Units;
            if (l < _layers.Length - 1)
                Transpose.RunBack(_layers[l + 1][step].GradientInputByUnit, start, end, units, work.GradientState);
            else if (isCurrent)
                Transpose.RunBack(_buffers.GradientOutputOf(0), start, end, units, work.GradientState);
            if (IsCosine && isCurrent && l == _layers.Length - 1)
                BackThroughDirections(work.GradientState, start, end);
            if (!isCurrent)
                AddFromTime(_buffers.GradientPreviousOf(l), work.GradientState, start, end, units, overwrite: l == _layers.Length - 1);
            Mask(_options.DropoutHidden, work.GradientState, work.Mask, start, end, units);
            GruCell.BackwardLanes(_parameters.Layers[l], work, start, end);
            if (going > start)
                GruCell.BackwardPrevious(_parameters.Layers[l], work, start, going, _buffers.GradientPreviousOf(l));
        }

        if (_parameters.Embedding == EmbeddingMode.None)
            return;
        var gradient = _buffers.GradientInputOf(step);
        Transpose.RunBack(_layers[0][step].GradientInputByUnit, start, end, _parameters.InputSize, gradient);
        Mask(_options.DropoutEmbedding, gradient, _buffers.InputMaskOf(step), start, end, _parameters.InputSize);
    }

    private static void AddFromTime(Matrix fromTime, Matrix gradient, int start, int end, int units, bool overwrite)
    {
        for (var row = start; row < end; row++)
        {
            var sum = new Span<float>(gradient.Row(row), units);
            var part = new ReadOnlySpan<float>(fromTime.Row(row), units);
            if (overwrite)
                part.CopyTo(sum);
            else
                TensorPrimitives.Add(sum, part, sum);
        }
    }
}
