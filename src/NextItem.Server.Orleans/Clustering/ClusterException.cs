namespace NextItem.Server.Orleans;

/// <summary>The server cannot be a member of its cluster: Redis is not there, a port is taken, or the other servers cannot be reached.</summary>
public sealed class ClusterException(string message, Exception? innerException = null) : Exception(message, innerException);
