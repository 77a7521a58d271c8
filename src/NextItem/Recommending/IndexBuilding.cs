namespace NextItem;

/// <summary>When a recommender has the index of a large catalog built.</summary>
public enum IndexBuilding
{
    /// <summary>With the first session that is scored, which waits for it.</summary>
    OnFirstUse,

    /// <summary>When the recommender is made, so that no session waits.</summary>
    AtOnce,

    /// <summary>Not at all: for a handful of sessions it costs more than it gains.</summary>
    Never,
}
