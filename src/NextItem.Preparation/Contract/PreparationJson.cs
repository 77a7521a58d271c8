using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextItem.Preparation.Contract;

/// <summary>The report as JSON.</summary>
internal static class PreparationJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // letters of any language stay readable
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Writes it.</summary>
    public static void Write(Stream stream, PreparationReport report)
    {
        JsonSerializer.Serialize(stream, report, s_options);
        stream.Write("\n"u8);
    }
}
