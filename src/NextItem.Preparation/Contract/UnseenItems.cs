namespace NextItem.Preparation;

/// <summary>What happens with test events of items that training does not have.</summary>
public enum UnseenItems
{
    /// <summary>They stay.</summary>
    Keep,

    /// <summary>They are dropped, then sessions that became too short.</summary>
    Drop,
}
