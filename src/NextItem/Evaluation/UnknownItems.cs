namespace NextItem;

/// <summary>What the evaluation does with test items that training never saw. Published numbers differ in it: say which with every number.</summary>
public enum UnknownItems
{
    /// <summary>Their events are removed before pairs are formed: a, unknown, b becomes a, b. The official GRU4Rec evaluators' way.</summary>
    Drop,

    /// <summary>An unknown target counts as a miss; an unknown input is skipped. The way of the NARM, STAMP and SR-GNN tables.</summary>
    Miss,
}
