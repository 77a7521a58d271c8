using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Tuning;

/// <summary>The sessions of a search, and whether the validation file is one that a search can go by.</summary>
/// <param name="Train">Training sessions.</param>
/// <param name="Valid">Validation sessions, read with their catalog.</param>
internal sealed record TuningData(SessionSet Train, SessionSet Valid)
{
    /// <summary>A share of the validation sessions within the time of training above which they were not split off by time.</summary>
    private const double MixedShare = 0.01;

    /// <summary>Reads both files.</summary>
    /// <exception cref="RunException">The validation file is no help, or holds training sessions.</exception>
    public static TuningData Read(Terminal terminal, TuningRequest request, CancellationToken cancellationToken)
    {
        if (AtomicFile.RealPath(request.Data.FullName) == AtomicFile.RealPath(request.Valid.FullName))
            throw new UsageException($"--valid is {request.Valid}, the file of --data; expected sessions that training does not see.");
        var train = EventsFile.Read(request.Data.ToString(), request.Columns, null, cancellationToken);
        Tell(terminal, request.Data, train);
        if (train.EventCount == train.Count)
            throw new RunException($"{request.Data}: nothing to learn from: no session has two events; expected at least one that has.");
        var valid = EventsFile.Read(request.Valid.ToString(), request.Columns, train.Catalog, cancellationToken);
        Tell(terminal, request.Valid, valid);
        var (cases, _) = Evaluator.CountCases(valid);
        if (cases == 0)
        {
            var unknown = valid.UnknownEventCount == 0 ? "" : $" of items that training has ({valid.UnknownEventCount:N0} of {valid.EventCount:N0} events have others)";
            throw new RunException($"{request.Valid}: nothing to validate on: no session has two events{unknown}; expected at least one that has.");
        }

        if (IsNamedTest(request.Valid))
            terminal.Errors.WriteLine($"nextitem: warning: {request.Valid} is named like a test file. What settings are chosen by says no more how good they are: expected a validation file, such as train_valid of 'prepare'.");
        RequireApart(terminal, request, train, valid);
        WarnOfTimes(terminal, request, train, valid);
        return new TuningData(train, valid);
    }

    private static bool IsNamedTest(FileInfo file) =>
        file.Name.Split('.', '-', '_', ' ') is var words && words.Contains("test", StringComparer.OrdinalIgnoreCase) && !words.Any(word => word.StartsWith("valid", StringComparison.OrdinalIgnoreCase));

    private static void Tell(Terminal terminal, FileInfo file, SessionSet sessions) => terminal.Out.WriteLine(
        $"{file.Name}: {Counted.Of(sessions.EventCount, "event")}, {Counted.Of(sessions.Count, "session")}{(sessions.UnknownEventCount > 0 ? $", {Counted.Of(sessions.UnknownEventCount, "event")} of items that training does not have" : "")}");

    /// <summary>Refuses sessions that are in both files, and warns of ids that are.</summary>
    private static void RequireApart(Terminal terminal, TuningRequest request, SessionSet train, SessionSet valid)
    {
        var trained = new Dictionary<string, int>();
        for (var session = 0; session < train.Count; session++)
            trained[train.KeyOf(session)] = session;
        int shared = 0, same = 0;
        string? first = null;
        for (var session = 0; session < valid.Count; session++)
        {
            if (!trained.TryGetValue(valid.KeyOf(session), out var other))
                continue;
            shared++;
            if (train.StartTimeOf(other) != valid.StartTimeOf(session) || !train.ItemsOf(other).SequenceEqual(valid.ItemsOf(session)))
                continue;
            first ??= valid.KeyOf(session);
            same++;
        }

        if (same > 0)
            throw new RunException($"{request.Valid}: {Counted.Of(same, "session")} of {valid.Count:N0} {(same == 1 ? "is" : "are")} in {request.Data} too, with the same items and times, '{first}' first; expected sessions that training does not see.");
        if (shared > 0)
            terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(shared, "session id")} of {request.Valid} {(shared == 1 ? "is" : "are")} in {request.Data} too, with other events: are sessions cut in two? Then what is validated on was half seen.");
    }

    private static void WarnOfTimes(Terminal terminal, TuningRequest request, SessionSet train, SessionSet valid)
    {
        var (trainFrom, trainTo) = Times(train);
        var (validFrom, validTo) = Times(valid);
        var within = Enumerable.Range(0, valid.Count).Count(session => valid.StartTimeOf(session) <= trainTo);
        if (validTo < trainFrom)
            terminal.Errors.WriteLine($"nextitem: warning: {request.Valid} ends {Sizes.Time(validTo)}, before {request.Data} begins, {Sizes.Time(trainFrom)}: settings are chosen for predicting the past. Are the two swapped?");
        else if (within > MixedShare * valid.Count)
            terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(within, "session")} of {valid.Count:N0} in {request.Valid} begin{(within == 1 ? "s" : "")} before {request.Data} ends, {Sizes.Time(trainTo)}: split by time, or the settings that come out look better than they will be.");
        else if (validFrom - trainTo > trainTo - trainFrom)
            terminal.Errors.WriteLine($"nextitem: warning: {request.Valid} begins {Sizes.Time(validFrom)}, longer after the end of {request.Data}, {Sizes.Time(trainTo)}, than that lasts: shops change; expected the time right after it.");
    }

    private static (double From, double To) Times(SessionSet sessions)
    {
        double from = double.PositiveInfinity, to = double.NegativeInfinity;
        for (var session = 0; session < sessions.Count; session++)
            (from, to) = (Math.Min(from, sessions.StartTimeOf(session)), Math.Max(to, sessions.EndTimeOf(session)));
        return (from, to);
    }
}
