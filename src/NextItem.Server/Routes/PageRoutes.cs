using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace NextItem.Server.Routes;

/// <summary>The page at <c>/</c>: one file with its style and script inside, that asks nobody but this server.</summary>
internal sealed class PageRoutes
{
    private readonly byte[] _page;
    private readonly string _policy;

    public PageRoutes()
    {
        using var stream = typeof(PageRoutes).Assembly.GetManifestResourceStream("NextItem.Server.Page.index.html")!;
        _page = new byte[stream.Length];
        stream.ReadExactly(_page);
        var page = Encoding.UTF8.GetString(_page);
        _policy = $"default-src 'none'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; script-src {Hash(page, "script")}; style-src 'unsafe-inline'";
    }

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/", (Delegate)Page).ExcludeFromDescription();

    private FileContentHttpResult Page(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = _policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Bytes(_page, "text/html; charset=utf-8");
    }

    /// <summary>The one script that may run, by its bytes.</summary>
    private static string Hash(string page, string tag)
    {
        var start = page.IndexOf($"<{tag}>", StringComparison.Ordinal) + tag.Length + 2;
        var end = page.IndexOf($"</{tag}>", start, StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[start..end])))}'";
    }
}
