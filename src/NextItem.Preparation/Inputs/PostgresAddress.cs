using Npgsql;

namespace NextItem.Preparation.Inputs;

/// <summary><c>postgres://user:password@host:port/database?sslmode=require</c>, the address that PostgreSQL's own programs take.</summary>
internal static class PostgresAddress
{
    private const int StandardPort = 5432;

    /// <summary>Whether an input is such an address.</summary>
    public static bool IsOne(string input) =>
        input.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || input.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection; a password that is not in it comes from PGPASSWORD or the password file, as usual.</summary>
    /// <exception cref="PreparationException">It is no such address.</exception>
    public static string ConnectionString(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw new PreparationException($"'{WithoutPassword(address)}' is no address of a database; expected postgres://user@host/database.");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Port = uri.Port > 0 ? uri.Port : StandardPort,
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.UserName,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : null,
            Timezone = "UTC",
            CommandTimeout = 0,
        };
        if (uri.Host.Length > 0)
            builder.Host = uri.Host;
        foreach (var setting in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = setting.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (setting, "");
            try
            {
                builder[name is "sslmode" ? "SSL Mode" : name] = value;
            }
            catch (ArgumentException e)
            {
                throw new PreparationException($"'{WithoutPassword(address)}' has a setting '{name}' that is not known.", e);
            }
        }

        return builder.ConnectionString;
    }

    /// <summary>What may be shown of an address.</summary>
    public static string WithoutPassword(string address)
    {
        // Of the settings, the password's alone is left out.
        var question = address.IndexOf('?');
        var (place, settings) = question < 0 ? (address, "") : (address[..question], address[(question + 1)..]);
        var shown = settings.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(setting => !setting.StartsWith("pass", StringComparison.OrdinalIgnoreCase) && !setting.StartsWith("pwd", StringComparison.OrdinalIgnoreCase) && !setting.StartsWith("sslpassword", StringComparison.OrdinalIgnoreCase) && !setting.StartsWith("ssl%20password", StringComparison.OrdinalIgnoreCase)).ToArray();
        var at = place.LastIndexOf('@');
        var start = place.IndexOf("://", StringComparison.Ordinal) + 3;
        if (at < 0 && settings.Contains('@'))
            return address[..start] + "..."; // a password with a question mark that is not escaped
        var colon = at < 0 ? -1 : place.IndexOf(':', start, at - start);
        return (colon < 0 ? place : place[..colon] + place[at..]) + (shown.Length == 0 ? "" : "?" + string.Join('&', shown));
    }
}
