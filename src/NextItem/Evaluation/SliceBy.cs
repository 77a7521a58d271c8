namespace NextItem;

/// <summary>By what the cases of an evaluation can be told apart.</summary>
public enum SliceBy
{
    /// <summary>How many events of the session the model has seen.</summary>
    Position,

    /// <summary>How many events the session has, as it is played.</summary>
    Length,

    /// <summary>How popular the target was in training.</summary>
    Popularity,

    /// <summary>Whether the session has had the target before.</summary>
    Seen,
}
