using NextItem.Data;
using NextItem.Data.Reading;

namespace NextItem.Preparation.Inputs;

/// <summary>A file to be read, and what it is: its first bytes say, not its name.</summary>
/// <param name="Path">The file.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Compression">DuckDB's word for the compression: none, gzip or zstd.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record RawFile(string Path, RawFileKind Kind, string Compression, long Bytes)
{
    private const int MagicLength = 16;
    private const int TensorStart = 9;
    private const int BytesLookedAt = 1 << 16;
    private const int ControlsOfBinary = 3;
    private const double ShareOfBinary = 0.02;
    private const string Expected = "CSV, TSV, JSON lines (plain, gzip or zstd), Parquet, DuckDB or SQLite";

    private static readonly (byte[] Magic, string Name)[] s_unreadable =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a zip archive"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook or another Office file"),
        ("ARROW1"u8.ToArray(), "an Arrow or Feather file"),
        ("ORC"u8.ToArray(), "an ORC file"),
        ("Obj\u0001"u8.ToArray(), "an Avro file"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF], "a 7z archive"),
        ("BZh"u8.ToArray(), "compressed with bzip2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "compressed with xz"),
        ([0xFF, 0xFE], "UTF-16 text"),
        ([0xFE, 0xFF], "UTF-16 text"),
    ];

    /// <summary>Its text from the beginning, decompressed; null for zstd, which the database alone reads.</summary>
    public Stream? OpenText() => OpenText(Path, Compression);

    /// <summary>The same of a file that was recognised before.</summary>
    public static Stream? OpenText(string path, string compression)
    {
        if (compression == "zstd")
            return null;
        var bytes = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        return compression == "gzip" ? new GzipInput(bytes) : bytes;
    }

    /// <summary>Looks at a file. A compressed one is read to its end here, for DuckDB takes half a file for a whole one.</summary>
    /// <exception cref="EventsFileException">It cannot be read, is empty, damaged, or of no known kind.</exception>
    public static RawFile Recognise(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
            Span<byte> start = stackalloc byte[MagicLength];
            start = start[..file.ReadAtLeast(start, MagicLength, throwOnEndOfStream: false)];
            if (start.IsEmpty)
                throw new EventsFileException(path, null, "the file is empty (0 bytes)", Expected);
            foreach (var (magic, name) in s_unreadable)
            {
                if (start.StartsWith(magic) && IsWorkbook(path, file))
                    throw new EventsFileException(path, null, "the file is a spreadsheet (Excel, OpenDocument)", Expected, "Save the sheet as CSV in the spreadsheet program.");
                if (start.StartsWith(magic))
                    throw new EventsFileException(path, null, $"the file is {name}", Expected, "Unpack or convert it first.");
            }

            if (start.StartsWith("PAR1"u8))
                return new(path, RawFileKind.Parquet, "none", file.Length);
            if (start.StartsWith("SQLite format 3"u8))
                return new(path, RawFileKind.Sqlite, "none", file.Length);
            if (start.Length >= 12 && start[8..12].SequenceEqual("DUCK"u8))
                return new(path, RawFileKind.DuckDb, "none", file.Length);
            if (start.Length > TensorStart && InputFile.IsTensorFile(start[..TensorStart]))
                throw new EventsFileException(path, null, InputFile.TensorFile, Expected, "Name the log that the sessions are to be made of.");
            return Text(path, file, start, cancellationToken);
        }
        catch (EventsFileException)
        {
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw InputFile.Translate(path, "events", e)!;
        }
    }

    // A workbook is a zip archive whose first names tell.
    private static bool IsWorkbook(string path, FileStream file)
    {
        if (System.IO.Path.GetExtension(path).ToLowerInvariant() is ".xlsx" or ".xlsm" or ".xlsb" or ".xls" or ".ods")
            return true;
        Span<byte> beginning = stackalloc byte[4096];
        file.Position = 0;
        beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        return beginning.IndexOf("[Content_Types].xml"u8) >= 0 || beginning.IndexOf("opendocument.spreadsheet"u8) >= 0;
    }

    private static RawFile Text(string path, FileStream file, ReadOnlySpan<byte> start, CancellationToken cancellationToken)
    {
        var (compression, first, bytes) = ("none", FirstByte(start), file.Length);
        file.Position = 0;
        if (start.StartsWith<byte>([0x1F, 0x8B]))
            (compression, first) = ("gzip", FirstByteOfGzip(path, file, cancellationToken));
        else if (start.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]))
            (compression, first) = ("zstd", FirstByteOfZstandard(path, file));
        else
            RefuseBinary(path, file);
        if (first == '[')
            throw new EventsFileException(path, null, "the file begins with '[', as a JSON array does", "JSON lines, an object a line", "jq -c '.[]' makes lines of an array.");
        return new(path, first == '{' ? RawFileKind.JsonLines : RawFileKind.Text, compression, bytes);
    }

    private static byte FirstByteOfGzip(string path, FileStream file, CancellationToken cancellationToken)
    {
        using var gzip = new GzipInput(file);
        var buffer = new byte[1 << 16];
        byte? first = null;
        while (gzip.Read(buffer) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (first is null)
                RefuseBinary(path, buffer.AsSpan(0, count));
            first ??= FirstByte(buffer.AsSpan(0, count));
        }

        return first ?? throw new EventsFileException(path, null, "the file is empty once decompressed (0 bytes)", Expected);
    }

    private static byte FirstByteOfZstandard(string path, FileStream file)
    {
        if (!ZstandardFrames.AreComplete(file))
            throw new EventsFileException(path, null, "the zstd data is damaged or cut short", "a complete zstd file", "Copy or compress it again.");
        return 0; // what is inside is asked of the database
    }

    private static void RefuseBinary(string path, FileStream file)
    {
        var buffer = new byte[BytesLookedAt];
        RefuseBinary(path, buffer.AsSpan(0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)));
        file.Position = 0;
    }

    // Keys may have control characters, and a log NUL bytes after a power cut or Latin-1 in some rows; no text has many of
    // several kinds and other bytes that are no UTF-8.
    private static void RefuseBinary(string path, ReadOnlySpan<byte> start)
    {
        Span<int> controls = stackalloc int[' '];
        foreach (var value in start)
        {
            if (value < ' ')
                controls[value]++;
        }

        foreach (var usual in "\t\n\v\f\r\u001b"u8)
            controls[usual] = 0;
        var (kinds, count) = (0, 0);
        foreach (var times in controls)
            (kinds, count) = (kinds + (times > 0 ? 1 : 0), count + times);
        if (kinds >= ControlsOfBinary && count > start.Length * ShareOfBinary && !FirstLines.IsUtf8(start, isCut: true))
            throw new EventsFileException(path, null, "the file is binary", Expected, "Convert it first.");
    }

    // After a byte order mark and blanks.
    private static byte FirstByte(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0xEF, 0xBB, 0xBF]))
            start = start[3..];
        start = start.TrimStart(" \t\r\n"u8);
        return start.IsEmpty ? (byte)0 : start[0];
    }
}
