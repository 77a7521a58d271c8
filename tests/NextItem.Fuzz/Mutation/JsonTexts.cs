using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NextItem.Fuzz.Mutation;

/// <summary>Changes of JSON that leave it JSON: a value for another, a field or an entry more or less.</summary>
internal static class JsonTexts
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "21", "1000", "1001", "2147483647", "2147483648", "1.5", "1e3", "1e400", "\"\"", "\"i1\"", "\"i2\"", "\"view\"", "\"add_to_cart\"", "[]", "{}", "[null]",
        "[\"i1\"]", "[\"\"]", "[[]]", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30T00:00:00Z\"",
        "\"events > 1 AND NOT title IN ('a', 'b')\"", "\"itemId = 'i1' OR\"", "\"NOT (NOT (NOT category != ''))\"", "\"events = 99999999999999999999999999999\"",
    ];

    private static readonly string[] s_fields =
    [
        "sessionId", "items", "numResults", "exclude", "allow", "deny", "filter", "explain", "consent", "visitorId", "store", "eventType", "itemId", "sentAt", "eventId", "recommendationId", "events",
        "title", "categories", "available", "no such field",
    ];

    /// <summary>A changed copy; the same one where the input is no JSON object.</summary>
    public static byte[] Changed(byte[] input, Random random)
    {
        JsonNode root;
        try
        {
            if (JsonNode.Parse(input) is not JsonObject found)
                return input;
            root = found;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                Change(Any(root, random), random);
            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return input; // no JSON, or a field twice
        }
    }

    /// <summary>One of the objects and lists.</summary>
    private static JsonNode Any(JsonNode root, Random random)
    {
        var at = root;
        while (random.Next(3) > 0)
        {
            JsonNode[] within = at switch
            {
                JsonObject fields => [.. fields.Select(field => field.Value).OfType<JsonNode>().Where(value => value is JsonObject or JsonArray)],
                JsonArray entries => [.. entries.OfType<JsonNode>().Where(value => value is JsonObject or JsonArray)],
                _ => [],
            };
            if (within.Length == 0)
                break;
            at = within[random.Next(within.Length)];
        }

        return at;
    }

    private static void Change(JsonNode node, Random random)
    {
        if (node is JsonObject fields)
        {
            var name = fields.Count > 0 && random.Next(3) > 0 ? fields.ElementAt(random.Next(fields.Count)).Key : s_fields[random.Next(s_fields.Length)];
            if (random.Next(4) == 0)
                fields.Remove(name);
            else
                fields[name] = Value(random);
        }
        else if (node is JsonArray entries)
        {
            switch (random.Next(4))
            {
                case 0 when entries.Count > 0:
                    entries.RemoveAt(random.Next(entries.Count));
                    break;
                case 1 when entries.Count is > 0 and < 3000: // often
                    var again = entries[random.Next(entries.Count)];
                    for (var times = random.Next(random.Next(5) == 0 ? 2000 : 5); times > 0; times--)
                        entries.Add(again?.DeepClone());
                    break;
                default:
                    entries.Insert(random.Next(entries.Count + 1), Value(random));
                    break;
            }
        }
    }

    private static JsonNode? Value(Random random) =>
        random.Next(20) == 0 ? JsonValue.Create(new string('x', random.Next(5000))) : JsonNode.Parse(s_values[random.Next(s_values.Length)]);
}
