using System.Buffers;
using System.Text.Unicode;

namespace NextItem.Data.Reading;

/// <summary>What a file is, by its first bytes.</summary>
internal enum InputKind
{
    Text,
    GzippedText,
    Parquet,
}

/// <summary>An open input file and what it is. Its name decides nothing: a wrong ending is common and harmless.</summary>
internal sealed class InputFile : IDisposable
{
    /// <summary>What a file of events is said to hold.</summary>
    public const string Events = "events";

    private const int MagicLength = 9;
    private const int BinaryLook = 1 << 12;
    private const int LongestRune = 4;

    /// <summary>What a message calls a model.</summary>
    public const string TensorFile = "the file is a NextItem model or another safetensors file";

    private static readonly (byte[] Magic, string Name)[] s_unreadable =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a zip archive"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with Zstandard"),
        ("BZh"u8.ToArray(), "compressed with bzip2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "compressed with xz"),
        ([0xFF, 0xFE], "UTF-16 text"),
        ([0xFE, 0xFF], "UTF-16 text"),
    ];

    private static readonly SearchValues<byte> s_controls =
        SearchValues.Create([.. Enumerable.Range(1, 31).Select(value => (byte)value).Except("\t\n\v\f\r\u001B"u8.ToArray())]);

    private readonly FileStream _file;
    private readonly bool _hasHeader;

    private InputFile(string path, string content, bool hasHeader, FileStream file)
    {
        (Path, Content, _hasHeader, _file) = (path, content, hasHeader, file);
        Bytes = new PeekStream(file);
    }

    public string Path { get; }

    /// <summary>What the file should hold, for messages: "events".</summary>
    public string Content { get; }

    public InputKind Kind { get; private set; }

    /// <summary>The kinds of file that will do, for messages.</summary>
    public string ReadableKinds => _hasHeader ? "UTF-8 text, plain or gzipped, or Parquet" : "UTF-8 text, plain or gzipped";

    /// <summary>
    /// Whether its first bytes are those of no text: NUL, or what is not UTF-8 with control characters in it. For messages only: keys
    /// may have control characters, even NUL.
    /// </summary>
    public bool LooksBinary { get; private set; }

    /// <summary>The text of the file, decompressed. Not for Parquet.</summary>
    public PeekStream Bytes { get; private set; }

    /// <summary>Opens a file and looks at its first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it should hold, for messages.</param>
    /// <param name="hasHeader">Whether it should begin with a header, for messages.</param>
    public static InputFile Open(string path, string content, bool hasHeader)
    {
        if (Directory.Exists(path))
            throw new EventsFileException(path, null, "this is a folder", $"a file of {content}");
        InputFile? input = null;
        try
        {
            // Deletable, so that a writer can replace the file by renaming while it is read.
            input = new InputFile(path, content, hasHeader, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16));
            input.Recognise();
            return input;
        }
        catch (Exception e)
        {
            input?.Dispose();
            throw Translate(path, content, e) ?? e;
        }
    }

    /// <summary>The whole file from its start, for Parquet, which is read from the end.</summary>
    public Stream Rewind()
    {
        if (!_file.CanSeek)
            throw new EventsFileException(Path, null, "this is Parquet in a pipe", "a Parquet file on a disk, for it is read from its end");
        _file.Position = 0;
        return _file;
    }

    /// <summary>What to say of a failure to read, or null where the failure is no fault of the file.</summary>
    public static EventsFileException? Translate(string path, string content, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(path, null, "there is no such file", $"a file of {content}", innerException: e),
        UnauthorizedAccessException => new(path, null, "access is denied", $"a file of {content} that can be read", innerException: e),
        InvalidDataException => new(
            path, null, "the gzip data is damaged or cut short", "a complete gzip file", "Copy or compress it again.", e),
        IOException => new(
            path, null, $"reading fails ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})", $"a file of {content} that can be read", innerException: e),
        _ => null,
    };

    public void Dispose()
    {
        Bytes.Dispose();
        _file.Dispose();
    }

    private void Recognise()
    {
        var start = Bytes.Peek(MagicLength);
        if (start.IsEmpty)
            throw new EventsFileException(Path, null, "the file is empty (0 bytes)", ExpectedContent);
        if (start.StartsWith("PAR1"u8))
        {
            Kind = InputKind.Parquet;
            return;
        }

        if (start.StartsWith<byte>([0x1F, 0x8B]))
        {
            Kind = InputKind.GzippedText;
            Bytes = new PeekStream(new GzipInput(Bytes));
            start = Bytes.Peek(MagicLength);
            if (start.IsEmpty)
                throw new EventsFileException(Path, null, "the file is empty once decompressed (0 bytes)", ExpectedContent);
            if (start.StartsWith("PAR1"u8))
                throw Unreadable("Parquet inside gzip");
        }

        if (IsTensorFile(start))
            throw new EventsFileException(Path, null, TensorFile, $"{Content} in {ReadableKinds}", "Are model and data swapped? --model takes the model, --data the events.");

        foreach (var (magic, name) in s_unreadable)
        {
            if (start.StartsWith(magic))
                throw Unreadable(name);
        }

        LooksBinary = IsBinary(Bytes.Peek(BinaryLook));
    }

    private static bool IsBinary(ReadOnlySpan<byte> start)
    {
        if (start.Contains((byte)0))
            return true;
        return start.IndexOfAny(s_controls) >= 0 && !IsStartOfUtf8(start);
    }

    private static bool IsStartOfUtf8(ReadOnlySpan<byte> start)
    {
        // The last character may be cut.
        for (var cut = 0; cut < LongestRune && cut <= start.Length; cut++)
        {
            if (Utf8.IsValid(start[..^cut]))
                return true;
        }

        return false;
    }

    /// <summary>A header's length in eight bytes, the upper ones zero, then its JSON: no text has such zeros.</summary>
    public static bool IsTensorFile(ReadOnlySpan<byte> start) =>
        start.Length == MagicLength && start[4..8].SequenceEqual<byte>([0, 0, 0, 0]) && start[8] == '{';

    private string ExpectedContent => _hasHeader ? $"a header and {Content}" : Content;

    private EventsFileException Unreadable(string what) =>
        new(Path, null, $"the file is {what}", ReadableKinds, "Convert it first.");
}
