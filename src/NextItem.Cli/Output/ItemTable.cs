namespace NextItem.Cli.Output;

/// <summary>Recommended or similar items as a table, with names where they are known.</summary>
internal static class ItemTable
{
    public static void Write(Terminal terminal, IReadOnlyList<Recommendation> items, Dictionary<string, string> names)
    {
        if (names.Count == 0)
        {
            terminal.WriteTable(["", "item", "score"], items.Select((item, i) => (string[])[$"{i + 1}", item.ItemKey, $"{item.Score:F3}"]), leftColumns: 2);
        }
        else
        {
            terminal.WriteTable(
                ["", "item", "name", "score"],
                items.Select((item, i) => (string[])[$"{i + 1}", item.ItemKey, names.GetValueOrDefault(item.ItemKey, ""), $"{item.Score:F3}"]),
                leftColumns: 3);
        }
    }
}
