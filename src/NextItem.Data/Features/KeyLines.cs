using System.Text;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Item keys, one a line of UTF-8 text, plain or gzipped, without a header.</summary>
internal static class KeyLines
{
    private const string Contents = "item keys, one a line";

    /// <summary>The keys in order; blank lines may stand only at the end.</summary>
    /// <exception cref="EventsFileException">The file or one of its lines is at fault.</exception>
    public static IEnumerable<string> Read(string path, CancellationToken cancellationToken)
    {
        using var input = InputFile.Open(path, Contents, hasHeader: false);
        if (input.Kind == InputKind.Parquet)
            throw new EventsFileException(path, null, "the file is Parquet", Contents, "Or name its column of item keys in " + SourceReader.ItemSetting + ".");
        using var lines = new StreamReader(input.Bytes, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
        long? blank = null;
        for (var row = 1L; Next(input, lines) is { } line; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = row == 1 ? line.TrimStart('\uFEFF') : line;
            if (key.Length == 0)
            {
                blank ??= row;
                continue;
            }

            if (blank is not null)
                throw new EventsFileException(path, blank, "the line is blank", "an item key", "Blank lines may stand only at the end.");
            yield return key;
        }
    }

    private static string? Next(InputFile input, StreamReader lines)
    {
        try
        {
            return lines.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw input.LooksBinary
                ? new EventsFileException(input.Path, null, "the file is binary", Contents, innerException: e)
                : new EventsFileException(input.Path, null, "the text is not UTF-8", "UTF-8 text", Utf8Advice.HowToConvert, e);
        }
        catch (Exception e)
        {
            throw InputFile.Translate(input.Path, Contents, e) ?? e;
        }
    }
}
