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
    /// <param name="options">The options before.</param>
    /// <param name="name">One of <see cref="Presets"/>.</param>
    /// <param name="faults">Gets a sentence for everything that cannot be set.</param>
    public static Gru4RecOptions ApplyPreset(Gru4RecOptions options, string name, ICollection<string> faults)
    {
        using var stream = typeof(SettingsFile).Assembly.GetManifestResourceStream($"{ResourcePrefix}{name}.json")
            ?? throw new UsageException($"There is no preset '{name}'; expected one of {string.Join(", ", Presets)}.");
        using var json = JsonDocument.Parse(stream);
        return Apply(options, json.RootElement, $"preset {name}", faults);
    }

    /// <summary>Applies a settings file.</summary>
    /// <param name="options">The options before.</param>
    /// <param name="path">The file.</param>
    /// <param name="faults">Gets a sentence for everything that cannot be set.</param>
    public static Gru4RecOptions ApplyFile(Gru4RecOptions options, string path, ICollection<string> faults)
    {
        if (!File.Exists(path))
            throw new RunException($"{path} {(Directory.Exists(path) ? "is a directory" : "does not exist")}; --params expects a JSON file of hyperparameters.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Apply(options, json.RootElement, path, faults);
        }
        catch (JsonException e)
        {
            faults.Add($"{path}, line {e.LineNumber + 1}: not JSON: {e.Message.Split(" LineNumber")[0]}");
            return options;
        }
    }

    private static Gru4RecOptions Apply(Gru4RecOptions options, JsonElement root, string where, ICollection<string> faults)
    {
        if (!RequireObject(root, where, faults))
            return options;
        if (!root.TryGetProperty("parameters", out var parameters))
            return ApplyAll(options, root, where, faults);
        foreach (var property in root.EnumerateObject())
        {
            if (!s_describing.Contains(property.Name))
                faults.Add($"{where}: there is no key '{property.Name}' beside 'parameters'; expected one of {string.Join(", ", s_describing)}.");
        }

        if (root.TryGetProperty("algorithm", out var algorithm) && algorithm.ToString() != "gru4rec")
            faults.Add($"{where}: 'algorithm' is '{algorithm}'; expected gru4rec, the one that has hyperparameters.");
        return RequireObject(parameters, $"{where}: 'parameters'", faults) ? ApplyAll(options, parameters, where, faults) : options;
    }

    private static bool RequireObject(JsonElement element, string where, ICollection<string> faults)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return true;
        faults.Add($"{where} is a JSON {element.ValueKind.ToString().ToLowerInvariant()}; expected an object of hyperparameters.");
        return false;
    }

    private static Gru4RecOptions ApplyAll(Gru4RecOptions options, JsonElement parameters, string where, ICollection<string> faults)
    {
        foreach (var property in parameters.EnumerateObject())
        {
            var value = property.Value.ValueKind switch
            {
                JsonValueKind.Array => string.Join('/', property.Value.EnumerateArray().Select(element => element.ToString())),
                JsonValueKind.Null => "null",
                _ => property.Value.ToString(),
            };
            options = HyperparameterNames.Set(options, property.Name, value, where + ": ", faults);
        }

        return options;
    }
}
