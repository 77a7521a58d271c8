using System.Runtime.InteropServices;
using NextItem.Data;
using NextItem.Server.Feedback;
using NextItem.Server.Settings;

namespace NextItem.Server;

/// <summary>What visitors did with the lists that servers showed, by variant, from the files of <see cref="ServerOptions.FeedbackPath"/>.</summary>
public sealed class FeedbackReport
{
    private FeedbackReport(int events, IReadOnlyList<VariantFeedback> variants)
    {
        (Events, Variants) = (events, variants);
    }

    /// <summary>Events of all variants.</summary>
    public int Events { get; }

    /// <summary>The variants that showed lists, by name.</summary>
    public IReadOnlyList<VariantFeedback> Variants { get; }

    /// <summary>Reads the files of events and lists of folders, one for each server.</summary>
    /// <param name="folders">The folders.</param>
    /// <exception cref="EventsFileException">There are no files of lists, or one has a line that no server wrote.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static FeedbackReport Read(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var (events, clicks, views) = ReadEvents(folders);
        var variants = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var files = FeedbackFiles.Of(folder, "lists");
            if (files.Count == 0)
                throw new EventsFileException(folder, null, "there is no file of shown lists", "lists-2026-01-02.jsonl or the like, as 'serve --feedback' writes them");
            foreach (var list in files.SelectMany(file => FeedbackFiles.Read(file, FeedbackJson.Plain.ListLine)))
            {
                if (!variants.TryGetValue(list.Variant, out var counts))
                    variants[list.Variant] = counts = new Counts();
                counts.Add(list, clicks, views);
            }
        }

        return new FeedbackReport(events, [.. variants.Select(pair => pair.Value.Report(pair.Key))]);
    }

    private static (int Events, HashSet<(string List, string Item)> Clicks, Dictionary<string, List<(string Time, string Item)>> Views) ReadEvents(IReadOnlyList<string> folders)
    {
        var count = 0;
        var clicks = new HashSet<(string, string)>();
        var views = new Dictionary<string, List<(string Time, string Item)>>(StringComparer.Ordinal);
        foreach (var one in folders.SelectMany(folder => FeedbackFiles.Of(folder, "events")).SelectMany(file => FeedbackFiles.Read(file, FeedbackJson.Plain.EventLine)))
        {
            count++;
            if (one.RecommendationId is not null)
                clicks.Add((one.RecommendationId, one.ItemId));
            if (one.EventType is not (EventTypes.View or EventTypes.Click))
                continue;
            ref var ofSession = ref CollectionsMarshal.GetValueRefOrAddDefault(views, one.SessionId, out _);
            (ofSession ??= []).Add((one.Timestamp, one.ItemId));
        }

        foreach (var ofSession in views.Values)
            ofSession.Sort((a, b) => string.CompareOrdinal(a.Time, b.Time));
        return (count, clicks, views);
    }

    /// <summary>Sums of a variant, session by session.</summary>
    private sealed class Counts
    {
        private readonly HashSet<string> _versions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (int Lists, int Clicked, int Followed, int Hits)> _sessions = new(StringComparer.Ordinal);
        private int _lists;

        public void Add(ListLine list, HashSet<(string List, string Item)> clicks, Dictionary<string, List<(string Time, string Item)>> views)
        {
            _lists++;
            _versions.Add(list.ModelVersion);
            var clicked = list.Items.Any(item => clicks.Contains((list.RecommendationId, item.ItemId)));
            var next = list.SessionId is not null && views.TryGetValue(list.SessionId, out var ofSession) ? NextAfter(ofSession, list.Timestamp) : null;
            var hit = next is not null && list.Items.Any(item => item.ItemId == next);

            // Ids of sessions and of lists stay apart.
            ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, list.SessionId is null ? $"r{list.RecommendationId}" : $"s{list.SessionId}", out _);
            counts = (counts.Lists + 1, counts.Clicked + (clicked ? 1 : 0), counts.Followed + (next is null ? 0 : 1), counts.Hits + (hit ? 1 : 0));
        }

        public VariantFeedback Report(string variant) => new(
            variant,
            [.. _versions.Order(StringComparer.Ordinal)],
            _lists,
            _sessions.Count,
            RateEstimate.Of(_sessions.Values.Select(session => (session.Clicked, session.Lists))),
            RateEstimate.Of(_sessions.Values.Select(session => (session.Hits, session.Followed))));

        /// <summary>The first item after a time; times are written so that their order is that of their texts.</summary>
        private static string? NextAfter(List<(string Time, string Item)> views, string time)
        {
            var (low, high) = (0, views.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (string.CompareOrdinal(views[middle].Time, time) <= 0)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low < views.Count ? views[low].Item : null;
        }
    }
}
