using NextItem.Cli.Output;

namespace NextItem.Cli.Review;

/// <summary>Sessions that begin before the end of other data, which should lie before them.</summary>
/// <param name="Sessions">How many do.</param>
/// <param name="Share">Which share of all that is.</param>
/// <param name="GoesBeyondCrossing">Whether they are more than a split leaves that puts every session on one side of a moment.</param>
internal sealed record TimeOverlap(int Sessions, double Share, bool GoesBeyondCrossing)
{
    /// <summary>From this share on there is no split by time.</summary>
    public const double NoSplit = 0.5;

    /// <summary>Up to this share nobody need be told beside a number.</summary>
    private const double Few = 0.01;

    /// <summary>
    /// Counts. A session that was going on at the moment of a split is whole on one side of it, so that the data before it end, or those
    /// after it begin, as much as a session too late or too early; sessions that begin within the time that the longest one of either side lasts are no
    /// sign of more. Where half of them do, it is none of a split. Times that are numbers of events, given file by file, tell nothing of a split.
    /// </summary>
    /// <param name="later">Sessions that should begin later.</param>
    /// <param name="until">When the other data end.</param>
    /// <param name="before">The other data; without them, how long their sessions last is not known, and half of the later ones must be early.</param>
    public static TimeOverlap Of(SessionSet later, double until, SessionSet? before = null)
    {
        var early = 0;
        var first = double.PositiveInfinity;
        for (var session = 0; session < later.Count; session++)
        {
            early += later.StartTimeOf(session) <= until ? 1 : 0;
            first = Math.Min(first, later.StartTimeOf(session));
        }

        var share = (double)early / later.Count;
        var isMore = before is not null && share > Few && until - first > Math.Max(LongestOf(later), LongestOf(before));
        return new TimeOverlap(early, share, (share >= NoSplit || isMore) && !DataSummary.Of(later).TimesAreAnOrder);
    }

    private static double LongestOf(SessionSet sessions)
    {
        var longest = 0.0;
        for (var session = 0; session < sessions.Count; session++)
            longest = Math.Max(longest, sessions.EndTimeOf(session) - sessions.StartTimeOf(session));
        return longest;
    }
}
