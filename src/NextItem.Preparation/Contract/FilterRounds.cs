namespace NextItem.Preparation;

/// <summary>How often short sessions and rare items are dropped.</summary>
public enum FilterRounds
{
    /// <summary>Until all sessions are long enough and all items frequent enough.</summary>
    Stable,

    /// <summary>Short sessions, then rare items, then short sessions again, as in the papers of 2016 and 2018.</summary>
    Once,
}
