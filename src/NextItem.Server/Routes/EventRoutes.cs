using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Contract;
using NextItem.Server.Sessions;
using NextItem.Server.Settings;
using NextItem.Server.Telemetry;

namespace NextItem.Server.Routes;

/// <summary><c>/v1/events</c> and <c>/v1/sessions</c>: what visitors do, and the right to be forgotten.</summary>
internal sealed class EventRoutes(ModelVariants models, ISessionStore sessions, EventIntake intake, ListMaker lists)
{
    /// <summary>Place of the session's id in its paths.</summary>
    private const int IdPart = 2;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/events", (Delegate)EventsAsync)
            .Describe<EventsRequest, EventsAnswer>("Stores events of a session", StatusCodes.Status202Accepted);
        app.MapPost("/v1/sessions/{id}/events", (Delegate)SessionEventAsync)
            .Describe<SessionEventRequest, RecommendationsAnswer>("Stores one event, and answers with recommendations after it").WithPathId("id");
        app.MapDelete("/v1/sessions/{id}", (Delegate)DeleteAsync)
            .Describe("Forgets a session").Produces(StatusCodes.Status204NoContent).WithPathId("id");
    }

    private async Task<IResult> EventsAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ContractJson.Plain.EventsRequest);
        var faults = new RequestFaults();
        faults.CheckId("sessionId", request.SessionId);
        if (request.Events is not { Length: > 0 })
            faults.Add("events is missing or empty; expected at least one event.");
        else if (request.Events.Length > RequestLimits.ListEntries)
            faults.Add($"events has {request.Events.Length} entries; expected {RequestLimits.ListEntries} at most.");
        faults.Throw();

        var answer = request.Consent == false
            ? await intake.RefuseAsync(request.SessionId!, request.Events!.Length, context.RequestAborted)
            : await TakeAsync(request.SessionId!, request.Events!, context);
        return TypedResults.Json(answer, ContractJson.Plain.EventsAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>Without consent the answer is for the one item, of which nothing is kept.</summary>
    private async Task<IResult> SessionEventAsync(HttpContext context)
    {
        var request = await RequestBody.ReadAsync(context, ContractJson.Plain.SessionEventRequest);
        var id = RequestBody.PathPart(context, IdPart);
        var faults = new RequestFaults();
        faults.CheckId("The session's id", id);
        faults.CheckId("itemId", request.ItemId);
        var query = ListQuery.Of(request, faults);
        faults.Throw();

        using var lease = models.Lease(id, context);
        if (request.Consent == false)
        {
            await intake.RefuseAsync(id, 1, context.RequestAborted);
            return Answer(lists.ForItems([request.ItemId!], lease.Model, query));
        }

        var (session, taken) = await intake.TakeAsync(id, [request.Event], lease.Model, query.Explain, context.RequestAborted);
        if (taken.Rejected is [var rejected])
            throw new RequestException(rejected.Code == "session-full" ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest, rejected.Code, rejected.Detail);
        return Answer(lists.ForSession(id, session, lease.Model, query));
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var id = RequestBody.PathPart(context, IdPart);
        var faults = new RequestFaults();
        faults.CheckId("The session's id", id);
        faults.Throw();
        await sessions.DeleteAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private async Task<EventsAnswer> TakeAsync(string sessionId, EventRequest?[] events, HttpContext context)
    {
        using var lease = models.Lease(sessionId, context);
        return (await intake.TakeAsync(sessionId, events, lease.Model, explains: false, context.RequestAborted)).Answer;
    }

    private static JsonHttpResult<RecommendationsAnswer> Answer(RecommendationsAnswer answer) => TypedResults.Json(answer, ContractJson.Plain.RecommendationsAnswer);
}
