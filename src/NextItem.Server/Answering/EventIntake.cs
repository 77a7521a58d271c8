using System.Globalization;
using NextItem.Hosting.Models;
using NextItem.Server.Contract;
using NextItem.Server.Feedback;
using NextItem.Server.Sessions;
using NextItem.Server.Settings;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Answering;

/// <summary>Takes events into sessions: what may be stored, what was stored before, what moves the session.</summary>
internal sealed class EventIntake(ServerOptions options, ISessionStore sessions, FeedbackLog feedback, ServerMetrics metrics)
{
    private readonly HashSet<string> _moving = [.. options.MovingEvents.Select(type => EventTypes.Find(type)!)];

    /// <summary>Takes the events of one session in, in their order; returns when they are stored.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="events">Its events.</param>
    /// <param name="model">The model that follows the session.</param>
    /// <param name="explains">Whether the session is to be explained after them: events that make it too long for that are rejected, and not stored and answered with an error.</param>
    /// <param name="cancellationToken">Gives up before anything is stored.</param>
    /// <returns>The session as it is then, and what became of the events.</returns>
    public async ValueTask<(SessionRecord Session, EventsAnswer Answer)> TakeAsync(
        string sessionId, IReadOnlyList<EventRequest?> events, ServedModel model, bool explains, CancellationToken cancellationToken)
    {
        EventsAnswer? answer = null;
        var lines = new List<EventLine>();
        var session = await sessions.UpdateAsync(sessionId, before => Take(sessionId, before, events, model, explains, out answer, lines), cancellationToken);
        feedback.Add(lines);
        metrics.Events(answer!);
        return (session, answer!);
    }

    /// <summary>Forgets a session whose visitor does not consent, and says so of each of the events.</summary>
    public async ValueTask<EventsAnswer> RefuseAsync(string sessionId, int count, CancellationToken cancellationToken)
    {
        await sessions.DeleteAsync(sessionId, cancellationToken);
        var answer = new EventsAnswer(0, 0, [.. Enumerable.Range(0, count).Select(i => new RejectedEvent(i, "no-consent", "consent is false: nothing of the session is kept."))]);
        metrics.Events(answer);
        return answer;
    }

    /// <param name="sessionId">The session.</param>
    /// <param name="before">The session before.</param>
    /// <param name="events">Its events.</param>
    /// <param name="model">The model that follows it.</param>
    /// <param name="explains">Whether the session is to be explained after them.</param>
    /// <param name="answer">What became of the events.</param>
    /// <param name="lines">Receives those that are stored, with times in their order.</param>
    private SessionRecord Take(string sessionId, SessionRecord before, IReadOnlyList<EventRequest?> events, ServedModel model, bool explains, out EventsAnswer answer, List<EventLine> lines)
    {
        lines.Clear(); // a store may try a change several times
        var ids = new List<string>();
        var items = new List<string>();
        var rejected = new List<RejectedEvent>();
        var (accepted, repeated) = (0, 0);
        var seen = before.EventIds.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < events.Count; i++)
        {
            if (Fault(events[i]) is var (code, detail))
            {
                rejected.Add(new RejectedEvent(i, code, detail));
                continue;
            }

            var one = events[i]!;
            if (one.EventId is not null && seen.Contains(one.EventId))
            {
                repeated++;
                continue;
            }

            if (before.EventCount + accepted >= options.MaxSessionEvents)
            {
                rejected.Add(new RejectedEvent(i, "session-full", $"The session has {options.MaxSessionEvents} events, which is the limit (max-session-events)."));
                continue;
            }

            var type = TypeOf(one)!;
            var moves = _moving.Contains(type);
            if (explains && before.Items.Count + items.Count + (moves ? 1 : 0) is > RequestLimits.ExplainedItems and var length)
            {
                rejected.Add(new RejectedEvent(i, "session-too-long", $"The session would have {length} items; explain expects {RequestLimits.ExplainedItems} at most. The event was not stored: send it without explain."));
                continue;
            }

            accepted++;
            if (one.EventId is not null && seen.Add(one.EventId))
                ids.Add(one.EventId);
            if (moves)
                items.Add(one.ItemId!);
            if (feedback.IsOn)
                lines.Add(Line(sessionId, one, type, model));
        }

        answer = new EventsAnswer(accepted, repeated, rejected);
        if (accepted == 0)
            return before;
        return SessionStates.Append(before, items, model) with
        {
            EventCount = before.EventCount + accepted,
            EventIds = ids.Count == 0 ? before.EventIds : [.. before.EventIds, .. ids],
        };
    }

    private EventLine Line(string sessionId, EventRequest one, string type, ServedModel model) => new()
    {
        SessionId = sessionId,
        ItemId = one.ItemId!,
        Timestamp = feedback.Clock.Next(),
        EventType = type,
        EventId = one.EventId,
        RecommendationId = one.RecommendationId,
        Variant = model.Variant,
        SentAt = one.SentAt,
    };

    /// <summary>Our name of an event's type: a view where none is given; null for one that is not known.</summary>
    private static string? TypeOf(EventRequest one) => one.EventType is null ? EventTypes.View : EventTypes.Find(one.EventType);

    private static (string Code, string Detail)? Fault(EventRequest? one)
    {
        if (one is null)
            return ("invalid-event", "The event is null; expected an object.");
        if (RequestFaults.FaultOfId(one.ItemId) is { } item)
            return ("invalid-event", $"itemId {item}");
        if (TypeOf(one) is null)
            return ("unknown-event-type", $"eventType is '{Shortened(one.EventType!)}'; expected of {string.Join(", ", EventTypes.All)}, or a name that docs/serving.md lists.");
        if (one.EventId is not null && RequestFaults.FaultOfId(one.EventId) is { } id)
            return ("invalid-event", $"eventId {id}");
        if (one.RecommendationId is not null && RequestFaults.FaultOfId(one.RecommendationId) is { } recommendation)
            return ("invalid-event", $"recommendationId {recommendation}");
        if (one.SentAt is not null && !IsTime(one.SentAt))
            return ("invalid-event", $"sentAt is '{Shortened(one.SentAt)}'; expected a time such as 2026-01-02T10:00:00Z.");
        return null;
    }

    private static bool IsTime(string text) =>
        text.Length is >= 10 and <= 40 && char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static string Shortened(string text) => text.Length > 50 ? text[..50] + "..." : text;
}
