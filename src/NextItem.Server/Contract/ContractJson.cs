using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NextItem.Server.Contract;

/// <summary>The JSON of the server; generated at build time. Fields that there are not are refused: a misspelt one would do nothing.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(RecommendationsRequest))]
[JsonSerializable(typeof(SessionEventRequest))]
[JsonSerializable(typeof(EventsRequest))]
[JsonSerializable(typeof(ItemsRequest))]
[JsonSerializable(typeof(RecommendationsAnswer))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(SimilarAnswer))]
[JsonSerializable(typeof(ItemsAnswer))]
[JsonSerializable(typeof(ModelFacts))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class ContractJson : JsonSerializerContext
{
    /// <summary>Letters and quotes as they are: answers are told to be JSON, and never part of a page.</summary>
    public static ContractJson Plain => field ??= new ContractJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
