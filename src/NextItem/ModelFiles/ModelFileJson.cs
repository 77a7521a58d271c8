using System.Text.Json.Serialization;

namespace NextItem.ModelFiles;

/// <summary>JSON of the records in a model file's metadata; generated at build time, so that trimming and AOT keep working.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Gru4RecOptions))]
[JsonSerializable(typeof(TrainingProvenance))]
internal sealed partial class ModelFileJson : JsonSerializerContext;
