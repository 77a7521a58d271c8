using Microsoft.AspNetCore.Builder;
using Scalar.AspNetCore;

namespace NextItem.Server.Routes;

/// <summary>The API to look at and to try, at <c>/scalar</c>: made of the OpenAPI document by a script that this server sends itself.</summary>
internal static class ApiReference
{
    /// <summary>Nothing is fetched from, or told to, anybody else, whatever a later version of the script would like to.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal))
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers["Referrer-Policy"] = "no-referrer";
            }

            return next(context);
        });
        app.MapScalarApiReference(options => options
            .WithTitle("NextItem")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools());
    }
}
