using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Contract;
using NextItem.Server.Sessions;
using NextItem.Server.Settings;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Routes;

/// <summary><c>/v1/recommendations</c>.</summary>
internal sealed class RecommendationRoutes(ServerOptions options, ModelVariants models, ISessionStore sessions, ListMaker lists)
{
    private static readonly string[] s_parameters = ["items", "numResults", "exclude", "allow", "deny", "filter", "explain", "visitorId", "consent"];

    /// <remarks>As delegates: taken for a <see cref="RequestDelegate"/>, which a Task of a result is too, the result would be lost.</remarks>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/recommendations", (Delegate)PostAsync)
            .Describe<RecommendationsRequest, RecommendationsAnswer>("The next items of a session that is sent along or stored");
        app.MapGet("/v1/recommendations", (Delegate)Get)
            .Describe<RecommendationsAnswer>("The same for items, for simple clients")
            .WithQueryList("items").WithQuery("numResults", JsonSchemaType.Integer)
            .WithQueryList("exclude").WithQueryList("allow").WithQueryList("deny").WithQuery("filter", JsonSchemaType.String).WithQuery("explain", JsonSchemaType.Boolean).WithQuery("visitorId", JsonSchemaType.String).WithQuery("consent", JsonSchemaType.Boolean);
    }

    private async Task<IResult> PostAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ContractJson.Plain.RecommendationsRequest);
        var faults = new RequestFaults();
        if (request.SessionId is null && request.Items is null)
            faults.Add("sessionId and items are missing; expected one of them.");
        if (request.SessionId is not null)
            faults.CheckId("sessionId", request.SessionId);
        if (request.VisitorId is not null)
            faults.CheckId("visitorId", request.VisitorId);
        if (request.Store == true && (request.SessionId is null || request.Items is null))
            faults.Add("store is true; expected sessionId and items with it: it makes the items those of the session.");
        if (request.Store == true && request.Consent == false)
            faults.Add("store is true and consent is false; expected one of them.");
        if (request.Store != true && request.SessionId is not null && request.Items is not null)
            faults.Add("sessionId and items are both there; expected one of them, or store: true, which makes the items those of the session.");
        faults.CheckIds("items", request.Items, RequestLimits.SessionItems);
        var query = ListQuery.Of(request, faults);
        faults.Throw();

        using var lease = models.Lease(request.SessionId ?? request.VisitorId, context);
        if (request.SessionId is null)
            return Answer(lists.ForItems(request.Items!, lease.Model, query));
        if (request.Consent == false)
            await sessions.DeleteAsync(request.SessionId, context.RequestAborted);
        var session = request.Store == true
            ? await StoreAsync(request.SessionId, request.Items!, lease.Model, context.RequestAborted)
            : await sessions.FindAsync(request.SessionId, context.RequestAborted) ?? SessionRecord.Empty;
        return Answer(lists.ForSession(request.SessionId, session, lease.Model, query));
    }

    private JsonHttpResult<RecommendationsAnswer> Get(HttpContext context)
    {
        var parameters = context.Request.Query;
        var faults = new RequestFaults();
        foreach (var name in parameters.Keys.Where(name => !s_parameters.Contains(name, StringComparer.Ordinal)))
            faults.Add($"There is no parameter '{name}'; expected of {string.Join(", ", s_parameters)}.");
        var request = new RecommendationsRequest
        {
            Items = Values("items") ?? [],
            NumResults = Number("numResults"),
            Exclude = Values("exclude"),
            Allow = Values("allow"),
            Deny = Values("deny"),
            Filter = parameters.TryGetValue("filter", out var filter) ? filter.ToString() : null,
            Explain = Flag("explain"),
            Consent = Flag("consent"),
            VisitorId = parameters.TryGetValue("visitorId", out var visitor) ? visitor.ToString() : null,
        };
        if (request.VisitorId is not null)
            faults.CheckId("visitorId", request.VisitorId);
        faults.CheckIds("items", request.Items, RequestLimits.SessionItems);
        var query = ListQuery.Of(request, faults);
        faults.Throw();
        using var lease = models.Lease(request.VisitorId, context);
        return Answer(lists.ForItems(request.Items, lease.Model, query));

        string[]? Values(string name) => parameters.TryGetValue(name, out var values) ? [.. values.Select(value => value ?? "")] : null;

        int? Number(string name)
        {
            if (!parameters.TryGetValue(name, out var text))
                return null;
            if (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            faults.Add($"{name} is '{text}'; expected a number.");
            return null;
        }

        bool? Flag(string name)
        {
            if (!parameters.TryGetValue(name, out var text))
                return null;
            if (bool.TryParse(text.ToString(), out var flag))
                return flag;
            faults.Add($"{name} is '{text}'; expected true or false.");
            return null;
        }
    }

    /// <summary>The client knows the session better: its items replace what was stored. Ids of events before stay known, as many of them as a session may have events.</summary>
    private ValueTask<SessionRecord> StoreAsync(string sessionId, string[] items, ServedModel model, CancellationToken cancellationToken) =>
        items.Length > options.MaxSessionEvents
            ? throw new RequestException(StatusCodes.Status409Conflict, "session-full", $"items has {items.Length} entries; a session has {options.MaxSessionEvents} events at most (max-session-events).")
            : sessions.UpdateAsync(
                sessionId,
                before => SessionStates.Append(SessionRecord.Empty with { EventIds = [.. before.EventIds.TakeLast(options.MaxSessionEvents)] }, items, model) with { EventCount = items.Length },
                cancellationToken);

    private static JsonHttpResult<RecommendationsAnswer> Answer(RecommendationsAnswer answer) => TypedResults.Json(answer, ContractJson.Plain.RecommendationsAnswer);
}
