namespace NextItem;

/// <summary>How long a model takes for one event of one session: what a visitor waits for. No throughput: one lane, one thread.</summary>
/// <param name="Events">Number of events timed.</param>
/// <param name="ListLength">Items listed after each event, K.</param>
/// <param name="Median">Half of the events took no longer.</param>
/// <param name="Percentile95">95 % of the events took no longer.</param>
public sealed record ScoringLatency(int Events, int ListLength, TimeSpan Median, TimeSpan Percentile95)
{
    private const int WarmUp = 100;

    /// <summary>Feeds events of test sessions one after the other, and times each with the list of items after it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="test">Test sessions, read with the model's catalog; they are played from the first on, again if there are too few.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listLength">Items listed after each event. Default 20.</param>
    /// <param name="events">Events to be timed, after 100 that are not. Default 2,000.</param>
    /// <param name="cancellationToken">Stops between events.</param>
    /// <exception cref="ArgumentException">The sessions were read with another catalog, or have no event of an item that the model knows.</exception>
    public static ScoringLatency Measure(
        ISessionModel model, SessionSet test, TimeProvider time, int listLength = 20, int events = 2_000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 1);
        if (!ReferenceEquals(model.Catalog, test.Catalog))
            throw new ArgumentException("The test sessions were read with another catalog than the model's; read them with model.Catalog.", nameof(test));
        if (test.UnknownEventCount == test.EventCount)
            throw new ArgumentException("The test sessions have no event of an item that the model knows; there is nothing to time.", nameof(test));

        var taken = new TimeSpan[events];
        var list = new ScoredItem[Math.Min(listLength, model.Catalog.Count)];
        using var lanes = model.Open(1);
        var done = -WarmUp;
        for (var session = 0; done < events; session = (session + 1) % test.Count)
        {
            lanes.Reset(0);
            foreach (var item in test.ItemsOf(session))
            {
                if (item < 0 || done == events)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                var started = time.GetTimestamp();
                lanes.Advance([item]);
                lanes.TopK(0, null, [], list);
                if (done++ >= 0)
                    taken[done - 1] = time.GetElapsedTime(started);
            }
        }

        Array.Sort(taken);
        return new ScoringLatency(events, listLength, Quantile(taken, 0.5), Quantile(taken, 0.95));
    }

    /// <summary>The smallest time that this share of the events did not exceed.</summary>
    private static TimeSpan Quantile(TimeSpan[] rising, double share) => rising[Math.Max(0, (int)Math.Ceiling(share * rising.Length) - 1)];
}
