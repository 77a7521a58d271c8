using NextItem.Hosting.Models;
using NextItem.Server.Sessions;

namespace NextItem.Server.Answering;

/// <summary>The model's view of stored sessions.</summary>
internal static class SessionStates
{
    /// <summary>Where the model stands after a session: a state, and known items that are still to be followed from there.</summary>
    /// <remarks>A state that another model wrote says nothing to this one: then all items are followed anew.</remarks>
    public static (ReadOnlyMemory<byte> State, int[] Items) Of(SessionRecord session, ServedModel model) =>
        session.ModelVersion == model.Version ? (session.State, []) : (default, Known(session.Items, model));

    /// <summary>The session after more items.</summary>
    public static SessionRecord Append(SessionRecord session, IReadOnlyList<string> items, ServedModel model)
    {
        if (items.Count == 0)
            return session with { Variant = model.Variant };
        var (state, missing) = Of(session, model);
        int[] next = [.. missing, .. Known(items, model)];
        return session with
        {
            Items = [.. session.Items, .. items],
            ModelVersion = model.Version,
            Variant = model.Variant,
            State = next.Length == 0 ? state : model.Scorer.Advance(state.Span, next),
        };
    }

    /// <summary>The indices of the known ones of some items.</summary>
    public static int[] Known(IEnumerable<string> items, ServedModel model) =>
        [.. items.Select(item => model.Catalog.IndexOf(item)).Where(index => index != ItemCatalog.UnknownItem)];
}
