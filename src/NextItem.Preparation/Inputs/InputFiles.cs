using System.Text.RegularExpressions;
using NextItem.Data;
using NextItem.Preparation.Contract;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Formats;

namespace NextItem.Preparation.Inputs;

/// <summary>Files, folders and globs to files, always in the same order.</summary>
internal static partial class InputFiles
{
    /// <summary>The files of events that the inputs mean: those of a folder or a glob by name, each once.</summary>
    public static List<string> Expand(IReadOnlyList<string> inputs, RawFormat format, Database database)
    {
        var files = new List<string>();
        foreach (var input in inputs)
        {
            foreach (var file in Directory.Exists(input) ? OfFolder(input, format) : OfFileOrGlob(input, database))
            {
                if (!files.Exists(other => Path.GetFullPath(other) == Path.GetFullPath(file)))
                    files.Add(file);
            }
        }

        return files;
    }

    /// <summary>Files beside the events that tell of items, as the format's owner publishes them.</summary>
    public static IEnumerable<(string Path, ItemSource Source)> ItemFilesBeside(IReadOnlyList<string> files, RawFormat format) =>
        files.Select(file => Path.GetDirectoryName(file)!).Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder.Length == 0 ? "." : folder).Order(StringComparer.Ordinal))
            .SelectMany(file => format.ItemSources.Where(source => IsNamed(file, source.Files)).Select(source => (file, source)));

    private static List<string> OfFolder(string folder, RawFormat format)
    {
        var files = Directory.EnumerateFiles(folder)
            .Where(file => IsNamed(file, format.EventFiles) && !format.ItemSources.Any(source => IsNamed(file, source.Files))).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new EventsFileException(folder, null, "no file of events is in this folder", $"{string.Join(" or ", format.EventFiles)}", format.Name == FormatNames.Events ? null : "Name the files themselves if they are called otherwise.");
    }

    private static List<string> OfFileOrGlob(string input, Database database)
    {
        if (File.Exists(input) || input.AsSpan().IndexOfAny("*?[") < 0)
            return [input];
        var files = database.Query($"SELECT file FROM glob({SqlText.Literal(input)})", row => row.GetString(0));
        files.Sort(StringComparer.Ordinal);
        return files.Count > 0 ? files : throw new EventsFileException(input, null, "no file matches", "at least one file of events");
    }

    // Names may have one more ending, of a compression.
    private static bool IsNamed(string file, IReadOnlyList<string> patterns)
    {
        var name = CompressionEnding().Replace(Path.GetFileName(file), "");
        return patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true));
    }

    [GeneratedRegex(@"\.(gz|zst|zstd)$", RegexOptions.IgnoreCase)]
    private static partial Regex CompressionEnding();
}
