using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Review;

/// <summary>What makes validation sessions no help: that training sees them, or that they are of its time. <c>tune</c> refuses the first, <c>train</c> warns of both.</summary>
/// <param name="data">The file of training.</param>
/// <param name="valid">The file of validation.</param>
internal sealed class ValidationReview(FileInfo data, FileInfo valid)
{
    /// <summary>That both are one file, or null.</summary>
    public string? SameFile() => AtomicFile.RealPath(data.FullName) == AtomicFile.RealPath(valid.FullName) && !AtomicFile.IsDevice(data.FullName)
        ? $"--valid is {valid}, the file of --data; expected sessions that training does not see."
        : null;

    /// <summary>That sessions are in both files as they are, or null.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="validation">Validation sessions, read with their catalog.</param>
    /// <param name="shared">Sessions whose ids are in both files with other events.</param>
    public string? SameSessions(SessionSet train, SessionSet validation, out int shared)
    {
        var places = new Dictionary<string, int>(validation.Count, StringComparer.Ordinal); // of the smaller set: keys of millions of sessions take memory
        for (var session = 0; session < validation.Count; session++)
            places[validation.KeyOf(session)] = session;
        var (same, first) = (0, int.MaxValue);
        shared = 0;
        for (var session = 0; session < train.Count; session++)
        {
            if (!places.TryGetValue(train.KeyOf(session), out var other))
                continue;
            if (train.StartTimeOf(session) == validation.StartTimeOf(other) && train.ItemsOf(session).SequenceEqual(validation.ItemsOf(other)))
                (same, first) = (same + 1, Math.Min(first, other));
            else
                shared++;
        }

        return same == 0
            ? null
            : $"{valid}: {Counted.Of(same, "session")} of {validation.Count:N0} {(same == 1 ? "is" : "are")} in {data} too, with the same items and times, '{validation.KeyOf(first)}' first; expected sessions that training does not see.";
    }

    /// <summary>Sessions cut in two, and times that do not follow one another.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="validation">Validation sessions, read with their catalog.</param>
    /// <param name="shared">Sessions whose ids are in both files with other events.</param>
    public IEnumerable<string> Doubts(SessionSet train, SessionSet validation, int shared)
    {
        if (shared > 0)
            yield return $"{Counted.Of(shared, "session id")} of {valid} {(shared == 1 ? "is" : "are")} in {data} too, with other events: are sessions cut in two? Then what is validated on was half seen.";
        var (trainFrom, trainTo) = DataSummary.TimesOf(train);
        var (_, validTo) = DataSummary.TimesOf(validation);
        var overlap = TimeOverlap.Of(validation, trainTo, train);
        if (validTo < trainFrom)
            yield return $"{valid} ends {Sizes.Time(validTo)}, before {data} begins, {Sizes.Time(trainFrom)}: what is measured on it is how well the past is foretold. Are the two swapped?";
        else if (overlap.GoesBeyondCrossing)
            yield return $"{Counted.Of(overlap.Sessions, "session")} of {validation.Count:N0} in {valid} begin{(overlap.Sessions == 1 ? "s" : "")} before {data} ends, {Sizes.Time(trainTo)}: split by time, or what is measured on it looks better than it will be.";
    }

    /// <summary>Everything at once, for one who warns of it alone.</summary>
    public IEnumerable<string> All(SessionSet train, SessionSet validation)
    {
        if (SameFile() is { } file)
            return [file];
        return SameSessions(train, validation, out var shared) is { } sessions ? [sessions] : Doubts(train, validation, shared);
    }
}
