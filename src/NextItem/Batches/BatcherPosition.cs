namespace NextItem.Batches;

/// <summary>Where a <see cref="SessionParallelBatcher"/> stands in its pass.</summary>
/// <param name="Next">The next unused place of the order.</param>
/// <param name="Sessions">[lanes] each lane's session.</param>
/// <param name="Positions">[lanes] each lane's next input within it.</param>
internal sealed record BatcherPosition(int Next, int[] Sessions, int[] Positions);
