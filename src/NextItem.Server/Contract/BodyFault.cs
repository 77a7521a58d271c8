using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextItem.Server.Contract;

/// <summary>What is wrong with JSON, in words of the contract: no names of types.</summary>
internal static class BodyFault
{
    private const int LongestPath = 200;

    /// <summary>The fault as one sentence.</summary>
    public static string Of(JsonException fault, JsonTypeInfo type)
    {
        var path = fault.Path is { Length: > 0 } found ? found[..Math.Min(found.Length, LongestPath)] : "$";
        var at = $"at {path}, line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}";
        if (fault.InnerException is InvalidOperationException { InnerException: DecoderFallbackException })
            return $"The body is not UTF-8: {at}; JSON is sent in UTF-8.";
        if (fault.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            var fields = path.Count(c => c == '.') > 1 ? "" : $" The fields are {string.Join(", ", type.Properties.Select(property => property.Name))}.";
            return $"There is no such field: {at}.{fields}";
        }

        if (fault.Message.Contains("uplicate", StringComparison.Ordinal))
            return $"A field stands twice: {at}.";
        return fault.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"A value has the wrong type: {at}; /openapi/v1.json has the type of each field."
            : $"This is no JSON: {at}.";
    }
}
