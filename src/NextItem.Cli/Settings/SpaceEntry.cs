using System.Collections.Immutable;
using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>One hyperparameter of a search space, in our words or in those of the official spaces.</summary>
internal static class SpaceEntry
{
    private static readonly string[] s_keys = ["name", "kind", "dtype", "low", "high", "values", "step", "log", "when"];

    private static readonly string[] s_ofNumbers = ["low", "high", "step", "log"];

    private static readonly Dictionary<string, (SearchKind Kind, bool IsLogarithmic)> s_kinds = new()
    {
        ["choice"] = (SearchKind.Choice, false),
        ["uniform"] = (SearchKind.Real, false),
        ["log-uniform"] = (SearchKind.Real, true),
        ["integer"] = (SearchKind.Whole, false),
        ["log-integer"] = (SearchKind.Whole, true),
    };

    private static readonly Dictionary<string, SearchKind> s_types = new() { ["categorical"] = SearchKind.Choice, ["float"] = SearchKind.Real, ["int"] = SearchKind.Whole };

    /// <summary>Reads it.</summary>
    /// <param name="name">The hyperparameter.</param>
    /// <param name="json">What is searched of it; a list is a choice.</param>
    /// <param name="nameOf">What the space calls a hyperparameter that this one is conditional on.</param>
    /// <exception cref="UsageException">Something in it cannot be: all faults.</exception>
    public static SearchParameter Read(string name, JsonElement json, Func<string, string> nameOf)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return new SearchParameter(name, SearchKind.Choice) { Values = Values(name, json) };
        if (json.ValueKind != JsonValueKind.Object)
            throw new UsageException($"'{name}' is {json.GetRawText()}; expected a list of values, or an object with 'kind'. What is not searched stands in 'fixed'.");
        var faults = new List<string>();
        var parameter = new SearchParameter(name, SearchKind.Choice);
        Note(faults, () => parameter = WithKind(parameter, json));
        if (faults.Count > 0)
            throw new UsageException(faults); // of no kind, or a wrong one, nothing else can be said
        if (parameter.Kind == SearchKind.Choice)
        {
            Note(faults, () => parameter = parameter with { Values = json.TryGetProperty("values", out var values) ? Values(name, values) : throw new UsageException($"'{name}' has no 'values'; expected a list of them.") });
            faults.AddRange(s_ofNumbers.Where(key => json.TryGetProperty(key, out _)).Select(key => $"'{name}' is a choice and has '{key}'; expected 'values' alone."));
        }
        else
        {
            Note(faults, () => parameter = WithRange(parameter, json));
            if (json.TryGetProperty("step", out var step))
                Note(faults, () => parameter = parameter with { Step = Number(name, "step", step) });
        }

        faults.AddRange(json.EnumerateObject().Where(property => !s_keys.Contains(property.Name)).Select(property => $"'{name}' has '{property.Name}'; expected of {string.Join(", ", s_keys)}."));
        if (json.TryGetProperty("when", out var when))
            Note(faults, () => parameter = parameter with { When = Condition(name, when, nameOf) });
        return faults.Count == 0 ? parameter : throw new UsageException(faults);
    }

    private static SearchParameter WithKind(SearchParameter parameter, JsonElement json)
    {
        var isLogarithmic = json.TryGetProperty("log", out var log) && (log.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? log.GetBoolean()
            : throw new UsageException($"'{parameter.Name}' has the 'log' {log.GetRawText()}; expected true or false."));
        if (json.TryGetProperty("kind", out var kind))
        {
            return s_kinds.TryGetValue(kind.ToString(), out var known)
                ? parameter with { Kind = known.Kind, IsLogarithmic = known.IsLogarithmic || isLogarithmic }
                : throw new UsageException($"'{parameter.Name}' has the kind '{kind}'; expected one of {string.Join(", ", s_kinds.Keys)}.");
        }

        if (!json.TryGetProperty("dtype", out var type))
            throw new UsageException($"'{parameter.Name}' has no 'kind'; expected one of {string.Join(", ", s_kinds.Keys)}.");
        return s_types.TryGetValue(type.ToString(), out var official)
            ? parameter with { Kind = official, IsLogarithmic = isLogarithmic }
            : throw new UsageException($"'{parameter.Name}' has the dtype '{type}'; expected one of {string.Join(", ", s_types.Keys)}.");
    }

    private static SearchParameter WithRange(SearchParameter parameter, JsonElement json)
    {
        var name = parameter.Name;
        if (json.TryGetProperty("low", out var low) && json.TryGetProperty("high", out var high))
            return parameter with { Low = Number(name, "low", low), High = Number(name, "high", high) };
        if (json.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() == 2)
            return parameter with { Low = Number(name, "values", values[0]), High = Number(name, "values", values[1]) };
        throw new UsageException($"'{name}' has no range; expected 'low' and 'high', or 'values' with the two.");
    }

    private static SearchCondition Condition(string name, JsonElement json, Func<string, string> nameOf)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() != 1)
            throw new UsageException($"'{name}' has the 'when' {json.GetRawText()}; expected one hyperparameter with its values, such as {{ \"loss\": [\"bpr-max\"] }}.");
        var parent = json.EnumerateObject().Single();
        return new SearchCondition(nameOf(parent.Name), parent.Value.ValueKind == JsonValueKind.Array ? Values(name, parent.Value) : [SettingsFile.TextOf(parent.Value)]);
    }

    private static ImmutableArray<string> Values(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new UsageException($"'{name}' has the values {json.GetRawText()}; expected a list.");
        string[] values = [.. json.EnumerateArray().Select(SettingsFile.TextOf)];
        return Array.Find(values, value => value.Contains(',', StringComparison.Ordinal)) is { } comma
            ? throw new UsageException($"'{name}' has the value '{comma}'; expected none with a comma: lists are written with '/', or as JSON lists.")
            : [.. values];
    }

    private static double Number(string name, string key, JsonElement json) => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw new UsageException($"'{name}' has the '{key}' {json.GetRawText()}; expected a number.");

    private static void Note(List<string> faults, Action action)
    {
        try
        {
            action();
        }
        catch (UsageException e)
        {
            faults.AddRange(e.Faults);
        }
    }
}
