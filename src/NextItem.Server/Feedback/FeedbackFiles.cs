using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NextItem.Data;

namespace NextItem.Server.Feedback;

/// <summary>Reads the daily files, packed with gzip or not.</summary>
internal static class FeedbackFiles
{
    /// <summary>The files of a kind, oldest first.</summary>
    /// <exception cref="EventsFileException">There is no such folder.</exception>
    public static IReadOnlyList<string> Of(string folder, string kind) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, $"{kind}-*.jsonl").Concat(Directory.EnumerateFiles(folder, $"{kind}-*.jsonl.gz")).Order(StringComparer.Ordinal)]
        : throw new EventsFileException(folder, null, "there is no such folder", "the folder of 'serve --feedback'");

    /// <summary>The lines of a file. One without an end, which a server is writing or was stopped in, is passed over.</summary>
    /// <exception cref="EventsFileException">A line is not what a server writes.</exception>
    public static IEnumerable<T> Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        var row = 0;
        for (var (line, next) = (LineOf(reader), (string?)null); line is not null; line = next)
        {
            next = LineOf(reader);
            row++;
            if (next is null && line[^1] != '\n')
                yield break;
            yield return Parse(line, path, row, type);
        }
    }

    private static T Parse<T>(string line, string path, int row, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new EventsFileException(path, row, $"'{(line.Length > 60 ? line[..60] + "..." : line.TrimEnd('\n'))}'", "a line as 'serve --feedback' writes it", innerException: e);
        }
    }

    /// <summary>A line with its end, if it has one; null at the end of the file.</summary>
    private static string? LineOf(StreamReader reader)
    {
        var line = new System.Text.StringBuilder();
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            line.Append((char)next);
            if (next == '\n')
                break;
        }

        return line.Length == 0 ? null : line.ToString();
    }
}
