using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Contract;

namespace NextItem.Server.Routes;

/// <summary><c>/v1/model</c> and <c>/health</c>.</summary>
internal sealed class ModelRoutes(ModelHolder models, IHostApplicationLifetime lifetime)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/model", (Delegate)Facts).Describe<ModelFacts>("Which model serves, and what it learnt from");
        app.MapGet("/health/live", () => TypedResults.Json(new HealthAnswer("live"), ContractJson.Plain.HealthAnswer))
            .WithSummary("Whether the server runs").WithTags("health").Produces<HealthAnswer>();
        app.MapGet("/health/ready", (Delegate)Ready)
            .WithSummary("Whether it takes requests").WithTags("health").Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    private JsonHttpResult<ModelFacts> Facts()
    {
        using var lease = models.Lease();
        var model = lease.Model;
        var (version, variant, trainedUntil) = ListMaker.Name(model);
        var from = model.Provenance;
        return TypedResults.Json(
            new ModelFacts(version, variant, model.Algorithm, model.Catalog.Count, trainedUntil, from.Sessions, from.Events, from.DataFingerprint, from.NextItemVersion, model.LoadedAt, models.Refused),
            ContractJson.Plain.ModelFacts);
    }

    /// <summary>A server that listens has a model; one that stops asks for no more.</summary>
    private JsonHttpResult<HealthAnswer> Ready() => lifetime.ApplicationStopping.IsCancellationRequested
        ? TypedResults.Json(new HealthAnswer("stopping"), ContractJson.Plain.HealthAnswer, statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Json(new HealthAnswer("ready"), ContractJson.Plain.HealthAnswer);
}
