using System.Text.Json;

namespace NextItem.Preparation.Inputs;

/// <summary>The fields of JSON objects, and those inside of them: <c>product.sku</c> of <c>{"product": {"sku": 7}}</c>.</summary>
internal sealed class JsonFields
{
    private const int Deepest = 8;

    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (string Field, string Pointer)> _inner = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nested = [];

    private JsonFields()
    {
    }

    /// <summary>The fields, in the order of their names: which object comes first does not matter.</summary>
    public IReadOnlyList<string> Names => [.. _names];

    /// <summary>Fields inside others: the name with dots, the outermost field, and where in it (RFC 6901).</summary>
    public IEnumerable<(string Name, string Field, string Pointer)> Inner
    {
        get
        {
            // The names of columns are told apart without their case.
            var taken = _names.ToHashSet(StringComparer.OrdinalIgnoreCase);
            return [.. _inner.Where(each => taken.Add(each.Key)).Select(each => (each.Key, each.Value.Field, each.Value.Pointer))];
        }
    }

    /// <summary>Fields that hold an object or a list.</summary>
    public IReadOnlySet<string> Nested => _nested;

    /// <summary>The fields of some lines; what is no JSON object is passed over, and counted with the bad rows.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="opens">Whether to look into fields that hold an object.</param>
    /// <param name="known">Fields that are read in a way of their own.</param>
    public static JsonFields Of(IEnumerable<string> lines, bool opens, IEnumerable<string> known)
    {
        var fields = new JsonFields();
        var apart = known.ToHashSet();
        foreach (var line in lines)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.ValueKind != JsonValueKind.Object)
                    continue;
                foreach (var property in json.RootElement.EnumerateObject())
                {
                    fields._names.Add(property.Name);
                    if (opens && !apart.Contains(property.Name) && property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                        fields.AddNested(property);
                }
            }
            catch (JsonException)
            {
                // Counted with the bad rows.
            }
        }

        return fields;
    }

    private void AddNested(JsonProperty field)
    {
        _nested.Add(field.Name);
        AddInner(field.Value, field.Name, "", 1);

        void AddInner(JsonElement value, string name, string pointer, int depth)
        {
            if (value.ValueKind != JsonValueKind.Object || depth > Deepest)
                return;
            foreach (var inner in value.EnumerateObject())
            {
                var (path, at) = ($"{name}.{inner.Name}", $"{pointer}/{inner.Name.Replace("~", "~0").Replace("/", "~1")}");
                if (inner.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    AddInner(inner.Value, path, at, depth + 1);
                else
                    _inner[path] = (field.Name, at);
            }
        }
    }
}
