using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>When visitors come and how long they look: few at night, most in the evening, seconds to minutes for an item.</summary>
internal static class ShopClock
{
    private const int SecondsPerHour = 3_600;

    // Relative number of sessions that start in each hour of a day.
    private static readonly int[] s_hourShares = [3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 10, 10, 11, 13, 15, 17, 18, 16, 11, 6];

    /// <summary>Seconds from the start of the log to the start of a session.</summary>
    public static int DrawStart(int days, ref SplitMix64 random)
    {
        var point = random.Below(s_hourShares.Sum());
        var hour = 0;
        while (point >= s_hourShares[hour])
            point -= s_hourShares[hour++];
        return (random.Below(days) * 24 + hour) * SecondsPerHour + random.Below(SecondsPerHour);
    }

    /// <summary>Seconds from one event of a session to the next: 4 to 243, half of them below a minute.</summary>
    public static int DrawPause(ref SplitMix64 random) => 4 + random.Below(1 + random.Below(240));
}
