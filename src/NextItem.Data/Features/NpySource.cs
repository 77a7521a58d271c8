using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Reads a <c>.npy</c> file of vectors, and the item key of each from a second file.</summary>
internal static class NpySource
{
    /// <summary>What the vectors are called: as the source says, else as the file.</summary>
    private static FeatureColumnOptions ColumnOf(FeatureSource source) => source.Blocks switch
    {
        [] => new(Path.GetFileNameWithoutExtension(source.Path), FeatureKind.Vector),
        [{ Columns: [{ Kind: FeatureKind.Vector } only] }] => only,
        _ => throw new EventsFileException(source.Path, null, $"this is a .npy file, of which {Shown.Names(source.Blocks.SelectMany(block => block.Columns).Select(column => column.Name))} are wanted", "one vector column, the name of its vectors"),
    };

    public static SourceContent Read(FeatureSource source, ItemRows items, CancellationToken cancellationToken)
    {
        var column = ColumnOf(source);
        using var file = NpyFile.Open(source.Path);
        var values = new VectorValues(column.Name);
        var unknown = 0L;
        var row = 0L;
        string? firstKey = null;
        foreach (var key in Keys(source, cancellationToken))
        {
            row++;
            firstKey ??= key;
            if (row > file.Rows)
                continue; // counted for the message
            var item = items.IndexOf(key);
            if (item < 0)
            {
                unknown++;
                file.Skip();
                continue;
            }

            file.Read(values.Add(item, file.Columns, row, items.Count));
        }

        if (row != file.Rows)
            throw new EventsFileException(source.KeysPath!, null, $"there are {row:N0} item keys", $"{file.Rows:N0}, one for each vector of {source.Path}");
        var given = source.Blocks.IsEmpty ? "a .npy file" : "given";
        var report = new FeatureSourceReport(source.Path, row, unknown, [new(column.Name, FeatureKind.Vector, null, FormattableString.Invariant($"{given}, {file.Columns:N0} numbers"))], []);
        return new SourceContent(report, firstKey!, [values], source.Blocks.IsEmpty ? BlockNames.OneAKind(source, report.Columns) : source.Blocks);
    }

    /// <summary>The keys in order, none twice.</summary>
    private static IEnumerable<string> Keys(FeatureSource source, CancellationToken cancellationToken)
    {
        if (source.KeysPath is not { } path)
        {
            throw new EventsFileException(
                source.Path, null, "a .npy file has no item keys", "a second file with the key of each vector",
                "Name it in keys= of --features (FeatureSource.KeysPath): one key a line, or a table with item=.");
        }

        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in source.ItemColumn is { } column ? OfTable(path, column, cancellationToken) : KeyLines.Read(path, cancellationToken))
        {
            if (!rows.TryAdd(key, rows.Count + 1))
                throw new EventsFileException(path, rows.Count + 1, $"item {Shown.Value(key)} is there again, after row {rows[key]:N0}", "one row an item");
            yield return key;
        }
    }

    private static IEnumerable<string> OfTable(string path, string column, CancellationToken cancellationToken)
    {
        using var table = TableReader.Open(path, [new(column, null, SourceReader.ItemSetting)], "item keys", cancellationToken);
        while (table.MoveNext())
            yield return table.Key(0).ToString();
    }
}
