using System.Text;

namespace NextItem.Cli.Output;

/// <summary>
/// Standard output and errors where they are a terminal: when its window is closed, writing fails from then on. That must not end a
/// command that is about to save what it has; what it says is lost, since nobody is there to read it.
/// </summary>
internal sealed class TerminalThatMayGo(Stream terminal) : Stream
{
    /// <summary>Puts it before the console's own, where these are terminals. Files and pipes go on to report their failures.</summary>
    public static void Use()
    {
        if (OperatingSystem.IsWindows())
            return; // a process does not outlive its console window there
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (!Console.IsOutputRedirected)
            Console.SetOut(new StreamWriter(new TerminalThatMayGo(Console.OpenStandardOutput()), encoding) { AutoFlush = true });
        if (!Console.IsErrorRedirected)
            Console.SetError(new StreamWriter(new TerminalThatMayGo(Console.OpenStandardError()), encoding) { AutoFlush = true });
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            terminal.Write(buffer);
        }
        catch (IOException)
        {
            // The terminal is gone.
        }
    }
}
