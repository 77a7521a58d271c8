using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace NextItem.ModelFiles;

/// <summary>The options record of a baseline as a metadata entry.</summary>
internal static class BaselineOptions
{
    private const string OptionsKey = "options";

    public static void Add<T>(TensorFileWriter file, T options, JsonTypeInfo<T> type)
        where T : class => file.AddMetadata(OptionsKey, JsonSerializer.Serialize(options, type));

    /// <summary>Reads and validates a record.</summary>
    /// <exception cref="ModelFileException">It is not there, no such record, or out of range.</exception>
    public static T Read<T>(TensorFileReader file, JsonTypeInfo<T> type, Action<T> validate)
        where T : class, new()
    {
        var options = ModelFileJson.Read(file, OptionsKey, new T(), type);
        try
        {
            validate(options);
        }
        catch (OptionsException e)
        {
            throw new ModelFileException($"The model file's options cannot be used: {e.Message}", e);
        }

        return options;
    }
}
