namespace NextItem.Preparation.Output;

/// <summary>Times as a person reads them.</summary>
internal static class ShownTime
{
    private const double Earliest = 631_152_000;  // 1990
    private const double Latest = 4_102_444_800;  // 2100

    /// <summary>A date where the number is plausible as Unix seconds, else the number.</summary>
    public static string Of(double? seconds) => seconds switch
    {
        null => "",
        >= Earliest and <= Latest => $"{DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds.Value * 1000)):yyyy-MM-dd HH:mm:ss}Z",
        _ => $"{seconds:R}",
    };
}
