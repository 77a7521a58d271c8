using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace NextItem.Server.Orleans.Clustering;

/// <summary>Where the other servers of the cluster reach this one.</summary>
internal static class SiloEndpoint
{
    /// <summary>The address that was given, else the one from which this machine reaches Redis; the port that was given, else a free one.</summary>
    /// <exception cref="ClusterException">It cannot listen there.</exception>
    public static IPEndPoint Of(ServerOptions options, ConfigurationOptions? redis)
    {
        var address = options.SiloAddress is { } given ? IPAddress.Parse(given) : Towards(redis?.EndPoints.FirstOrDefault());
        try
        {
            using var trial = new TcpListener(address, options.SiloPort);
            trial.Start();
            return (IPEndPoint)trial.LocalEndpoint;
        }
        catch (SocketException e)
        {
            throw new ClusterException($"The server cannot listen on {new IPEndPoint(address, options.SiloPort)} for the other servers of its cluster ({e.Message}); expected an address of this machine (silo-address) and a free port (silo-port).", e);
        }
    }

    /// <summary>The address of this machine from which packets go to another one; none is sent.</summary>
    private static IPAddress Towards(EndPoint? other)
    {
        if (other is not (IPEndPoint or DnsEndPoint))
            return IPAddress.Loopback;
        try
        {
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(other);
            var own = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return own.IsIPv4MappedToIPv6 ? own.MapToIPv4() : own;
        }
        catch (SocketException e)
        {
            throw new ClusterException($"It is not known from which address this machine reaches Redis ({e.Message}); expected silo-address, an address of this machine at which the other servers reach it.", e);
        }
    }
}
