using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NextItem.Server.Access;
using NextItem.Server.Contract;

namespace NextItem.Server.Routes;

/// <summary>Asks for an API key, but for the page, which has nothing in it, and the health, which balancers ask without one.</summary>
internal static class KeyCheck
{
    private const string Scheme = "Bearer ";

    public static void Use(IApplicationBuilder app, ApiKeys keys) => app.Use((context, next) =>
    {
        var path = context.Request.Path;
        if (path == "/" || path.StartsWithSegments("/health", StringComparison.Ordinal) || KeyOf(context.Request) is { } key && keys.Has(key))
            return next(context);
        throw new RequestException(StatusCodes.Status401Unauthorized, "unauthorized", "This server asks for an API key: 'Authorization: Bearer KEY', or 'X-Api-Key: KEY'.");
    });

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return header[Scheme.Length..].Trim();
        return request.Headers.TryGetValue("X-Api-Key", out var key) ? key.ToString() : null;
    }
}
