using System.Globalization;

namespace NextItem.Server.Feedback;

/// <summary>Times of events: no two are alike and each is later than those before, so that the order of a session is in its times. Safe for many threads.</summary>
/// <remarks>Whole microseconds, which is what <c>prepare</c> keeps.</remarks>
internal sealed class EventClock(TimeProvider time)
{
    private long _last;

    /// <summary>The time now, in UTC, or a microsecond after the last one given.</summary>
    public string Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var now = time.GetUtcNow().UtcTicks;
            var next = Math.Max(now - (now % TimeSpan.TicksPerMicrosecond), last + TimeSpan.TicksPerMicrosecond);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new DateTime(next, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        }
    }
}
