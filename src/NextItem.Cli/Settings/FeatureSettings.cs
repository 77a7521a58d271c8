using System.Collections.Immutable;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Settings;

/// <summary>
/// Which item features a model sees, as <c>--features</c> or the key <c>features</c> of a settings file says it. Immutable.
/// docs/features.md describes both forms.
/// </summary>
/// <param name="Sources">The files and what to make of them, at least one.</param>
internal sealed record FeatureSettings(ImmutableArray<FeatureSource> Sources)
{
    /// <summary>Reads the values of <c>--features</c>: <c>items.tsv</c>, or <c>items.tsv:text=title,description;category=genres</c>.</summary>
    /// <exception cref="UsageException">Something cannot be read: all of it.</exception>
    public static FeatureSettings Parse(IReadOnlyList<string> values)
    {
        var faults = new List<string>();
        return Checked([.. values.Select(value => FeatureText.Read(value, faults))], faults);
    }

    /// <summary>Reads the key <c>features</c> of a settings file: a file or an object that says more, or an array of them.</summary>
    /// <param name="json">Its value.</param>
    /// <param name="where">Where it stands, for messages.</param>
    /// <exception cref="UsageException">Something cannot be read: all of it.</exception>
    public static FeatureSettings FromJson(JsonElement json, string where)
    {
        var faults = new List<string>();
        JsonElement[] elements = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        return Checked([.. elements.Select((element, i) => FeatureJson.Read(element, json.ValueKind == JsonValueKind.Array ? $"{where}[{i}]" : where, faults))], faults);
    }

    private static FeatureSettings Checked(ImmutableArray<FeatureSource> sources, List<string> faults)
    {
        try
        {
            // What could not be read is a fault already, and need not be one of the options too.
            if (faults.Count == 0)
                FeatureSource.Validate(sources);
        }
        catch (OptionsException e)
        {
            faults.AddRange(e.Faults);
        }

        return faults.Count == 0 ? new(sources) : throw new UsageException(faults);
    }
}
