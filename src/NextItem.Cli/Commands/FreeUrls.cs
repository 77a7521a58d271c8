using System.Net;
using System.Net.NetworkInformation;

namespace NextItem.Cli.Commands;

/// <summary>Addresses to serve on in the place of those that are taken.</summary>
internal static class FreeUrls
{
    /// <summary>The same addresses, each with the next port that nobody uses, as --urls takes them.</summary>
    public static string Beside(IEnumerable<string> urls)
    {
        var system = IPGlobalProperties.GetIPGlobalProperties();
        var taken = system.GetActiveTcpListeners().Concat(system.GetActiveTcpConnections().Select(connection => connection.LocalEndPoint)).Select(used => used.Port).ToHashSet();
        return string.Join(',', urls.Select(url => Beside(url, taken)));
    }

    private static string Beside(string url, HashSet<int> taken)
    {
        var address = new Uri(url);
        for (var port = address.Port; port <= IPEndPoint.MaxPort; port++)
        {
            if (taken.Add(port))
                return $"{address.Scheme}://{address.Host}:{port}";
        }

        return $"{address.Scheme}://{address.Host}:0"; // the system chooses one
    }
}
