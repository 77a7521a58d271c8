namespace NextItem.Preparation;

/// <summary>Where sessions come from.</summary>
public enum SessionSource
{
    /// <summary>Ids where the log has a column of them, else users and pauses.</summary>
    Auto,

    /// <summary>The log's session ids.</summary>
    Id,

    /// <summary>Users, whose events a pause divides.</summary>
    User,
}
