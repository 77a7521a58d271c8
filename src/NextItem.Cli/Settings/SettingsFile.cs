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
    private static readonly string[] s_describing = ["name", "source", "data", "note", "expected", "parameters", "algorithm", "features"];

    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Names of the shipped presets.</summary>
    public static IReadOnlyList<string> Presets { get; } =
    [
        .. typeof(SettingsFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Adds a shipped preset's hyperparameters.</summary>
    /// <param name="name">One of <see cref="Presets"/>.</param>
    /// <param name="assignments">Gets them.</param>
    public static void AddPreset(string name, Assignments assignments)
    {
        using var stream = typeof(SettingsFile).Assembly.GetManifestResourceStream($"{ResourcePrefix}{name}.json")
            ?? throw new UsageException($"There is no preset '{name}'; expected one of {string.Join(", ", Presets)}.");
        using var json = JsonDocument.Parse(stream);
        Add(json.RootElement, $"preset {name}", assignments);
    }

    /// <summary>Adds a settings file's hyperparameters.</summary>
    /// <param name="path">The file.</param>
    /// <param name="assignments">Gets them, and a fault for everything else that is in the file.</param>
    public static void AddFile(string path, Assignments assignments)
    {
        if (!File.Exists(path))
            throw new RunException($"{path} {(Directory.Exists(path) ? "is a directory" : "does not exist")}; --params expects a JSON file of hyperparameters.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), s_lenient);
            Add(json.RootElement, path, assignments);
        }
        catch (JsonException e)
        {
            assignments.Faults.Add($"{path}, line {e.LineNumber + 1}: not JSON: {e.Message.Split(" LineNumber")[0]}");
        }
    }

    /// <summary>The key <c>features</c> of a settings file that was read before; null where it has none.</summary>
    public static JsonElement? FeaturesOf(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path), s_lenient);
        var root = json.RootElement;
        return root.TryGetProperty("features", out var features) || (root.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("features", out features))
            ? features.Clone()
            : null;
    }

    /// <summary>A settings file of a baseline as name=value, which is what it takes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="algorithm">The baseline.</param>
    /// <exception cref="UsageException">It is no such file: all faults.</exception>
    public static string[] LinesOf(string path, string algorithm)
    {
        if (!File.Exists(path))
            throw new RunException($"{path} {(Directory.Exists(path) ? "is a directory" : "does not exist")}; --params expects a JSON file of hyperparameters.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), s_lenient);
            var faults = new List<string>();
            var root = json.RootElement;
            if (!RequireObject(root, path, faults))
                throw new UsageException(faults);
            if (!root.TryGetProperty("parameters", out var parameters))
                parameters = root;
            else if (root.TryGetProperty("algorithm", out var named) && named.ToString() != algorithm)
                faults.Add($"{path}: 'algorithm' is '{named}'; expected {algorithm}, as --algorithm says.");
            if (!RequireObject(parameters, $"{path}: 'parameters'", faults) || faults.Count > 0)
                throw new UsageException(faults);
            return [.. parameters.EnumerateObject().Select(property => $"{property.Name}={TextOf(property.Value)}")];
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path}, line {e.LineNumber + 1}: not JSON: {e.Message.Split(" LineNumber")[0]}");
        }
    }

    /// <summary>A value as <c>--set</c> has it: lists with '/'.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join('/', value.EnumerateArray().Select(element => element.ToString())),
        JsonValueKind.Null => "null",
        _ => value.ToString(),
    };

    private static void Add(JsonElement root, string where, Assignments assignments)
    {
        var faults = assignments.Faults;
        if (!RequireObject(root, where, faults))
            return;
        if (!root.TryGetProperty("parameters", out var parameters))
        {
            AddAll(root, where, assignments);
            return;
        }

        foreach (var property in root.EnumerateObject())
        {
            if (!s_describing.Contains(property.Name))
                faults.Add($"{where}: there is no key '{property.Name}' beside 'parameters'; expected one of {string.Join(", ", s_describing)}.");
        }

        if (root.TryGetProperty("algorithm", out var algorithm) && algorithm.ToString() is var named && named != (assignments.OfPrnn ? "prnn" : "gru4rec"))
        {
            var isBaseline = Baselines.Find(named) is not null;
            faults.Add($"{where}: 'algorithm' is '{named}'; expected {(assignments.OfPrnn ? "prnn, as --algorithm says" : "gru4rec")}.{(named == "prnn" || isBaseline ? $" --algorithm {named} trains it." : "")}");
            if (isBaseline)
                return; // None of its hyperparameters would be known.
        }

        if (root.TryGetProperty("features", out var features))
            assignments.SetFeatures(features, where);
        if (RequireObject(parameters, $"{where}: 'parameters'", faults))
            AddAll(parameters, where, assignments);
    }

    private static bool RequireObject(JsonElement element, string where, List<string> faults)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return true;
        faults.Add($"{where} is a JSON {element.ValueKind.ToString().ToLowerInvariant()}; expected an object of hyperparameters.");
        return false;
    }

    private static void AddAll(JsonElement parameters, string where, Assignments assignments)
    {
        foreach (var property in parameters.EnumerateObject())
        {
            if (property.Name == "features")
            {
                assignments.SetFeatures(property.Value, where);
                continue;
            }

            // Of a subnet: "text": { "units": 50 } is text.units=50.
            if (assignments.OfPrnn && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var own in property.Value.EnumerateObject())
                    assignments.Add($"{property.Name}.{own.Name}", own.Value.ToString(), where + ": ");
                continue;
            }

            assignments.Add(property.Name, TextOf(property.Value), where + ": ");
        }
    }
}
