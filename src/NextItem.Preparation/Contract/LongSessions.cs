namespace NextItem.Preparation;

/// <summary>What happens with sessions that are too long.</summary>
public enum LongSessions
{
    /// <summary>They are cut into pieces of the greatest length.</summary>
    Split,

    /// <summary>They are dropped.</summary>
    Drop,
}
