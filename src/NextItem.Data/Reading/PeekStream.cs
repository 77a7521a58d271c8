namespace NextItem.Data.Reading;

/// <summary>A stream whose next bytes can be looked at before they are read: works for pipes too, where there is no way back.</summary>
internal sealed class PeekStream(Stream inner) : ReadOnlyStream
{
    private byte[] _ahead = [];
    private int _start;
    private int _end;

    /// <summary>The next bytes, <paramref name="count"/> of them or all that are left.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_ahead.Length - _start < count)
        {
            var larger = new byte[count];
            _ahead.AsSpan(_start.._end).CopyTo(larger);
            (_ahead, _start, _end) = (larger, 0, _end - _start);
        }

        while (_end - _start < count && inner.Read(_ahead.AsSpan(_end)) is > 0 and var read)
            _end += read;
        return _ahead.AsSpan(_start, Math.Min(count, _end - _start));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
            return inner.Read(buffer);
        var count = Math.Min(buffer.Length, _end - _start);
        _ahead.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
