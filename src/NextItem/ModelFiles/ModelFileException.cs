namespace NextItem;

/// <summary>A model file that cannot be read: what was found and what was expected.</summary>
public sealed class ModelFileException : Exception
{
    private const int LongestMessage = 500;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">
    /// What was found and expected. It may quote the file, which may come from a stranger: control characters are replaced
    /// and it ends after 500 characters, so that it can neither steer nor flood a terminal.
    /// </param>
    /// <param name="innerException">The cause, if it was an exception.</param>
    public ModelFileException(string message, Exception? innerException = null)
        : base(Showable(message), innerException)
    {
    }

    private static string Showable(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = message.Length > LongestMessage ? string.Concat(message.AsSpan(0, LongestMessage), "...") : message;
        return string.Create(text.Length, text, static (shown, text) =>
        {
            for (var i = 0; i < shown.Length; i++)
                shown[i] = char.IsControl(text[i]) ? '?' : text[i];
        });
    }
}
