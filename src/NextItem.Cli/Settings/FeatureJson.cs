using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Settings;

/// <summary>Item features in a settings file: the name of a file, or an object with <c>file</c> and what to make of it.</summary>
internal static class FeatureJson
{
    private static readonly string[] s_ofFiles = ["file", "subnets"];

    /// <summary>Reads one file's specification; what cannot be read is a fault.</summary>
    public static FeatureSource Read(JsonElement json, string where, List<string> faults)
    {
        var source = new FeatureSource("");
        if (json.ValueKind == JsonValueKind.String)
            return new FeatureSource(json.GetString()!);
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{where} is {Shown(json)}; expected a file name, or an object with 'file'.");
            return source;
        }

        Note(where, faults, () => source = source with { Path = json.TryGetProperty("file", out var file) ? String(file, "file") : throw new UsageException("there is no 'file'; expected the file of features.") });
        foreach (var property in json.EnumerateObject().Where(property => FeatureWords.IsSetting(property.Name)))
            Note(where, faults, () => source = FeatureWords.Set(source, property.Name, Scalar(property)));
        var blocks = new List<FeatureBlockOptions>();
        foreach (var property in json.EnumerateObject().Where(property => !FeatureWords.IsSetting(property.Name) && property.Name != "file"))
        {
            Note(where, faults, () =>
            {
                if (property.Name == "subnets")
                    blocks.AddRange(Subnets(property.Value, source, where, faults));
                else
                    blocks.Add(FeatureWords.WithSettings(Block(null, Columns(property, s_ofFiles)), source));
            });
        }

        return source with { Blocks = [.. blocks] };
    }

    private static List<FeatureBlockOptions> Subnets(JsonElement json, FeatureSource source, string where, List<string> faults)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new UsageException($"'subnets' is {Shown(json)}; expected an array of objects.");
        var blocks = new List<FeatureBlockOptions>();
        var place = 0;
        foreach (var element in json.EnumerateArray())
            Note($"{where}.subnets[{place++}]", faults, () => blocks.Add(Subnet(element, source)));
        return blocks;
    }

    private static FeatureBlockOptions Subnet(JsonElement json, FeatureSource source)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new UsageException($"it is {Shown(json)}; expected an object of kinds and columns.");
        var own = source;
        string? name = null;
        var columns = new List<FeatureColumnOptions>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name == "name")
                name = String(property.Value, "name");
            else if (FeatureWords.IsSetting(property.Name))
                own = FeatureWords.Set(own, property.Name, Scalar(property));
            else
                columns.AddRange(Columns(property, ["name"]));
        }

        return own.ItemColumn != source.ItemColumn || own.KeysPath != source.KeysPath || own.Block != source.Block
            ? throw new UsageException("'item', 'keys' and 'subnet' are for the whole file; expected them beside 'file'.")
            : FeatureWords.WithSettings(Block(name, columns), own);
    }

    private static FeatureBlockOptions Block(string? name, List<FeatureColumnOptions> columns) =>
        new() { Name = name ?? (columns.Count == 0 ? "subnet" : FeatureWords.NameOf(columns)), Columns = [.. columns] };

    /// <summary>A name, an object with <c>column</c> and <c>separator</c>, or an array of them.</summary>
    private static List<FeatureColumnOptions> Columns(JsonProperty property, string[] others)
    {
        var kind = FeatureWords.Kind(property.Name) ?? throw FeatureWords.Unknown(property.Name, others);
        JsonElement[] elements = property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : [property.Value];
        return [.. elements.Select(element => Column(element, property.Name, kind))];
    }

    private static FeatureColumnOptions Column(JsonElement json, string word, FeatureKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return new(String(json, word), kind);
        var column = new FeatureColumnOptions(json.TryGetProperty("column", out var name) ? String(name, "column") : throw new UsageException($"'{word}' has an object without 'column'; expected the name of a column."), kind);
        foreach (var property in json.EnumerateObject().Where(property => property.Name != "column"))
        {
            if (property.Name != "separator" || kind != FeatureKind.Category)
                throw new UsageException($"the column '{column.Name}' has '{property.Name}'; expected 'column' and, for categories, 'separator'.");
            column = column with { Separator = property.Value.ValueKind == JsonValueKind.Null ? null : FeatureWords.Separator(String(property.Value, "separator")) };
        }

        return column;
    }

    private static string String(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new UsageException($"'{name}' is {Shown(json)}; expected text.");

    private static string Scalar(JsonProperty property) => property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        ? property.Value.ToString()
        : throw new UsageException($"'{property.Name}' is {Shown(property.Value)}; expected text, a number, true or false.");

    private static string Shown(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Object or JsonValueKind.Array => $"an {json.ValueKind.ToString().ToLowerInvariant()}",
        JsonValueKind.Number => $"the number {json}",
        _ => $"'{json}'",
    };

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
