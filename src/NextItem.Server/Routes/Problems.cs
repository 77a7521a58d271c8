using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using NextItem.Server.Contract;
using NextItem.Server.Sessions;

namespace NextItem.Server.Routes;

/// <summary>Every failure of a request as problem details (RFC 9457).</summary>
internal static partial class Problems
{
    private const string ContentType = "application/problem+json";

    private const string NoSniff = "nosniff";

    /// <summary>When to ask again for what is not there: about as long as a restart takes.</summary>
    private const string RetrySeconds = "1";

    /// <summary>Turns failures of everything after it into problem details.</summary>
    public static void Use(IApplicationBuilder app, ILogger log) => app.Use(async (context, next) =>
    {
        try
        {
            context.Response.Headers.XContentTypeOptions = NoSniff;
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await WriteAsync(context, OfStatus(context));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is ConnectionResetException or ConnectionAbortedException)
        {
            // Nobody is there to be told; metrics are.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear(); // its headers too
            context.Response.Headers.XContentTypeOptions = NoSniff;
            await WriteAsync(context, Of(e, log, context));
        }
    });

    private static RequestException Of(Exception failure, ILogger log, HttpContext context)
    {
        switch (failure)
        {
            case RequestException { Status: StatusCodes.Status401Unauthorized } unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                return unauthorized;
            case RequestException told:
                return told;
            case SessionStoreException store:
                LogStore(log, context.Request.Method, context.Request.Path.Value ?? "", store.InnerException?.Message ?? store.Message);
                context.Response.Headers.RetryAfter = RetrySeconds;
                return new RequestException(StatusCodes.Status503ServiceUnavailable, "session-store-unavailable", store.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new RequestException(413, "body-too-large", $"The body has more than {Settings.RequestLimits.BodyBytes} bytes.");
            case BadHttpRequestException bad:
                return new RequestException(bad.StatusCode, "bad-request", bad.Message);
            default:
                LogFailure(log, failure, context.Request.Method, context.Request.Path.Value ?? "");
                return new RequestException(500, "internal-error", "The server failed; its log says why.");
        }
    }

    private static RequestException OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new RequestException(404, "not-found", "There is nothing under this path; docs/serving.md lists what there is."),
        StatusCodes.Status405MethodNotAllowed => new RequestException(405, "method-not-allowed", $"The path knows no {context.Request.Method}; it allows {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => RequestBody.NotJson(context),
        var status => new RequestException(status, "failed", ReasonPhrases.GetReasonPhrase(status)),
    };

    private static Task WriteAsync(HttpContext context, RequestException problem)
    {
        context.Response.StatusCode = problem.Status;
        var body = new ProblemAnswer("about:blank", ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Code, problem.Message, problem.Errors);
        return context.Response.WriteAsJsonAsync(body, ContractJson.Plain.ProblemAnswer, ContentType, context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not reach its session: {Reason}")]
    private static partial void LogStore(ILogger log, string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed; this is a defect of NextItem, please report it")]
    private static partial void LogFailure(ILogger log, Exception failure, string method, string path);
}
