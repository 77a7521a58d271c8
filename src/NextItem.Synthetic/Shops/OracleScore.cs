namespace NextItem.Synthetic;

/// <summary>What the ranking by true probabilities reaches on the test sessions of a shop.</summary>
/// <param name="Cutoff">K: only the first K items of a ranking count.</param>
/// <param name="RecallAtK">Part of the cases whose target item is among the first K.</param>
/// <param name="MrrAtK">Mean of 1/rank of the target item, 0 where it is not among the first K.</param>
/// <param name="Cases">Number of cases: test events after the first of their session, items unknown to training left out.</param>
public readonly record struct OracleScore(int Cutoff, double RecallAtK, double MrrAtK, int Cases);
