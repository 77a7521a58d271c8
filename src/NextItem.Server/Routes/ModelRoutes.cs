using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Contract;
using NextItem.Server.Feedback;
using NextItem.Server.Rules;
using NextItem.Server.Sessions;

namespace NextItem.Server.Routes;

/// <summary><c>/v1/model</c> and <c>/health</c>.</summary>
internal sealed class ModelRoutes(ModelVariants models, RulesHolder rules, FeedbackLog feedback, ISessionStore sessions, IHostApplicationLifetime lifetime)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/model", (Delegate)Facts).Describe<ModelFacts>("Which models serve, and what they learnt from");
        app.MapGet("/health/live", () => TypedResults.Json(new HealthAnswer("live"), ContractJson.Plain.HealthAnswer))
            .WithSummary("Whether the server runs").WithTags("health").Produces<HealthAnswer>();
        app.MapGet("/health/ready", (Delegate)Ready)
            .WithSummary("Whether it takes requests").WithTags("health").Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    private JsonHttpResult<ModelFacts> Facts()
    {
        var facts = FactsOf(models.A) with
        {
            SplitB = models.B is null ? null : models.ShareOfB,
            B = models.B is null ? null : FactsOf(models.B),
            Rules = rules.Path is null ? null : new RulesFacts(rules.LoadedAt, rules.Refused),
            Feedback = feedback.IsOn ? new FeedbackFacts(feedback.Written, feedback.Lost, feedback.Failure) : null,
        };
        return TypedResults.Json(facts, ContractJson.Plain.ModelFacts);
    }

    private static ModelFacts FactsOf(ModelHolder holder)
    {
        using var lease = holder.Lease();
        var model = lease.Model;
        var (version, variant, trainedUntil) = ListMaker.Name(model);
        var from = model.Provenance;
        return new ModelFacts(version, variant, model.Algorithm, model.Catalog.Count, trainedUntil, from.Sessions, from.Events, from.DataFingerprint is "" ? null : from.DataFingerprint, from.NextItemVersion, model.LoadedAt, holder.Refused);
    }

    /// <summary>
    /// A server that listens has a model; one that stops asks for no more. Where sessions cannot be reached it is ready still, for requests with items,
    /// and says what is wrong: no other server would do better.
    /// </summary>
    private JsonHttpResult<HealthAnswer> Ready()
    {
        var health = sessions.Health;
        var status = lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : health.IsHopeless ? "not-ready" : "ready";
        var answer = new HealthAnswer(status, health.Fault, health.Servers);
        return TypedResults.Json(answer, ContractJson.Plain.HealthAnswer, statusCode: status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
