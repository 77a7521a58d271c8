using System.Runtime.InteropServices;
using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>
/// Generates a small shop's click log whose law is known: what comes next depends on the last item, on the one before it
/// and on the first of the session. The same options give the same log on every machine. docs/synthetic.md has the formulas.
/// </summary>
public static class ShopGenerator
{
    /// <summary>When a generated log begins, in Unix seconds: Monday, 2026-01-05, 00:00 UTC.</summary>
    public const int StartTime = 1_767_571_200;

    private const int StartStream = 3;
    private const int SessionStream = 4;

    private readonly record struct TimedItem(int Session, int Item, int Time);

    /// <summary>Generates a shop: items, training and test events, oracle.</summary>
    /// <param name="options">What shop; the defaults are the demo's.</param>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public static Shop Generate(ShopOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var structure = new ShopStructure(options);
        var starts = DrawStarts(options);
        var firstTest = FirstTestSession(starts, options.TestFraction);
        var train = new List<TimedItem>();
        var test = new List<TimedItem>();
        var testSessions = new int[starts.Length - firstTest][];
        var isInTrain = new bool[options.Items];
        for (var session = 0; session < starts.Length; session++)
        {
            var random = new SplitMix64(options.Seed, SessionStream, session);
            var items = DrawItems(structure, options.MeanLength, ref random);
            if (session >= firstTest)
                testSessions[session - firstTest] = items;
            var time = starts[session];
            foreach (var item in items)
            {
                (session < firstTest ? train : test).Add(new TimedItem(session, item, time));
                isInTrain[item] |= session < firstTest;
                time += ShopClock.DrawPause(ref random);
            }
        }

        var described = structure.Describe();
        return new Shop(
            options,
            described,
            ToEvents(train, described, starts.Length),
            ToEvents(test, described, starts.Length),
            StartTime + (double)starts[firstTest],
            new ShopOracle(structure, described, testSessions, isInTrain));
    }

    /// <summary>Start of every session in seconds from the log's beginning, rising.</summary>
    private static int[] DrawStarts(ShopOptions options)
    {
        var random = new SplitMix64(options.Seed, StartStream, 0);
        var starts = new int[options.Sessions];
        for (var session = 0; session < starts.Length; session++)
            starts[session] = ShopClock.DrawStart(options.Days, ref random);
        Array.Sort(starts);

        // Two sessions at least, so that one start stands before the other and the log has both parts.
        if (starts[0] == starts[^1])
            starts[^1]++;
        return starts;
    }

    /// <summary>The first session of the test set; all that start in the same second belong to the same set.</summary>
    private static int FirstTestSession(int[] starts, double testFraction)
    {
        var first = Math.Clamp((int)Math.Round(starts.Length * (1 - testFraction)), 1, starts.Length - 1);
        while (first > 0 && starts[first - 1] == starts[first])
            first--;
        if (first > 0)
            return first;

        // Everything up to here starts in one second: that second is training.
        while (starts[first] == starts[0])
            first++;
        return first;
    }

    private static int[] DrawItems(ShopStructure structure, double meanLength, ref SplitMix64 random)
    {
        var items = new List<int> { structure.First.Draw(ref random) };
        var stop = 1 / (meanLength - 1);
        do
        {
            items.Add(structure.DrawNext(CollectionsMarshal.AsSpan(items), ref random));
        }
        while (!random.Chance(stop));
        return [.. items];
    }

    private static SessionEvent[] ToEvents(List<TimedItem> log, ShopItem[] items, int sessions)
    {
        log.Sort((a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Session.CompareTo(b.Session));
        var digits = $"D{Math.Max(5, sessions.ToString().Length)}";
        var keys = new Dictionary<int, string>();
        var events = new SessionEvent[log.Count];
        for (var e = 0; e < events.Length; e++)
        {
            var (session, item, time) = log[e];
            if (!keys.TryGetValue(session, out var key))
                keys.Add(session, key = $"S{(session + 1).ToString(digits)}");
            events[e] = new SessionEvent(key, items[item].Key, StartTime + (double)time);
        }

        return events;
    }
}
