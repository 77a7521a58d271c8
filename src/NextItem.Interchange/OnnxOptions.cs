namespace NextItem.Interchange;

/// <summary>What <see cref="OnnxGraph.Sessions"/> does where a call does not say otherwise; a call may give both as inputs.</summary>
public sealed record OnnxOptions
{
    /// <summary>How many items are given, K: input <c>k</c>. Default 20.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Leaves out the items of the session itself: input <c>exclude_seen</c>. Default: no.</summary>
    public bool ExcludeSeen { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range.</exception>
    public void Validate()
    {
        if (Top < 1)
            throw new OptionsException(nameof(OnnxOptions), [$"Top is {Top}; expected at least 1."]);
    }
}
