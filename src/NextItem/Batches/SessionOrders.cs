using NextItem.Kernels;

namespace NextItem.Batches;

/// <summary>The orders in which an epoch can take the sessions.</summary>
internal static class SessionOrders
{
    /// <summary>The order itself, or for a random one any to begin with.</summary>
    public static int[] Of(SessionSet sessions, SessionOrder order) =>
        order == SessionOrder.ByTime ? sessions.OrderByStartTime() : [.. Enumerable.Range(0, sessions.Count)];

    /// <summary>The random order of an epoch: a function of (seed, epoch) alone, and of what it is for.</summary>
    /// <remarks>Fisher and Yates, place by multiplication.</remarks>
    public static void Shuffle(int[] order, ulong seed, int epoch, RandomStream stream = RandomStream.SessionShuffle)
    {
        var random = new CounterRandom(seed);
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            var words = random.At(stream, 0, epoch, (uint)i);
            var j = (int)((words.A * (ulong)(i + 1)) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
