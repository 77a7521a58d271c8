using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace NextItem.Server.Access;

/// <summary>Which web pages of others may ask from a visitor's browser. Without cookies: who may ask is the business of keys.</summary>
internal static class Origins
{
    /// <summary>Pages of anybody.</summary>
    public const string Any = "*";

    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);

    /// <summary>Lets browsers of these origins through, before anything asks for a key: browsers ask without one whether they may.</summary>
    public static void Use(IApplicationBuilder app, IReadOnlyList<string> origins)
    {
        var policy = new CorsPolicyBuilder()
            .WithMethods("GET", "POST", "DELETE") // what is told of items comes from the shop's own machines
            .WithHeaders("Content-Type", "Authorization", "X-Api-Key")
            .WithExposedHeaders("Retry-After")
            .SetPreflightMaxAge(s_remembered);
        policy = origins.Contains(Any) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. origins]);
        var built = policy.Build();
        app.UseMiddleware<CorsMiddleware>(built);
    }
}
