using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Data;

namespace NextItem.Cli.Tuning;

/// <summary>The sessions of a search, and whether the validation file is one that a search can go by.</summary>
/// <param name="Train">Training sessions.</param>
/// <param name="Valid">Validation sessions, read with their catalog.</param>
internal sealed record TuningData(SessionSet Train, SessionSet Valid)
{
    /// <summary>Reads both files.</summary>
    /// <exception cref="RunException">The validation file is no help, or holds training sessions.</exception>
    public static TuningData Read(Terminal terminal, TuningRequest request, CancellationToken cancellationToken)
    {
        var review = new ValidationReview(request.Data, request.Valid);
        if (review.SameFile() is { } file)
            throw new UsageException(file);
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
        if (review.SameSessions(train, valid, out var shared) is { } same)
            throw new RunException(same);
        foreach (var doubt in review.Doubts(train, valid, shared))
            terminal.Errors.WriteLine($"nextitem: warning: {doubt}");
        var ((trainFrom, trainTo), (validFrom, _)) = (DataSummary.TimesOf(train), DataSummary.TimesOf(valid));
        if (validFrom - trainTo > trainTo - trainFrom)
            terminal.Errors.WriteLine($"nextitem: warning: {request.Valid} begins {Sizes.Time(validFrom)}, longer after the end of {request.Data}, {Sizes.Time(trainTo)}, than that lasts: shops change; expected the time right after it.");
        return new TuningData(train, valid);
    }

    private static bool IsNamedTest(FileInfo file) =>
        file.Name.Split('.', '-', '_', ' ') is var words && words.Contains("test", StringComparer.OrdinalIgnoreCase) && !words.Any(word => word.StartsWith("valid", StringComparison.OrdinalIgnoreCase));

    private static void Tell(Terminal terminal, FileInfo file, SessionSet sessions) => terminal.Out.WriteLine(
        $"{file.Name}: {Counted.Of(sessions.EventCount, "event")}, {Counted.Of(sessions.Count, "session")}{(sessions.UnknownEventCount > 0 ? $", {Counted.Of(sessions.UnknownEventCount, "event")} of items that training does not have" : "")}");
}
