namespace NextItem.Interchange;

/// <summary>A file of another program that cannot be taken over: names the file, what was found there and what was expected.</summary>
public sealed class ImportException : Exception
{
    /// <summary>Creates the exception; its message reads <c>path: found; expected expected. advice</c>.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="found">What is there, without a full stop.</param>
    /// <param name="expected">What should be there, without a full stop.</param>
    /// <param name="advice">Whole sentences on what to do about it, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ImportException(string path, string found, string expected, string? advice = null, Exception? innerException = null)
        : base($"{path}: {found}; expected {expected}.{(advice is null ? "" : " " + advice)}", innerException)
    {
        Path = path;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>What is in the file.</summary>
    public string Found { get; }

    /// <summary>What should be in the file.</summary>
    public string Expected { get; }
}
