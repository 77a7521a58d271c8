using System.Text.Json;

namespace NextItem.Cli.Bulk;

/// <summary>Answers in the words of the JSON contract.</summary>
internal static class AnswerJson
{
    /// <summary>One session of a file.</summary>
    public static void WriteSession(Utf8JsonWriter json, BulkAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("sessionId", answer.Key);
        WriteItems(json, answer.List, answer.Explanations, []);
        json.WriteNumber("unknownEvents", answer.List.UnknownItems.Count);
        json.WriteEndObject();
    }

    /// <summary>The items of an answer and whether they are only the popular ones.</summary>
    public static void WriteItems(Utf8JsonWriter json, RecommendationList answer, IReadOnlyList<Explanation>? explanations, Dictionary<string, string> names)
    {
        json.WriteStartArray("items");
        foreach (var (i, item) in answer.Items.Index())
        {
            json.WriteStartObject();
            json.WriteString("itemId", item.ItemKey);
            json.WriteNumber("score", item.Score);
            if (names.TryGetValue(item.ItemKey, out var name))
                json.WriteString("title", name);
            if (explanations is not null)
                WriteExplanation(json, explanations[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("fallback", answer.IsPopularFallback ? "popular" : "none");
    }

    /// <summary>The click that carried an item; null where none did, as with popular items.</summary>
    private static void WriteExplanation(Utf8JsonWriter json, Explanation explanation)
    {
        if (explanation.CarriedBy is not { } click)
        {
            json.WriteNull("explanation");
            return;
        }

        json.WriteStartObject("explanation");
        json.WriteString("itemId", click.ItemKey);
        json.WriteNumber("position", click.Position);
        WriteOrNull(json, "rank", explanation.Rank);
        WriteOrNull(json, "rankWithout", click.RankWithout);
        WriteOrNull(json, "scoreWithout", click.ScoreWithout);
        json.WriteEndObject();
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
