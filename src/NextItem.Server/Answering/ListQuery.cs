using NextItem.Server.Contract;
using NextItem.Server.Filters;
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

    /// <summary>A filter that can be read; null for none.</summary>
    public string? Filter { get; private init; }

    public bool Explain { get; private init; }

    /// <summary>Whether anything of the request may be kept.</summary>
    public bool Consents { get; private init; }

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
        if (request.Filter is { Length: > RequestLimits.TextLength } filter)
            faults.Add($"filter has {filter.Length} characters; expected {RequestLimits.TextLength} at most.");
        else if (request.Filter is not null)
            CheckFilter(request.Filter);
        return new ListQuery
        {
            NumResults = request.NumResults ?? RequestLimits.DefaultNumResults,
            Deny = [.. request.Exclude ?? [], .. request.Deny ?? []],
            Allow = request.Allow,
            Filter = request.Filter,
            Explain = explain,
            Consents = request.Consent != false,
        };
    }

    /// <summary>Before anything is stored: an event with a bad filter changes nothing.</summary>
    private static void CheckFilter(string filter)
    {
        try
        {
            FilterParser.Parse(filter);
        }
        catch (FormatException e)
        {
            throw new RequestException(400, "invalid-filter", e.Message);
        }
    }
}
