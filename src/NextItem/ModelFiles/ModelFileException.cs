namespace NextItem;

/// <summary>A model file that cannot be read: what was found and what was expected.</summary>
public sealed class ModelFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ModelFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
