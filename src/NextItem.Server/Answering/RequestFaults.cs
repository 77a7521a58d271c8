using NextItem.Server.Contract;
using NextItem.Server.Settings;

namespace NextItem.Server.Answering;

/// <summary>Everything that is wrong with a request, so that all of it can be told at once.</summary>
internal sealed class RequestFaults
{
    /// <summary>Faults told at most: a list of ten thousand bad ids needs no ten thousand sentences.</summary>
    private const int MostTold = 20;

    private readonly List<string> _faults = [];

    public void Add(string fault)
    {
        if (_faults.Count < MostTold)
            _faults.Add(fault);
    }

    /// <summary>An id that must be there.</summary>
    public void CheckId(string name, string? id)
    {
        if (FaultOfId(id) is { } fault)
            Add($"{name} {fault}");
    }

    /// <summary>A list of ids that may be left out.</summary>
    public void CheckIds(string name, IReadOnlyList<string?>? ids, int most)
    {
        if (ids is null)
            return;
        if (ids.Count > most)
            Add($"{name} has {ids.Count} entries; expected {most} at most.");
        for (var i = 0; i < Math.Min(ids.Count, most); i++)
            CheckId($"{name}[{i}]", ids[i]);
    }

    /// <summary>Refuses the request if anything is wrong with it.</summary>
    /// <exception cref="RequestException">Something is.</exception>
    public void Throw()
    {
        if (_faults.Count > 0)
            throw RequestException.Invalid(_faults);
    }

    /// <summary>What is wrong with an id, as the rest of a sentence; null for one that will do.</summary>
    public static string? FaultOfId(string? id) => id switch
    {
        null => "is missing; expected an id, a string.",
        "" => "is empty; expected an id.",
        { Length: > RequestLimits.IdLength } => $"has {id.Length} characters; expected {RequestLimits.IdLength} at most.",
        _ => null,
    };
}
