using System.Globalization;
using System.IO.Compression;
using System.Text;
using NextItem.Data.Reading;

namespace NextItem.Data;

public static partial class EventsFile
{
    /// <summary>
    /// Writes events as tab-separated UTF-8 text with a header, gzipped if the path ends in <c>.gz</c>; <see cref="Read"/> gives
    /// the same keys and times back, bit for bit. The file appears whole or not at all (<see cref="AtomicFile"/>).
    /// </summary>
    /// <param name="path">The file; its folder is made if it is not there.</param>
    /// <param name="events">The events, written in their order; none makes a file with a header alone.</param>
    /// <param name="columns">Names of the columns; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An event has an empty key, a key with a line break, a key that is no valid text (half a surrogate pair), or a time that is
    /// not finite.
    /// </exception>
    /// <exception cref="OptionsException"><paramref name="columns"/> has faults, or a format other than <see cref="EventsFormat.Events"/>.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, IEnumerable<SessionEvent> events, EventColumns? columns = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(events);
        columns ??= new EventColumns();
        columns.Validate();
        if (columns.Format != EventsFormat.Events)
            throw new OptionsException(nameof(EventColumns), [$"Format is {columns.Format}, which is only read; expected {nameof(EventsFormat.Events)} for writing."]);
        AtomicFile.Write(path, stream =>
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                WriteText(stream, events, columns);
                return;
            }

            using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
            WriteText(gzip, events, columns);
        });
    }

    private static void WriteText(Stream stream, IEnumerable<SessionEvent> events, EventColumns columns)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.Write(Quoting.Quote(columns.Session));
        writer.Write('\t');
        writer.Write(Quoting.Quote(columns.Item));
        writer.Write('\t');
        writer.WriteLine(Quoting.Quote(columns.Time));
        Span<char> number = stackalloc char[32];
        var row = 0L;
        foreach (var (sessionKey, itemKey, time) in events)
        {
            row++;
            WriteKey(writer, sessionKey, row, "session key", nameof(events));
            WriteKey(writer, itemKey, row, "item key", nameof(events));
            if (!double.IsFinite(time))
                throw new ArgumentException($"The time of event {row:N0} is {time}; expected a finite number.", nameof(events));
            time.TryFormat(number, out var length, "R", CultureInfo.InvariantCulture);
            writer.WriteLine(number[..length]);
        }
    }

    private static void WriteKey(StreamWriter writer, string? key, long row, string what, string parameter)
    {
        if (string.IsNullOrEmpty(key))
            throw new ArgumentException($"The {what} of event {row:N0} is empty; every event needs one.", parameter);
        if (key.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw new ArgumentException($"The {what} of event {row:N0} has a line break, which is refused where the file is read; expected a key in one line.", parameter);
        if (!IsText(key))
            throw new ArgumentException($"The {what} of event {row:N0} has half a surrogate pair; expected valid text.", parameter);
        writer.Write(Quoting.Quote(key));
        writer.Write('\t');
    }

    private static bool IsText(ReadOnlySpan<char> key)
    {
        while (key.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(key[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
                return false;
            key = key[(at + length)..];
        }

        return true;
    }
}
