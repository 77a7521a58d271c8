using System.Globalization;
using System.Text.Json;
using NextItem.Server.Filters;
using NextItem.Server.Settings;

namespace NextItem.Server.Rules;

/// <summary>An object of the file of rules, whose values are asked for by kind; what is another kind is a fault.</summary>
/// <param name="json">The object.</param>
/// <param name="place">What messages call it.</param>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class JsonRule(JsonElement json, string place, List<string> faults)
{
    private const int LongestShown = 60;

    private readonly bool _isObject = json.ValueKind == JsonValueKind.Object;

    public void Fault(string fault) => faults.Add($"{place} {fault}");

    /// <summary>Refuses other keys than these.</summary>
    public void Keys(params string[] names)
    {
        if (!_isObject)
        {
            Fault($"is {Shown(json)}; expected an object with {string.Join(", ", names)}.");
            return;
        }

        foreach (var property in json.EnumerateObject().Where(property => !names.Contains(property.Name, StringComparer.Ordinal)))
            Fault($"has '{property.Name}', which there is not; expected of {string.Join(", ", names)}.");
    }

    public JsonRule? Object(string name) => Find(name) is { } value ? new JsonRule(value, Of(name), faults) : null;

    /// <summary>The objects of a list; none where there is no such list.</summary>
    public IReadOnlyList<JsonRule> List(string name) => [.. Entries(name).Select((entry, i) => new JsonRule(entry, $"{Of(name)}[{i}]", faults))];

    /// <summary>The ids of a list.</summary>
    public IReadOnlyList<string> Ids(string name) => [.. Entries(name).Select((entry, i) => IdOf(entry, $"{Of(name)}[{i}]"))];

    public string? Id(string name, bool isNeeded) => Needed(name, isNeeded, "a string") is { } value ? IdOf(value, Of(name)) : null;

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        faults.Add($"{Of(name)} is {Shown(value)}; expected true or false.");
        return null;
    }

    public int? Whole(string name, int least, int most)
    {
        if (Needed(name, true, $"a whole number, {least} to {most}") is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            return number;
        faults.Add($"{Of(name)} is {Shown(value)}; expected a whole number, {least} to {most}.");
        return null;
    }

    /// <summary>A number above 0.</summary>
    public double? Number(string name, double most)
    {
        if (Needed(name, true, $"a number above 0, up to {most}") is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && number <= most)
            return number;
        faults.Add($"{Of(name)} is {Shown(value)}; expected a number above 0, up to {most}.");
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: >= 10 and <= 40 } text && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        faults.Add($"{Of(name)} is {Shown(value)}; expected a time such as \"2026-01-02T10:00:00Z\".");
        return null;
    }

    public Func<FilteredItem, bool>? Filter(string name, bool isNeeded)
    {
        if (Needed(name, isNeeded, "a filter") is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= RequestLimits.TextLength } text)
        {
            faults.Add($"{Of(name)} is {Shown(value)}; expected a filter, text of {RequestLimits.TextLength} characters at most.");
            return null;
        }

        try
        {
            return FilterParser.Parse(text);
        }
        catch (FormatException e)
        {
            faults.Add($"{Of(name)}: {e.Message}");
            return null;
        }
    }

    private JsonElement[] Entries(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray()];
        faults.Add($"{Of(name)} is {Shown(value)}; expected a list.");
        return [];
    }

    private string IdOf(JsonElement value, string called)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= RequestLimits.IdLength } id)
            return id;
        faults.Add($"{called} is {Shown(value)}; expected a string of 1 to {RequestLimits.IdLength} characters.");
        return "";
    }

    private JsonElement? Needed(string name, bool isNeeded, string what)
    {
        var value = Find(name);
        if (value is null && isNeeded && _isObject)
            faults.Add($"{Of(name)} is missing; expected {what}.");
        return value;
    }

    private JsonElement? Find(string name) => _isObject && json.TryGetProperty(name, out var value) ? value : null;

    private string Of(string name) => place == "the file" ? name : $"{place}.{name}";

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > LongestShown } text ? text[..LongestShown] + "..." : value.GetRawText();
}
