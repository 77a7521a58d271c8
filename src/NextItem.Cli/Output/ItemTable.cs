namespace NextItem.Cli.Output;

/// <summary>Recommended or similar items as a table, with names where they are known and what carried them where it was asked for.</summary>
internal static class ItemTable
{
    public static void Write(Terminal terminal, IReadOnlyList<Recommendation> items, Dictionary<string, string> names, IReadOnlyList<Explanation>? explanations = null)
    {
        string[] nameColumn = names.Count == 0 ? [] : ["name"];
        string[] explanationColumns = explanations is null ? [] : ["because of", "rank without it"];
        terminal.WriteTable(
            ["", "item", .. nameColumn, "score", .. explanationColumns],
            items.Select((item, i) => (string[])
            [
                $"{i + 1}", item.ItemKey, .. nameColumn.Select(_ => names.GetValueOrDefault(item.ItemKey, "")), $"{item.Score:F3}", .. explanations is null ? [] : Cells(explanations[i]),
            ]),
            leftColumns: 2 + nameColumn.Length);
    }

    private static string[] Cells(Explanation explanation) => explanation.CarriedBy is { } click
        ? [click.ItemKey, click.RankWithout is { } rank ? $"{rank}" : "none"]
        : ["-", ""];
}
