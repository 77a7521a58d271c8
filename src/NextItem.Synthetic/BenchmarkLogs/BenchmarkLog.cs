using NextItem.Synthetic.Drawing;

namespace NextItem.Synthetic;

/// <summary>
/// Generates the log that speed is measured on: many items of Zipf popularity in Markov order, so that item rows are touched
/// as unevenly and as repeatedly as in a real shop. The same options give the same log on every machine.
/// </summary>
public static class BenchmarkLog
{
    /// <summary>When the log begins, in Unix seconds: Monday, 2026-01-05, 00:00 UTC.</summary>
    public const int StartTime = ShopGenerator.StartTime;

    private const int Successors = 5;
    private const int SecondsBetweenSessions = 7;
    private const int SecondsBetweenEvents = 30;

    private const int PopularityStream = 11;
    private const int TransitionStream = 12;
    private const int SessionStream = 13;

    /// <summary>The log as sessions with a catalog of their own.</summary>
    /// <param name="options">What log; the defaults are the published benchmark's.</param>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public static SessionSet Generate(BenchmarkLogOptions options) => SessionSet.From(Events(options));

    /// <summary>The log as events, generated one by one: session after session, each in time order; sessions overlap in time.</summary>
    /// <param name="options">What log; the defaults are the published benchmark's.</param>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public static IEnumerable<SessionEvent> Events(BenchmarkLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Draw(options);
    }

    private static IEnumerable<SessionEvent> Draw(BenchmarkLogOptions options)
    {
        var byRank = Shuffled(options);
        var popularity = WeightedItems.From(byRank, WeightedItems.Zipf(options.Items, options.PopularityExponent));
        var successors = ChooseSuccessors(options, popularity);
        var itemKeys = new string[options.Items];
        for (var item = 0; item < itemKeys.Length; item++)
            itemKeys[item] = $"I{item:D6}";
        var stop = 1 / (options.MeanLength - 1);
        for (var session = 0; session < options.Sessions; session++)
        {
            var random = new SplitMix64(options.Seed, SessionStream, session);
            var sessionKey = $"S{session:D6}";
            var time = StartTime + (double)session * SecondsBetweenSessions;

            // Every other session opens with the next item that has not opened one: the tail of a real log, which is cut at
            // a minimum support, has no items without events either.
            var item = session % 2 == 0 && session / 2 < options.Items ? byRank[session / 2] : popularity.Draw(ref random);
            yield return new SessionEvent(sessionKey, itemKeys[item], time);
            do
            {
                var source = random.Below(100) < options.SuccessorPercent ? successors[item] : popularity;
                item = source.DrawExcept(item, ref random);
                time += SecondsBetweenEvents;
                yield return new SessionEvent(sessionKey, itemKeys[item], time);
            }
            while (!random.Chance(stop));
        }
    }

    private static int[] Shuffled(BenchmarkLogOptions options)
    {
        var items = new int[options.Items];
        for (var item = 0; item < items.Length; item++)
            items[item] = item;
        var random = new SplitMix64(options.Seed, PopularityStream, 0);
        random.Shuffle(items);
        return items;
    }

    private static WeightedItems[] ChooseSuccessors(BenchmarkLogOptions options, WeightedItems popularity)
    {
        var random = new SplitMix64(options.Seed, TransitionStream, 0);
        var weights = WeightedItems.Decaying(Successors);
        var successors = new WeightedItems[options.Items];
        Span<int> chosen = stackalloc int[Successors];
        for (var item = 0; item < successors.Length; item++)
        {
            for (var i = 0; i < Successors; i++)
            {
                do
                {
                    chosen[i] = popularity.DrawExcept(item, ref random);
                }
                while (chosen[..i].Contains(chosen[i]));
            }

            // Without the shuffle the most popular item of the five would tend to have the largest weight.
            random.Shuffle(chosen);
            successors[item] = WeightedItems.From(chosen, weights);
        }

        return successors;
    }
}
