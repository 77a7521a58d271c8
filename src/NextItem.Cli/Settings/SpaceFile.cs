using System.Collections.Immutable;
using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>
/// A search space as a file: a JSON object with <c>space</c> and <c>fixed</c>, or lines with an object for each hyperparameter, as the
/// official GRU4Rec code publishes them. docs/tuning.md describes both.
/// </summary>
/// <param name="Space">What is searched, by the names that the file uses.</param>
/// <param name="Fixed">What is not, as name=value.</param>
/// <param name="Algorithm">The algorithm that the space is for; null where the file does not say.</param>
internal sealed record SpaceFile(SearchSpace Space, ImmutableArray<string> Fixed, string? Algorithm)
{
    private static readonly string[] s_keys = ["space", "fixed", "algorithm", "name", "source", "note"];
    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The algorithm that a file says it is for, before it is read as that one's.</summary>
    /// <exception cref="UsageException">The file is no JSON.</exception>
    public static string? AlgorithmOf(FileInfo file) =>
        Entries(file, []) is { Root: { ValueKind: JsonValueKind.Object } root } && root.TryGetProperty("algorithm", out var algorithm) ? algorithm.ToString() : null;

    /// <summary>Reads a space.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">The algorithm's hyperparameters.</param>
    /// <exception cref="UsageException">Something in it cannot be: all faults.</exception>
    public static SpaceFile Read(FileInfo file, TunedNames names)
    {
        var faults = new List<string>();
        var (entries, root) = Entries(file, faults);
        var parameters = new List<SearchParameter>();
        var taken = new Dictionary<string, string>();
        foreach (var (where, name, json) in entries)
        {
            Note(where, faults, () =>
            {
                var own = names.NameOf(name);
                if (TunedNames.WhyNot(own) is { } reason)
                    throw new UsageException($"'{name}' is not searched: {reason}.");
                if (!taken.TryAdd(own, name.Trim()))
                    throw new UsageException($"'{name}' is there twice{(taken[own] == name ? "" : $", first as '{taken[own]}'")}; expected each hyperparameter once.");
                parameters.Add(SpaceEntry.Read(name.Trim(), json, parent => taken.GetValueOrDefault(names.NameOf(parent), parent)));
            });
        }

        var space = new SearchSpace([.. parameters]);
        try
        {
            // What could not be read is a fault already, and what is conditional on it need not be one too.
            if (faults.Count == 0)
                space.Validate();
        }
        catch (OptionsException e)
        {
            faults.AddRange(e.Faults.Select(fault => $"{file}: {fault}"));
        }

        var constant = FixedOf(root, file, names, taken, faults);
        return faults.Count == 0
            ? new SpaceFile(space, constant, root is { } whole && whole.TryGetProperty("algorithm", out var algorithm) ? algorithm.ToString() : null)
            : throw new UsageException(faults);
    }

    /// <summary>The space without what has a value already; what is conditional on such a one is searched always, or not at all.</summary>
    /// <param name="pinned">The values by the file's names.</param>
    public SearchSpace Without(IReadOnlyDictionary<string, string> pinned)
    {
        var rest = new List<SearchParameter>();
        foreach (var parameter in Space.Parameters.Where(parameter => !pinned.ContainsKey(parameter.Name)))
        {
            if (parameter.When is not { } condition || rest.Exists(other => other.Name == condition.Parameter))
                rest.Add(parameter);
            else if (pinned.TryGetValue(condition.Parameter, out var value) && condition.Values.Any(each => HyperparameterNames.Plain(each) == HyperparameterNames.Plain(value)))
                rest.Add(parameter with { When = null });
        }

        return new SearchSpace([.. rest]);
    }

    private static ImmutableArray<string> FixedOf(JsonElement? root, FileInfo file, TunedNames names, Dictionary<string, string> taken, List<string> faults)
    {
        if (root is not { } json || !json.TryGetProperty("fixed", out var settings))
            return [];
        if (settings.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{file}: 'fixed' is a JSON {settings.ValueKind.ToString().ToLowerInvariant()}; expected an object of hyperparameters.");
            return [];
        }

        foreach (var property in settings.EnumerateObject())
        {
            Note($"{file}: 'fixed'", faults, () =>
            {
                if (taken.ContainsKey(names.NameOf(property.Name)))
                    throw new UsageException($"'{property.Name}' is searched too; expected one of the two.");
            });
        }

        return [.. settings.EnumerateObject().Select(property => $"{property.Name}={SettingsFile.TextOf(property.Value)}")];
    }

    private static (List<(string Where, string Name, JsonElement Json)> Entries, JsonElement? Root) Entries(FileInfo file, List<string> faults)
    {
        if (!file.Exists)
            throw new RunException($"{file} {(Directory.Exists(file.FullName) ? "is a directory" : "does not exist")}; --space expects a JSON file of hyperparameters and their values.");
        var text = File.ReadAllText(file.FullName);
        var lines = text.Split('\n');
        var first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        if (first >= 0 && IsOfficial(lines[first]))
            return (Lines(file, lines, faults), null);
        try
        {
            using var json = JsonDocument.Parse(text, s_lenient);
            return (Object(file, json.RootElement.Clone(), faults), json.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file}, line {e.LineNumber + 1}: not JSON: {e.Message.Split(" LineNumber")[0]}");
        }
    }

    private static List<(string, string, JsonElement)> Object(FileInfo file, JsonElement root, List<string> faults)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("space", out var space) || space.ValueKind != JsonValueKind.Object)
            throw new UsageException($"{file} is no search space; expected an object with 'space', an object of hyperparameters, and perhaps 'fixed'; or lines such as {{\"name\":\"layers\", \"dtype\":\"int\", \"values\":[64, 512]}}.");
        faults.AddRange(root.EnumerateObject().Where(property => !s_keys.Contains(property.Name)).Select(property => $"{file}: there is no key '{property.Name}' beside 'space'; expected one of {string.Join(", ", s_keys)}."));
        return [.. space.EnumerateObject().Select(property => ($"{file}", property.Name, property.Value))];
    }

    private static List<(string, string, JsonElement)> Lines(FileInfo file, string[] lines, List<string> faults)
    {
        var entries = new List<(string, string, JsonElement)>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0)
                continue;
            var where = $"{file}, line {i + 1}";
            try
            {
                using var json = JsonDocument.Parse(lines[i], s_lenient);
                if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("name", out var name))
                    faults.Add($"{where}: expected an object with 'name', 'dtype' and 'values'.");
                else
                    entries.Add((where, name.ToString(), json.RootElement.Clone()));
            }
            catch (JsonException e)
            {
                faults.Add($"{where}: not JSON: {e.Message.Split(" LineNumber")[0]}");
            }
        }

        return entries;
    }

    /// <summary>Whether the first line is a hyperparameter by itself.</summary>
    private static bool IsOfficial(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, s_lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("name", out _) && !json.RootElement.TryGetProperty("space", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Note(string where, List<string> faults, Action action)
    {
        try
        {
            action();
        }
        catch (UsageException e)
        {
            faults.AddRange(e.Faults.Select(fault => $"{where}: {fault}"));
        }
    }
}
