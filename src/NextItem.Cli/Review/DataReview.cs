using NextItem.Cli.Output;

namespace NextItem.Cli.Review;

/// <summary>
/// What an honest reviewer asks about data before believing a number from it: the flaws of Hidasi and Czapp, "Widespread Flaws in
/// Offline Evaluation of Recommender Systems", RecSys 2023, as far as data show them. docs/evaluation.md has the rules.
/// </summary>
internal static class DataReview
{
    private const double SecondsPerDay = 86_400;
    private const double EarliestMilliseconds = 631_152_000_000; // 1990; a number as large is no time in seconds
    private const double UnknownShare = 0.05;
    private const double SameTimeShare = 0.10;
    private const double LongShare = 0.05;
    private const int LongMeanLength = 20;
    private const int FewestPairs = 100;
    private const int FewestSessions = 100;

    /// <summary>In a shop of a few hundred items every one is shown often: that none is rare is no sign there. Sets with a long tail have thousands.</summary>
    private const int FewestItems = 1_000;

    private const int SuspiciousSupport = 10;
    private const double CliffShare = 0.15;
    private const string SameEvents = "same-events";

    /// <summary>Code of the finding that rare items are missing.</summary>
    public const string OverFiltered = "over-filtering";

    /// <summary>What a file shows by itself.</summary>
    private static IEnumerable<Finding> OfFile(ReviewedEvents events)
    {
        foreach (var finding in DataSummary.Of(events.Sessions).Warnings())
            yield return finding;
        if (Ratings(events.Sessions) is { } ratings)
            yield return ratings;
        if (events.Duplicates() is > 0 and var duplicates)
        {
            yield return new Finding(
                "duplicate-events", $"{duplicates:N0} events are there twice, with the same session, item and time: a fault of the log, and an easy hit for every model that repeats.",
                ("events", duplicates));
        }
    }

    /// <summary>What a test file shows by itself. It was read with the catalog of the training data.</summary>
    public static IEnumerable<Finding> OfTestFile(ReviewedEvents test) => OfFile(test)
        .Where(finding => finding.Code != "few-events-per-item") // the items are those of the training data
        .Select(finding => finding with { Code = $"test-{finding.Code}", Message = $"test: {finding.Message}" });

    /// <summary>What training data show by themselves.</summary>
    public static IEnumerable<Finding> OfTrainingFile(ReviewedEvents train)
    {
        foreach (var finding in OfFile(train))
            yield return finding;
        if (OverFiltering(train.Sessions.Catalog.Support) is { } filtered)
            yield return filtered;
        if (ShortSessionsMissing(train.Sessions) is { } missing)
            yield return missing;
    }

    /// <summary>What training and test data show together. The test data were read with the catalog of the training data.</summary>
    public static IEnumerable<Finding> OfSplit(ReviewedEvents train, ReviewedEvents test)
    {
        if (TimeSplit(test.Sessions, DataSummary.TimesOf(train.Sessions).To) is { } time)
            yield return time;
        if (SharedSessions(train.Sessions, test.Sessions) is > 0 and var sessions)
        {
            yield return new Finding(
                "shared-sessions", $"{sessions:N0} of {test.Sessions.Count:N0} test sessions have the id of a training session: the model has seen their visitors, or the ids were given twice.",
                ("sessions", sessions), ("share", (double)sessions / test.Sessions.Count));
        }

        if (test.SharedWith(train) is > 0 and var events)
        {
            yield return new Finding(
                "shared-events", $"{events:N0} of {test.Hashes.Length:N0} test events are in the training data too, with the same session, item and time: the model was trained on its test.",
                ("events", events), ("share", (double)events / test.Hashes.Length));
        }

        if (UnknownItems(test.Sessions) is { } unknown)
            yield return unknown;
    }

    /// <summary>What a model alone tells of its training data, against test data read with its catalog.</summary>
    public static IEnumerable<Finding> OfModel(TrainedModel trained, SessionSet test)
    {
        if (Seen(trained, test) is { } seen)
            yield return seen;
        if (UnknownItems(test) is { } unknown)
            yield return unknown;
        if (OverFiltering(trained.Model.Catalog.Support) is { } filtered)
            yield return filtered;
    }

    /// <summary>What is told beside a number of one model alone: that it was trained on its test, or on the time of half of it or more.</summary>
    public static Finding? OfEvaluation(TrainedModel trained, SessionSet test) =>
        Seen(trained, test) is { } seen && (seen.Code == SameEvents || TimeOverlap.Of(test, trained.Provenance.TrainedUntil).GoesBeyondCrossing) ? seen : null;

    /// <summary>That the test is what the model was trained on, or of the time of it; null of one that does not know its training, as imported weights.</summary>
    private static Finding? Seen(TrainedModel trained, SessionSet test)
    {
        var training = trained.Provenance;
        if (training.DataFingerprint.Length == 0)
            return null;
        var isSame = (training.Sessions, training.Events) == (test.Count, test.EventCount) && training.DataFingerprint == test.Fingerprint();
        return isSame
            ? new Finding(SameEvents, "the model was trained on these very events: the numbers tell how well it remembers, not how well it foretells.", ("events", test.EventCount))
            : TimeSplit(test, training.TrainedUntil);
    }

    /// <summary>Test sessions that start before training ends: what was going on then, the model knows.</summary>
    private static Finding? TimeSplit(SessionSet test, double lastTrainingTime)
    {
        var (early, share, _) = TimeOverlap.Of(test, lastTrainingTime);
        (string, double)[] numbers = [("sessions", early), ("share", share), ("lastTrainingTime", lastTrainingTime)];
        return share switch
        {
            0 => null,
            >= TimeOverlap.NoSplit => new Finding("no-time-split", $"{early:N0} of {test.Count:N0} test sessions ({share:P1}) start before training ends ({Sizes.Time(lastTrainingTime)}): this is no split by time, and the model was trained on the future of its test.", numbers),
            _ => new Finding("test-starts-in-training", $"{early:N0} of {test.Count:N0} test sessions ({share:P1}) start before training ends ({Sizes.Time(lastTrainingTime)}): their time leaks into the model.", numbers),
        };
    }

    /// <summary>A test that is to a large part about items that no model of this training can recommend.</summary>
    private static Finding? UnknownItems(SessionSet test)
    {
        var share = (double)test.UnknownEventCount / test.EventCount;
        return share <= UnknownShare ? null : new Finding(
            "unknown-items", $"{test.UnknownEventCount:N0} of {test.EventCount:N0} test events ({share:P1}) are of items that training never saw: --unknown drop and miss will give different numbers; quote both.",
            ("events", test.UnknownEventCount), ("share", share));
    }

    /// <summary>
    /// Rare items taken out beforehand: hardly any item is below a support m of at least 10, where natural data have their most items,
    /// yet many stand just above it. Judged from 1,000 items on. m is the support that 1 % of the items are below.
    /// </summary>
    private static Finding? OverFiltering(ReadOnlySpan<int> support)
    {
        if (support.Length < FewestItems)
            return null;
        var rising = support.ToArray();
        Array.Sort(rising);
        var least = rising[rising.Length / 100];
        var above = rising.Count(each => each >= least && each < 2 * least);
        var share = (double)above / rising.Length;
        return least < SuspiciousSupport || share < CliffShare ? null : new Finding(
            OverFiltered, $"99 % of the items have {least:N0} events or more, and {share:P0} have fewer than {2 * least:N0}: either rare items were taken out (below 5 is usual), or there are none; of rare items the numbers tell nothing.",
            ("support", least), ("share", share));
    }

    /// <summary>Visits of one event, or of one and two, taken out beforehand.</summary>
    private static Finding? ShortSessionsMissing(SessionSet train)
    {
        if (train.Count < FewestSessions)
            return null;
        var shortest = int.MaxValue;
        for (var session = 0; session < train.Count; session++)
            shortest = Math.Min(shortest, train.ItemsOf(session).Length);
        return shortest < 3 ? null : new Finding(
            "short-sessions-missing", $"no session has fewer than {shortest} events: short visits seem to have been taken out; most real visits are short, and these numbers are not theirs.",
            ("shortestSession", shortest));
    }

    /// <summary>
    /// Ratings instead of visits. Signs, among the sessions of two events and more: a tenth of them has its events less than a second
    /// apart on average (entered in one go); or no item ever comes twice in a session, and either one session in twenty lasts
    /// longer than a day or the mean length is 20 and more. Times that are an order tell no duration.
    /// </summary>
    private static Finding? Ratings(SessionSet data)
    {
        var summary = DataSummary.Of(data);
        int many = 0, sameTime = 0, overADay = 0, repeating = 0;
        var second = summary.LastTime >= EarliestMilliseconds ? 1_000.0 : 1.0;
        var seen = new HashSet<int>();
        for (var session = 0; session < data.Count; session++)
        {
            var items = data.ItemsOf(session);
            if (items.Length < 2)
                continue;
            many++;
            var span = (data.EndTimeOf(session) - data.StartTimeOf(session)) / second;
            sameTime += span < items.Length - 1 ? 1 : 0;
            overADay += span > SecondsPerDay ? 1 : 0;
            seen.Clear();
            foreach (var item in items)
            {
                if (item >= 0 && !seen.Add(item))
                {
                    repeating++;
                    break;
                }
            }
        }

        if (many == 0)
            return null;
        var meanLength = 1 + ((double)summary.Pairs / many);
        var signs = new List<string>();
        if (!summary.TimesAreAnOrder && summary.Pairs >= FewestPairs && sameTime >= SameTimeShare * many)
            signs.Add($"{(double)sameTime / many:P0} of the sessions have their events less than a second apart");
        if (summary.Pairs >= FewestPairs && repeating == 0)
        {
            if (!summary.TimesAreAnOrder && overADay > LongShare * many)
                signs.Add($"no item comes twice in a session, and {(double)overADay / many:P0} of the sessions last longer than a day");
            else if (meanLength >= LongMeanLength)
                signs.Add($"no item comes twice in a session, though they have {meanLength:F0} events on average");
        }

        return signs.Count == 0 ? null : new Finding(
            "ratings", $"these may be ratings or purchases of users, not visits: {string.Join("; ", signs)}. Such data have no order to learn a next item from.",
            ("sameTimeShare", (double)sameTime / many), ("overADayShare", (double)overADay / many), ("sessionsWithRepeats", repeating), ("meanLength", meanLength));
    }

    private static int SharedSessions(SessionSet train, SessionSet test)
    {
        var keys = new HashSet<string>(test.Count);
        for (var session = 0; session < test.Count; session++)
            keys.Add(test.KeyOf(session));
        var shared = 0;
        for (var session = 0; session < train.Count; session++)
            shared += keys.Contains(train.KeyOf(session)) ? 1 : 0;
        return shared;
    }
}
