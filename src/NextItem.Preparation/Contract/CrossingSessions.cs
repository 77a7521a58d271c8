namespace NextItem.Preparation;

/// <summary>What happens with sessions that begin in the training's time and go on in the test's.</summary>
public enum CrossingSessions
{
    /// <summary>Their later events are left out.</summary>
    Cut,

    /// <summary>They stay whole, in the training.</summary>
    Keep,

    /// <summary>They are left out.</summary>
    Drop,
}
