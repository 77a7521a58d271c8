namespace NextItem.Batches;

/// <summary>
/// B events processed together, one a lane, filled in place by <see cref="SessionParallelBatcher"/>. Only the first
/// <see cref="Lanes"/> entries of each array count.
/// </summary>
internal sealed class MiniBatch(int capacity)
{
    /// <summary>The lane starts a session: its hidden state is zero.</summary>
    public const int NewSession = -1;

    /// <summary>[B] item index that is seen.</summary>
    public readonly int[] Inputs = new int[capacity];

    /// <summary>[B] item index that comes next.</summary>
    public readonly int[] Targets = new int[capacity];

    /// <summary>
    /// [B] which lane of the previous mini-batch this lane continues, or <see cref="NewSession"/>. Never below the lane's own
    /// number, since lanes only move down when others end: states can be moved in place in rising order.
    /// </summary>
    public readonly int[] ContinuesLane = new int[capacity];

    /// <summary>Number of lanes in use, at most the capacity.</summary>
    public int Lanes { get; set; }

    /// <summary>The most lanes it can hold.</summary>
    public int Capacity => Inputs.Length;
}
