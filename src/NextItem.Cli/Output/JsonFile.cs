using System.Text.Encodings.Web;
using System.Text.Json;
using NextItem.Data;

namespace NextItem.Cli.Output;

/// <summary>Files of machine-readable output.</summary>
internal static class JsonFile
{
    /// <summary>Letters and quotes as they are, for people who read it: what is written here stands in files of its own and is never part of a page.</summary>
    public static JavaScriptEncoder Plain => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = Plain };

    /// <summary>Writes an object aside and renames it, if a file was given for it.</summary>
    /// <param name="file">The file, or null.</param>
    /// <param name="write">Writes what is in the object.</param>
    public static void Write(FileInfo? file, Action<Utf8JsonWriter> write)
    {
        if (file is null)
            return;
        AtomicFile.Write(file.FullName, stream =>
        {
            using var json = new Utf8JsonWriter(stream, s_indented);
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
            json.Flush();
            stream.Write("\n"u8);
        });
    }
}
