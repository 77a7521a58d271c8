namespace NextItem.Server.Feedback;

/// <summary>The file of a day, to which whole lines are added. For one thread.</summary>
/// <param name="folder">Where it is.</param>
/// <param name="kind">What its name begins with.</param>
/// <param name="open">Opens a file for reading and writing, one that is there or a new one.</param>
internal sealed class DailyFile(string folder, string kind, Func<string, Stream> open) : IDisposable
{
    private const int TailBytes = 1 << 16;

    private Stream? _stream;
    private string _day = "";
    private long _whole; // length up to the last whole line

    /// <summary>Bytes of lines without an end that were cut off: what a stopped process had half written.</summary>
    public long CutBytes { get; private set; }

    /// <summary>Adds lines; either all of them are in the file then, or none.</summary>
    /// <param name="day">The day, as in the file's name.</param>
    /// <param name="lines">Whole lines.</param>
    /// <exception cref="IOException">They cannot be written. The next call tries the file anew.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Add(string day, ReadOnlySpan<byte> lines)
    {
        try
        {
            if (_stream is null || _day != day)
                Open(day);
            _stream!.Write(lines);
            _stream.Flush();
            _whole += lines.Length;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    /// <summary>Cuts off what is half written: by a process before, or by this one when the disk was full.</summary>
    private void Open(string day)
    {
        Close();
        _stream = open(Path.Combine(folder, $"{kind}-{day}.jsonl"));
        var whole = WholeLength(_stream);
        if (_day == day && _whole < whole)
            whole = _whole; // lines of an attempt that failed half-way, which comes again
        if (whole < _stream.Length)
        {
            CutBytes += _stream.Length - whole;
            _stream.SetLength(whole);
        }

        _stream.Position = whole;
        (_day, _whole) = (day, whole);
    }

    /// <summary>The length up to the last end of a line.</summary>
    private static long WholeLength(Stream stream)
    {
        var tail = new byte[TailBytes];
        for (var end = stream.Length; end > 0;)
        {
            var start = Math.Max(0, end - TailBytes);
            stream.Position = start;
            stream.ReadExactly(tail, 0, (int)(end - start));
            var last = tail.AsSpan(0, (int)(end - start)).LastIndexOf((byte)'\n');
            if (last >= 0)
                return start + last + 1;
            end = start;
        }

        return 0;
    }

    private void Close()
    {
        var stream = _stream;
        _stream = null;
        try
        {
            stream?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was told.
        }
    }
}
