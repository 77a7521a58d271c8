using NextItem.Server.Contract;
using NextItem.Server.Settings;

namespace NextItem.Server.Answering;

/// <summary>What list is wanted, checked.</summary>
internal sealed record ListQuery
{
    /// <summary>With an explanation, the items of a list: each is ranked among all.</summary>
    private const int MostExplained = 100;

    public int NumResults { get; private init; } = RequestLimits.DefaultNumResults;

    /// <summary>Items left out, for two reasons that make no difference here.</summary>
    public IReadOnlyList<string> Deny { get; private init; } = [];

    /// <summary>The only items allowed; null allows all.</summary>
    public IReadOnlyList<string>? Allow { get; private init; }

    public bool Explain { get; private init; }

    /// <summary>Checks what a request asks for.</summary>
    public static ListQuery Of(ListRequest request, RequestFaults faults)
    {
        var explain = request.Explain ?? false;
        var most = explain ? MostExplained : RequestLimits.NumResults;
        if (request.NumResults is < 1 || request.NumResults > most)
            faults.Add($"numResults is {request.NumResults}; expected 1 to {most}{(explain ? " with explain" : "")}.");
        faults.CheckIds("exclude", request.Exclude, RequestLimits.ListEntries);
        faults.CheckIds("allow", request.Allow, RequestLimits.ListEntries);
        faults.CheckIds("deny", request.Deny, RequestLimits.ListEntries);
        return new ListQuery
        {
            NumResults = request.NumResults ?? RequestLimits.DefaultNumResults,
            Deny = [.. request.Exclude ?? [], .. request.Deny ?? []],
            Allow = request.Allow,
            Explain = explain,
        };
    }
}
