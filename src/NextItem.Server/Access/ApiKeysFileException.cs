namespace NextItem.Server;

/// <summary>A file of API keys that cannot be used: what was found and what was expected.</summary>
public sealed class ApiKeysFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what was found, and what was expected; no key.</param>
    public ApiKeysFileException(string message)
        : base(message)
    {
    }
}
