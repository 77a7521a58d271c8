using System.Globalization;
using StackExchange.Redis;

namespace NextItem.Server.Settings;

/// <summary>Where Redis is, as people write it.</summary>
internal static class RedisAddress
{
    private const int DefaultPort = 6379;

    /// <summary>Requests wait no longer than this for Redis; in milliseconds.</summary>
    private const int Patience = 2000;

    /// <summary>Reads <c>host:port</c>, with the options of StackExchange.Redis after commas, or <c>redis://user:password@host:port/database</c>, with such options too; <c>rediss</c> is with TLS.</summary>
    /// <exception cref="FormatException">It is neither; the message says what was expected.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        try
        {
            var options = text.Contains("://", StringComparison.Ordinal) ? OfUri(text) : ConfigurationOptions.Parse(text);
            if (options.EndPoints.Count == 0)
                throw Fault();
            options.SetDefaultPorts();
            // A server that waits for Redis answers sooner and recovers by itself: nothing is queued for a connection that is not there.
            options.AbortOnConnectFail = false;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = Patience;
            options.ReconnectRetryPolicy = new LinearRetry(Patience / 4);
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(Patience / 4);
            options.ClientName ??= "nextitem";
            return options;
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{Fault().Message} {e.Message}", e);
        }

        static FormatException Fault() => new("host:port, or redis://user:password@host:port/database.");
    }

    private static ConfigurationOptions OfUri(string text)
    {
        var comma = text.IndexOf(',', text.IndexOf('@', StringComparison.Ordinal) + 1);
        var more = comma < 0 ? "" : text[(comma + 1)..];
        if (comma >= 0)
            text = text[..comma];
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0)
            throw new ArgumentException("The address cannot be read.");
        var options = more.Length == 0 ? new ConfigurationOptions() : ConfigurationOptions.Parse(more);
        if (options.EndPoints.Count > 0)
            throw new ArgumentException("After the address and a comma come options alone, no other address.");
        options.Ssl |= uri.Scheme == "rediss";
        options.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : DefaultPort);
        if (uri.UserInfo.Split(':', 2) is { } user && uri.UserInfo.Length > 0)
        {
            options.User = user.Length == 2 && user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
            options.Password = Uri.UnescapeDataString(user[^1]);
        }

        var database = uri.AbsolutePath.Trim('/');
        if (database.Length > 0)
            options.DefaultDatabase = int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"The database is '{database}'; expected a number.");
        return options;
    }
}
