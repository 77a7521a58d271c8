namespace NextItem.Data;

/// <summary>
/// An input file that cannot be used: names the file, the row where there is one, what was found there and what was expected.
/// </summary>
public sealed class EventsFileException : Exception
{
    /// <summary>Creates the exception; its message reads <c>path, row 18,204: found; expected expected. advice</c>.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="row">1-based number of the data row, the header not counted; null when the fault is not in one row.</param>
    /// <param name="found">What is there, without a full stop.</param>
    /// <param name="expected">What should be there, without a full stop.</param>
    /// <param name="advice">Whole sentences on what to do about it, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public EventsFileException(
        string path, long? row, string found, string expected, string? advice = null, Exception? innerException = null)
        : base(Compose(path, row, found, expected, advice), innerException)
    {
        Path = path;
        Row = row;
        Found = found;
        Expected = expected;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>1-based number of the data row, the header not counted; null when the fault is not in one row.</summary>
    public long? Row { get; }

    /// <summary>What is in the file.</summary>
    public string Found { get; }

    /// <summary>What should be in the file.</summary>
    public string Expected { get; }

    private static string Compose(string path, long? row, string found, string expected, string? advice)
    {
        var place = row is { } number ? $"{path}, row {number:N0}" : path;
        return $"{place}: {found}; expected {expected}.{(advice is null ? "" : " " + advice)}";
    }
}
