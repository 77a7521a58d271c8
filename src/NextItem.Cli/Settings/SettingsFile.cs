using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>
/// Settings as JSON: an object of hyperparameters, or one with them under <c>parameters</c> beside where they were published
/// and what they should reach. The shipped presets are such files.
/// </summary>
internal static class SettingsFile
{
    private const string ResourcePrefix = "settings/";
    private static readonly string[] s_describing = ["name", "source", "data", "note", "expected", "parameters", "algorithm"];

    /// <summary>Names of the shipped presets.</summary>
    public static IReadOnlyList<string> Presets { get; } =
    [
        .. typeof(SettingsFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Applies a shipped preset.</summary>
    public static Gru4RecOptions ApplyPreset(Gru4RecOptions options, string name)
    {
        using var stream = typeof(SettingsFile).Assembly.GetManifestResourceStream($"{ResourcePrefix}{name}.json")
            ?? throw new UsageException($"There is no preset '{name}'; expected one of {string.Join(", ", Presets)}.");
        return Apply(options, JsonDocument.Parse(stream).RootElement, $"preset {name}");
    }

    /// <summary>Applies a settings file.</summary>
    public static Gru4RecOptions ApplyFile(Gru4RecOptions options, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Apply(options, json.RootElement, path);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path} is not JSON: {e.Message}");
        }
    }

    private static Gru4RecOptions Apply(Gru4RecOptions options, JsonElement root, string where)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new UsageException($"{where} holds {root.ValueKind}; expected a JSON object of hyperparameters.");
        if (!root.TryGetProperty("parameters", out var parameters))
            return ApplyAll(options, root, where);
        foreach (var property in root.EnumerateObject())
        {
            if (!s_describing.Contains(property.Name))
                throw new UsageException($"{where}: there is no key '{property.Name}' beside 'parameters'; expected one of {string.Join(", ", s_describing)}.");
        }

        return ApplyAll(options, parameters, where);
    }

    private static Gru4RecOptions ApplyAll(Gru4RecOptions options, JsonElement parameters, string where)
    {
        foreach (var property in parameters.EnumerateObject())
        {
            var value = property.Value.ValueKind == JsonValueKind.Array
                ? string.Join('/', property.Value.EnumerateArray().Select(element => element.ToString()))
                : property.Value.ToString();
            try
            {
                options = HyperparameterNames.Set(options, property.Name, value);
            }
            catch (UsageException e)
            {
                throw new UsageException($"{where}: {e.Message}");
            }
        }

        return options;
    }
}
