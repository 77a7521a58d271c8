using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NextItem.Hosting.Models;

namespace NextItem.Server.Telemetry;

/// <summary>Measures every request, those that are refused too.</summary>
internal static class RequestMeasuring
{
    /// <summary>Key of <see cref="HttpContext.Items"/> under which a request says which variant answers it.</summary>
    private static readonly object s_variant = new();

    /// <summary>The model of a session for one request, which is measured as that variant's; those that ask no model are A's.</summary>
    /// <param name="models">The models.</param>
    /// <param name="id">The session's id, or else the visitor's; null, where neither is known, is A's.</param>
    /// <param name="context">The request.</param>
    public static ModelLease Lease(this ModelVariants models, string? id, HttpContext context)
    {
        var lease = models.Lease(id);
        context.Items[s_variant] = lease.Model.Variant;
        return lease;
    }

    /// <summary>Measures everything after it.</summary>
    public static void Use(IApplicationBuilder app, ServerMetrics metrics, TimeProvider time) => app.Use(async (context, next) =>
    {
        var started = time.GetTimestamp();
        metrics.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            // Paths that are none of ours are one route: somebody who tries all of them makes no new series.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            var variant = context.Items.TryGetValue(s_variant, out var answered) ? (string)answered! : VariantSplit.A;
            Describe(Activity.Current, context, route);
            metrics.End(route, context.Response.StatusCode, variant, time.GetElapsedTime(started).TotalSeconds);
        }
    });

    /// <summary>The framework's span of the request has no name to find it by.</summary>
    private static void Describe(Activity? span, HttpContext context, string route)
    {
        if (span?.IsAllDataRequested != true)
            return;
        span.DisplayName = $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }
}
