namespace NextItem.Server.Sessions;

/// <summary>Sessions cannot be read or written at the moment; nothing was acknowledged.</summary>
internal sealed class SessionStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
