using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace NextItem.Server.Sessions;

/// <summary>Says when Redis goes and comes.</summary>
internal static partial class RedisWatch
{
    /// <summary>What is wrong where it is not there, for health checks.</summary>
    public const string Gone = "Redis, which keeps the sessions, cannot be reached.";

    /// <summary>Tells a log from now on, and of a connection that is not there yet.</summary>
    public static void Watch(IConnectionMultiplexer connection, ILogger log)
    {
        connection.ConnectionFailed += (_, failure) =>
        {
            if (failure.ConnectionType == ConnectionType.Interactive)
                LogGone(log, failure.EndPoint, failure.FailureType);
        };
        connection.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
                LogBack(log, restored.EndPoint);
        };
        if (connection.IsConnected)
            return;
        foreach (var endPoint in connection.GetEndPoints())
            LogGone(log, endPoint, ConnectionFailureType.UnableToConnect);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis at {Address} cannot be reached ({Failure}): requests with sessions are answered with 503 until it can")]
    private static partial void LogGone(ILogger log, EndPoint? address, ConnectionFailureType failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis at {Address} is there again")]
    private static partial void LogBack(ILogger log, EndPoint? address);
}
