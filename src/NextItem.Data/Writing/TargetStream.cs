namespace NextItem.Data.Writing;

/// <summary>
/// A file that is written, whose failures are told by the name that the caller knows. Where there is no room for it they say so. Where it grows
/// larger than the file system or a limit of the user allows (EFBIG), .NET throws an <see cref="ArgumentOutOfRangeException"/>, as if the
/// caller had given a wrong number; here it is the failure of a disk that it is.
/// </summary>
/// <param name="file">Closed with it.</param>
/// <param name="path">What messages call it.</param>
internal sealed class TargetStream(FileStream file, string path) : Stream
{
    public override bool CanRead => file.CanRead;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush() => Try(file.Flush);

    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Try(() => file.SetLength(value));
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    // The hot one: not by Try, for a span goes into no delegate.
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            throw failure;
        }
    }

    public override void WriteByte(byte value) => Write([value]);

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            throw failure;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            throw failure;
        }
    }

    // What is in the buffer is written now, and may be too much.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Try(file.Dispose);
        base.Dispose(disposing);
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            throw failure;
        }
    }

    private IOException? Translate(Exception e) => e switch
    {
        ArgumentOutOfRangeException => new($"'{path}' would grow larger than a file may be here; expected fewer bytes, or a larger limit (ulimit -f).", e),
        IOException io => WriteFailure.OfSpace(path, io),
        _ => null,
    };
}
