namespace NextItem.Preparation;

/// <summary>What decides whether a session is in the training or in the test.</summary>
public enum SplitBy
{
    /// <summary>The time of its first event.</summary>
    Start,

    /// <summary>The time of its last event.</summary>
    End,
}
