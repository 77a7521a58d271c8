namespace NextItem.Cli.Output;

/// <summary>Sizes and times as a person reads them.</summary>
internal static class Sizes
{
    private const double UnixEarliest = 631_152_000;      // 1990
    private const double UnixLatest = 4_102_444_800;      // 2100

    /// <summary>Bytes, or kB, MB or GB.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} bytes",
        < 1_000_000 => $"{bytes / 1e3:F0} kB",
        < 1_000_000_000 => $"{bytes / 1e6:F0} MB",
        _ => $"{bytes / 1e9:F1} GB",
    };

    /// <summary>An event time: a date where the number is plausible as Unix seconds or milliseconds, else the number.</summary>
    public static string Time(double time) => time switch
    {
        >= UnixEarliest and <= UnixLatest => $"{DateTimeOffset.FromUnixTimeMilliseconds((long)(time * 1000)):yyyy-MM-dd HH:mm:ss}Z",
        >= UnixEarliest * 1000 and <= UnixLatest * 1000 => $"{DateTimeOffset.FromUnixTimeMilliseconds((long)time):yyyy-MM-dd HH:mm:ss}Z",
        _ => $"{time:R}",
    };
}
