namespace NextItem.Models.Baselines;

/// <summary>What session-kNN models differ in.</summary>
/// <param name="RecentSessions">m: how many of the most recent sessions with an item of the session are candidates.</param>
/// <param name="Neighbours">k: how many of the candidates score.</param>
/// <param name="SessionLength">How many of the session's latest events are looked at.</param>
/// <param name="DistinctItems">Whether positions are divided by the number of distinct items; else by the number of events.</param>
/// <param name="SkipLastItem">Whether the session's last item gets no score.</param>
/// <param name="ItemWeights">[I] what an item's score is multiplied by; 0 for none.</param>
internal sealed record NeighbourWeights(int RecentSessions, int Neighbours, int SessionLength, bool DistinctItems, bool SkipLastItem, double[] ItemWeights);
