namespace NextItem;

/// <summary>What counts as right. Numbers of the two are not comparable, and their metrics have different names.</summary>
public enum EvaluationProtocol
{
    /// <summary>The next item alone is right. The GRU4Rec papers' protocol.</summary>
    NextItem,

    /// <summary>Every item of the rest of the session is right, in any order, each once. Its metrics are called <c>rest-</c>.</summary>
    RestOfSession,
}
