using System.Collections.Concurrent;

namespace NextItem;

public sealed partial class Recommender
{
    /// <summary>Sessions that are followed side by side.</summary>
    private const int LanesAtOnce = 32;

    private readonly ConcurrentBag<SessionLanes> _idleMany = [];

    /// <summary>Recommends the next items of many sessions: the same answers, with one pass over the items for 32 sessions where the model can.</summary>
    /// <param name="sessions">The sessions: item keys, oldest first. Unknown ones are skipped and named in the answer.</param>
    /// <param name="count">How many are wanted for each, K; at least 1.</param>
    /// <param name="options">What may be recommended; null for the defaults.</param>
    /// <returns>One answer for each session, in their order.</returns>
    /// <exception cref="ArgumentException">A session or an item key is null, or the filter was made for another catalog.</exception>
    /// <exception cref="ObjectDisposedException">The recommender was disposed.</exception>
    public IReadOnlyList<RecommendationList> RecommendMany(IEnumerable<IEnumerable<string>> sessions, int count, RecommendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ObjectDisposedException.ThrowIf(_disposed, this);
        options ??= new RecommendOptions();
        var looked = new List<(int[] Known, string[] Unknown)>();
        foreach (var session in sessions)
        {
            if (session is null)
                throw new ArgumentException($"Session {looked.Count}, counted from 0, is null.", nameof(sessions));
            looked.Add(Look(session, $"session {looked.Count}", nameof(sessions)));
        }

        var best = new ScoredItem[looked.Count][];
        var found = new int[looked.Count];
        var scored = new List<int>();
        for (var i = 0; i < looked.Count; i++)
        {
            best[i] = new ScoredItem[Math.Min(count, Model.Catalog.Count)];
            if (looked[i].Known.Length > 0)
                scored.Add(i);
            else
                found[i] = Popular(options, best[i]);
        }

        foreach (var some in scored.Chunk(LanesAtOnce))
            ScoreTogether(some, looked, options, best, found);
        return [.. looked.Select((session, i) => Answer(best[i].AsSpan(0, found[i]), session.Unknown, session.Known.Length == 0))];
    }

    /// <summary>Follows some of the sessions side by side; those that have ended wait.</summary>
    private void ScoreTogether(int[] some, List<(int[] Known, string[] Unknown)> looked, RecommendOptions options, ScoredItem[][] best, int[] found)
    {
        BuildIndex();
        if (some.Length < LanesAtOnce)
        {
            using var few = Model.Open(some.Length);
            ScoreTogether(few, some, looked, options, best, found);
            return;
        }

        // Kept for the next ones: what a model needs for its lanes may be as large as its catalog.
        if (!_idleMany.TryTake(out var lanes))
            lanes = Model.Open(LanesAtOnce);
        try
        {
            for (var lane = 0; lane < LanesAtOnce; lane++)
                lanes.Reset(lane);
            ScoreTogether(lanes, some, looked, options, best, found);
        }
        finally
        {
            _idleMany.Add(lanes);
            if (_disposed) // during this call: nobody comes back for them
                FreeIdleLanes();
        }
    }

    private static void ScoreTogether(
        SessionLanes lanes, int[] some, List<(int[] Known, string[] Unknown)> looked, RecommendOptions options, ScoredItem[][] best, int[] found)
    {
        var inputs = new int[some.Length];
        var longest = some.Max(i => looked[i].Known.Length);
        for (var step = 0; step < longest; step++)
        {
            for (var lane = 0; lane < some.Length; lane++)
                inputs[lane] = step < looked[some[lane]].Known.Length ? looked[some[lane]].Known[step] : ItemCatalog.UnknownItem;
            lanes.Advance(inputs);
        }

        var requests = some.Select((i, lane) => new TopKRequest
        {
            Lane = lane,
            Best = best[i],
            Filter = options.Filter,
            Exclude = options.ExcludeSeen ? looked[i].Known : [],
        }).ToArray();
        lanes.TopK(requests);
        for (var lane = 0; lane < some.Length; lane++)
            found[some[lane]] = requests[lane].Found;
    }
}
