namespace NextItem;

/// <summary>Which number of threads trains faster, and what was measured.</summary>
/// <param name="Threads">The better number: one, unless several are clearly faster (at least 1.15 times).</param>
/// <param name="Several">The number that was tried beside one.</param>
/// <param name="MiniBatches">Mini-batches that each was timed on; 0 where nothing was measured, since the whole run is shorter or there is one processor.</param>
/// <param name="SecondsWithOne">Their time with one thread.</param>
/// <param name="SecondsWithSeveral">Their time with <paramref name="Several"/>.</param>
public sealed record ThreadTrial(int Threads, int Several, int MiniBatches, double SecondsWithOne, double SecondsWithSeveral);
