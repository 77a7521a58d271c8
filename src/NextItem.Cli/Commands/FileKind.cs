using System.Buffers.Binary;
using System.Text;

namespace NextItem.Cli.Commands;

/// <summary>What a file looks like by its first bytes: for messages, and before it is replaced.</summary>
internal enum FileKind
{
    Missing,
    Empty,
    Model,
    Checkpoint,
    Events,
    Other,
}

/// <summary>Looks at files.</summary>
internal static class FileKinds
{
    private const int Look = 1 << 16;
    private const int LongestHeader = 100_000_000;

    /// <summary>What the file looks like; damaged or cut short, it still looks like what it was.</summary>
    public static FileKind Of(FileInfo file)
    {
        file.Refresh();
        if (!file.Exists)
            return FileKind.Missing;
        try
        {
            using var stream = file.OpenRead();
            if (!stream.CanSeek)
                return FileKind.Other; // a pipe: what is read from it is gone
            var bytes = new byte[Look];
            return Of(bytes.AsSpan(0, stream.ReadAtLeast(bytes, Look, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileKind.Other;
        }
    }

    /// <summary>The kind in a sentence: "looks like an event file".</summary>
    public static string Describe(FileKind kind) => kind switch
    {
        FileKind.Model => "is a NextItem model",
        FileKind.Checkpoint => "is the checkpoint of a training run",
        FileKind.Events => "looks like an event file",
        FileKind.Empty => "is empty",
        _ => "is no file of NextItem's",
    };

    private static FileKind Of(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return FileKind.Empty;
        if (IsTensorFile(start))
        {
            if (start.IndexOf("\"format\":\"nextitem-checkpoint\""u8) >= 0)
                return FileKind.Checkpoint;
            return start.IndexOf("\"format\":\"nextitem\""u8) >= 0 ? FileKind.Model : FileKind.Other;
        }

        return start.StartsWith("PAR1"u8) || start.StartsWith<byte>([0x1F, 0x8B]) || IsTable(start) ? FileKind.Events : FileKind.Other;
    }

    private static bool IsTensorFile(ReadOnlySpan<byte> start) =>
        start.Length > sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(start) is > 1 and <= LongestHeader && start[sizeof(long)] == '{';

    /// <summary>Text whose first two lines have equally many separators, and at least two of them.</summary>
    private static bool IsTable(ReadOnlySpan<byte> start)
    {
        if (start.Contains((byte)0))
            return false;
        var lines = Encoding.UTF8.GetString(start).Split('\n');
        return lines.Length > 1 && "\t,;".Any(separator => lines[0].Count(separator) is >= 2 and var count && lines[1].Count(separator) == count);
    }
}
