namespace NextItem.Preparation;

/// <summary>A preparation that cannot be done or finished: the message names the step or file, what was found and what to do.</summary>
public sealed class PreparationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do about it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public PreparationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
