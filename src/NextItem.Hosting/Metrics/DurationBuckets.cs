namespace NextItem.Hosting.Metrics;

/// <summary>What histograms of times tell apart.</summary>
internal static class DurationBuckets
{
    /// <summary>Bounds in seconds: from an index's scan of a small shop to a server that is overrun.</summary>
    public static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
}
