using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NextItem.Server.Contract;

namespace NextItem.Server.Routes;

/// <summary>What the OpenAPI document says of a route: handlers read requests themselves, so that faults are told in our words.</summary>
internal static class Descriptions
{
    private const string ProblemType = "application/problem+json";

    /// <summary>The document as a whole.</summary>
    public static void OfDocument(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo { Title = "NextItem", Version = "v1", Description = "The next items of live sessions. Fields that are not listed are refused." };
        return Task.CompletedTask;
    });

    /// <summary>Types as the requests are read: numbers are no strings.</summary>
    public static void OfJson(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, ContractJson.Plain);
        options.NumberHandling = JsonNumberHandling.Strict;
    }

    /// <summary>A route with a body.</summary>
    public static RouteHandlerBuilder Describe<TRequest, TAnswer>(this RouteHandlerBuilder route, string summary, int status = StatusCodes.Status200OK)
        where TRequest : notnull => route.Describe<TAnswer>(summary, status).Accepts<TRequest>("application/json");

    /// <summary>A route that answers.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(this RouteHandlerBuilder route, string summary, int status = StatusCodes.Status200OK) =>
        route.Describe(summary).Produces<TAnswer>(status);

    /// <summary>Any route of the contract.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).WithTags("v1").Produces<ProblemAnswer>(StatusCodes.Status400BadRequest, ProblemType);

    /// <summary>An id in the path.</summary>
    public static RouteHandlerBuilder WithPathId(this RouteHandlerBuilder route, string name) =>
        route.With(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });

    /// <summary>A list in the query: the name once for each entry.</summary>
    public static RouteHandlerBuilder WithQueryList(this RouteHandlerBuilder route, string name) =>
        route.With(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Explode = true, Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } } });

    /// <summary>A value in the query.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder route, string name, JsonSchemaType type) =>
        route.With(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = type } });

    private static RouteHandlerBuilder With(this RouteHandlerBuilder route, OpenApiParameter parameter) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(parameter);
        return Task.CompletedTask;
    });
}
