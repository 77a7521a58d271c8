using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextItem.Server.Feedback;

/// <summary>A line of the files of events; <c>prepare</c> finds its columns by these names.</summary>
internal sealed record EventLine
{
    public required string SessionId { get; init; }

    public required string ItemId { get; init; }

    /// <summary>When the server took it in; see <see cref="EventClock"/>.</summary>
    public required string Timestamp { get; init; }

    public required string EventType { get; init; }

    public string? EventId { get; init; }

    public string? RecommendationId { get; init; }

    public required string Variant { get; init; }

    /// <summary>When the client says it was.</summary>
    public string? SentAt { get; init; }
}

/// <summary>A line of the files of lists.</summary>
internal sealed record ListLine
{
    public required string RecommendationId { get; init; }

    /// <summary>Absent where the request had none.</summary>
    public string? SessionId { get; init; }

    public required string Timestamp { get; init; }

    public required string Variant { get; init; }

    public required string ModelVersion { get; init; }

    public required string Fallback { get; init; }

    public required IReadOnlyList<ShownItem> Items { get; init; }
}

/// <summary>An item of a list.</summary>
/// <param name="ItemId">Its key.</param>
/// <param name="Position">Its place, from 1.</param>
/// <param name="Source">Who put it there.</param>
internal sealed record ShownItem(string ItemId, int Position, string Source);

/// <summary>The JSON of the lines: names with underscores, as logs have them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventLine))]
[JsonSerializable(typeof(ListLine))]
internal sealed partial class FeedbackJson : JsonSerializerContext
{
    /// <summary>Letters as they are.</summary>
    public static FeedbackJson Plain => field ??= new FeedbackJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
