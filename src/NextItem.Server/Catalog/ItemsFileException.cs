namespace NextItem.Server;

/// <summary>A file of items that cannot be read: what was found and what was expected.</summary>
public sealed class ItemsFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what was found, and what was expected.</param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    public ItemsFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
