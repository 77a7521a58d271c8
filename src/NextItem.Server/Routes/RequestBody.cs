using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NextItem.Server.Contract;

namespace NextItem.Server.Routes;

/// <summary>Reads what a request says.</summary>
internal static class RequestBody
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="RequestException">It is no JSON of that kind.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or did not come in time.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        // Web pages of others may send text without asking first, JSON not.
        if (!context.Request.HasJsonContentType())
            throw new RequestException(415, "not-json", $"Content-Type is '{Shortened(context.Request.ContentType)}'; expected application/json.");
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new RequestException(400, "invalid-json", "The body is null; expected an object.");
        }
        catch (JsonException e)
        {
            throw new RequestException(400, "invalid-json", BodyFault.Of(e, type));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            throw new RequestException(400, "invalid-json", "A string in the body is no valid Unicode text.");
        }
    }

    /// <summary>
    /// A part of the path as it was sent. The router's value will not do: it leaves %2F as it is, so that an id with a slash and one with
    /// that text would be the same.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="part">Place in the path, from 0.</param>
    public static string PathPart(HttpContext context, int part)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        if (Uri.TryCreate(target, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https")
            path = absolute.AbsolutePath; // as proxies send it
        var parts = path.Split('/');
        if (parts.Length != context.Request.Path.Value!.Split('/').Length)
            throw new RequestException(400, "invalid-path", "The path has dots for parts, such as '/../'; expected it without.");
        return Uri.UnescapeDataString(parts[part + 1]);
    }

    private static string Shortened(string? text) => text is null ? "" : text.Length > 50 ? text[..50] + "..." : text;
}
