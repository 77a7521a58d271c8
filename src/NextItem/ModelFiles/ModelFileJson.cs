using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NextItem.Training;

namespace NextItem.ModelFiles;

/// <summary>JSON of the records in a model file's metadata; generated at build time, so that trimming and AOT keep working.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Gru4RecOptions))]
[JsonSerializable(typeof(PrnnOptions))]
[JsonSerializable(typeof(BprMfOptions))]
[JsonSerializable(typeof(FusionOptions))]
[JsonSerializable(typeof(ItemKnnOptions))]
[JsonSerializable(typeof(RecentPopularityOptions))]
[JsonSerializable(typeof(RulesOptions))]
[JsonSerializable(typeof(VSknnOptions))]
[JsonSerializable(typeof(VmisKnnOptions))]
[JsonSerializable(typeof(TrainingProvenance))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(FeatureEntry))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ModelFileJson : JsonSerializerContext
{
    /// <summary>Reads a record from a metadata entry. What the entry leaves out has the default of the record.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The metadata entry.</param>
    /// <param name="defaults">A record with the defaults; what is required in it must be in the entry all the same.</param>
    /// <param name="type">How the record is written.</param>
    /// <exception cref="ModelFileException">The entry is not there or is no such record.</exception>
    public static T Read<T>(TensorFileReader file, string key, T defaults, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            // Generated readers give init properties that the text leaves out default(T), not their declared default:
            // without this, a file from before an option was there would come back with zeros and default arrays.
            var complete = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
            var values = complete.DeepClone().AsObject();
            foreach (var property in type.Properties.Where(property => property.IsRequired))
                values.Remove(property.Name);
            using var found = JsonDocument.Parse(file.Metadata(key), new JsonDocumentOptions { AllowDuplicateProperties = false });
            foreach (var property in found.RootElement.EnumerateObject())
                values[property.Name] = Filled(property.Value, complete[property.Name]);
            return values.Deserialize(type) ?? throw new JsonException("it is null.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFileException($"The file's {key} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A value with what it leaves out of the record that the defaults have in its place.</summary>
    private static JsonNode? Filled(JsonElement found, JsonNode? defaults)
    {
        if (found.ValueKind != JsonValueKind.Object || defaults is not JsonObject)
            return JsonSerializer.SerializeToNode(found, Default.JsonElement);
        var values = defaults.DeepClone().AsObject();
        foreach (var property in found.EnumerateObject())
            values[property.Name] = Filled(property.Value, defaults[property.Name]);
        return values;
    }
}
