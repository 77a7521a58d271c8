using System.IO.Hashing;

namespace NextItem.Interchange.Arrays;

/// <summary>Counts what is read and forms its CRC-32, which the library of archives does not compare.</summary>
/// <param name="stream">What is read; closed with this.</param>
internal sealed class CheckedStream(Stream stream) : Stream
{
    private readonly Crc32 _checksum = new();

    /// <summary>Bytes read.</summary>
    public long Count { get; private set; }

    /// <summary>Their CRC-32.</summary>
    public uint Checksum => _checksum.GetCurrentHashAsUInt32();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Count; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = stream.Read(buffer);
        _checksum.Append(buffer[..read]);
        Count += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }
}
