using System.IO.Compression;

namespace NextItem.Data.Reading;

/// <summary>
/// Decompresses gzip and refuses a file that is cut short. The framework's stream takes any end of its input for the end of
/// the data, so half a log would pass for a whole one; here a last member with known content is appended to the input, and
/// the output must end with that content. It can only do so when everything before it was complete.
/// </summary>
internal sealed class GzipInput : ReadOnlyStream
{
    private static readonly byte[] s_mark = "NextItem: gz end"u8.ToArray();
    private static readonly byte[] s_markMember = Compress(s_mark);

    private readonly GZipStream _gzip;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;

    public GzipInput(Stream compressed) =>
        _gzip = new GZipStream(new WithTail(compressed, s_markMember), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The data is damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        // The last bytes are held back, for they may be the mark.
        while (!_ended && _end - _start <= s_mark.Length)
            Fill();
        var count = Math.Min(buffer.Length, _end - _start - s_mark.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = _gzip.Read(_buffer.AsSpan(_end));
        _end += read;
        if (read > 0)
            return;
        _ended = true;
        if (!_buffer.AsSpan(_start.._end).SequenceEqual(s_mark))
            throw new InvalidDataException("The gzip data is cut short or is followed by something else.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] data)
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest))
            gzip.Write(data);
        return member.ToArray();
    }

    private sealed class WithTail(Stream inner, byte[] tail) : ReadOnlyStream
    {
        private int _tailRead;
        private bool _innerEnded;

        public override int Read(Span<byte> buffer)
        {
            if (!_innerEnded && !buffer.IsEmpty)
            {
                var read = inner.Read(buffer);
                if (read > 0)
                    return read;
                _innerEnded = true;
            }

            var count = Math.Min(buffer.Length, tail.Length - _tailRead);
            tail.AsSpan(_tailRead, count).CopyTo(buffer);
            _tailRead += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
