using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models.Baselines;

/// <summary>Training sessions and sessions to score after: of many lengths, with repeats, some ending at the same time.</summary>
internal static class KnnCases
{
    public static IEnumerable<(SessionSet Train, int[] Session)> All
    {
        get
        {
            foreach (var seed in new[] { 1, 2, 3 })
            {
                var random = new Random(seed);
                var events = Generated.Sessions(sessions: 120, items: 30, seed, longest: 7);
                var train = SessionSet.From(Enumerable.Range(0, events.Count).SelectMany(session => events.ItemsOf(session).ToArray().Select((item, i) =>
                    new SessionEvent(events.KeyOf(session), events.Catalog.KeyOf(item), (session % 13 * 100) + Math.Min(i, 2)))));
                foreach (var length in new[] { 1, 2, 2, 3, 5, 12, 25 })
                    yield return (train, [.. Enumerable.Range(0, length).Select(_ => random.Next(train.Catalog.Count))]);
            }
        }
    }
}
