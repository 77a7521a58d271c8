using NextItem.Data;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Formats;
using NextItem.Preparation.Inputs;

namespace NextItem.Preparation.Output;

/// <summary>Columns that tell of items, from files of their own and from the events, ready to be joined to the catalogue.</summary>
internal sealed class CatalogColumns(PreparationOptions options, Database database, CancellationToken cancellationToken)
{
    private readonly RawFormat _format = RawFormats.Of(options.Format);
    private readonly List<(string Query, IReadOnlyList<(string Column, string Name)> Columns)> _tables = [];

    /// <summary>Names of the columns, in their order.</summary>
    public IEnumerable<string> Names => _tables.SelectMany(table => table.Columns.Select(column => column.Name));

    /// <summary>What step 12 selects.</summary>
    public string Columns => string.Concat(_tables.SelectMany((table, i) => table.Columns.Select(column => $", features{i}.{SqlText.Name(column.Column)} AS {SqlText.Name(column.Name)}")));

    /// <summary>What step 12 joins.</summary>
    public string Joins => string.Concat(_tables.Select((table, i) => $"\nLEFT JOIN ({table.Query}) AS features{i} USING (item_key)"));

    /// <summary>Finds all of them.</summary>
    /// <returns>How they were understood, a sentence each, and the files.</returns>
    public (List<string> Understood, List<PreparedInput> Inputs) Find(InputReader.Found events)
    {
        var understood = new List<string>();
        var inputs = new List<PreparedInput>();
        foreach (var group in InputFiles.ItemFilesBeside([.. events.Files.Select(file => file.Path)], _format).GroupBy(pair => pair.Source, pair => pair.Path))
            understood.Add(AddFiles([.. group], group.Key, inputs));
        foreach (var file in options.ItemFiles)
            understood.Add(AddFiles([file], new ItemSource([], [.. new[] { options.Columns.Item }.OfType<string>(), .. _format.Item, "ItemId", .. RawFormats.ItemNames]), inputs));
        AddEventColumns(events, understood);
        if (Names.Append("ItemId").Append("Support").GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new PreparationException($"The items would have the column '{twice.Key}' twice; rename it in one of the files of items.");
        return (understood, inputs);
    }

    private string AddFiles(List<string> paths, ItemSource source, List<PreparedInput> inputs)
    {
        var files = paths.ConvertAll(path => RawFile.Recognise(path, cancellationToken));
        inputs.AddRange(files.Select(file => new PreparedInput(file.Path, file.Bytes)));
        var sources = new FileSources(database) { Headerless = source.Headerless, Encoding = source.Encoding }.Of(files);
        var columns = sources[0].Columns;
        var rows = string.Join(" UNION ALL BY NAME ", sources.Select(part => part.Query));
        if (source.Gather is { } gather)
            columns = new FileSources(database).Describe(rows = gather(rows));
        var key = source.Key.Select(name => columns.FirstOrDefault(column => column.PlainName == SourceColumn.Plain(name))).FirstOrDefault(column => column is not null)
            ?? throw new EventsFileException(paths[0], null, $"none of the columns {string.Join(", ", columns.Select(column => column.Name))} is the item's", string.Join(", ", source.Key.Distinct()));
        var others = columns.Where(column => column != key && (source.Columns is null || source.Columns.Contains(column.Name))).ToArray();
        if (others.Length == 0)
            throw new EventsFileException(paths[0], null, "there is no column beside the item's", "columns that tell of items");
        // A row an item is what is expected; of several, the greatest value stands, so that their order does not matter.
        var values = string.Join(", ", others.Select(column => $"max({SqlText.Name(column.Name)}) AS {SqlText.Name(column.Name)}"));
        var keySql = $"CAST({SqlText.Name(key.Name)} AS VARCHAR)";
        _tables.Add(($"SELECT {keySql} AS item_key, {values} FROM ({rows}) GROUP BY {keySql}", [.. others.Select(column => (column.Name, column.ShownName))]));
        return $"Items: {string.Join(", ", paths)}, item '{key.ShownName}', with {string.Join(", ", others.Select(column => column.ShownName))}.";
    }

    private void AddEventColumns(InputReader.Found events, List<string> understood)
    {
        var asked = options.ItemColumns ?? [.. _format.ItemColumns.Where(name => events.Mappings.All(mapping => mapping.Source.Columns.Any(column => column.Name == name)))];
        if (asked.Count == 0)
            return;
        foreach (var mapping in events.Mappings)
        {
            foreach (var name in asked.Where(name => mapping.Source.Columns.All(column => column.Name != name)))
                throw new EventsFileException(mapping.Source.Shown, null, $"there is no column '{name}' among {string.Join(", ", mapping.Source.Columns.Select(column => column.Name))}", "the columns that --item-columns names");
        }

        var rows = string.Join(" UNION ALL ", events.Mappings.Select(mapping => mapping.Events(mapping.Source.Query, string.Concat(asked.Select(name => $", {SqlText.Name(name)}")))));
        // The latest value; of several at the same time the greatest.
        var values = string.Join(", ", asked.Select(SqlText.Name).Select(name => $"arg_max({name}, (time, {name})) FILTER ({name} IS NOT NULL) AS {name}"));
        _tables.Add(($"SELECT item_key, {values} FROM ({rows}) WHERE item_key IS NOT NULL AND time IS NOT NULL GROUP BY item_key", [.. asked.Select(name => (name, name))]));
        understood.Add($"Items: the latest {string.Join(", ", asked)} of the events.");
    }
}
