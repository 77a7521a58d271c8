namespace NextItem.Models.Gru4Rec;

/// <content>What <see cref="Gru4RecOptions.TimeClasses"/> and <see cref="Gru4RecOptions.PositionClasses"/> add: vectors of an event's classes beside that of its item.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    private readonly InputClasses[] _classes;

    /// <summary>Which rows of classes the step touches.</summary>
    internal ReadOnlySpan<InputClasses> Classes => _classes;

    private void BeginClasses()
    {
        foreach (var classes in _classes)
            classes.Begin(_batch!);
    }

    private void AddClasses(int lane, Span<float> input)
    {
        foreach (var classes in _classes)
            classes.Add(lane, input);
    }

    /// <summary>Gradients do not go back in time where there are classes: the inputs are those of the one step that there is.</summary>
    private void UpdateClasses(int member)
    {
        foreach (var classes in _classes)
            classes.Update(_buffers.GradientInputOf(0), _batch!.Lanes, _rule, _learningRate, member, _team.Members);
    }
}
