using System.Collections.Immutable;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Reads one file of item features.</summary>
internal static class SourceReader
{
    public const string ItemSetting = "item= of --features (FeatureSource.ItemColumn)";
    public const string ColumnSetting = "--features (FeatureSource.Blocks)";
    public const string MissingAdvice = "If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).";
    private const string Contents = "item features";

    /// <summary>Reads what the source says, or guesses.</summary>
    public static SourceContent Read(FeatureSource source, ItemRows items, CancellationToken cancellationToken)
    {
        if (NpyFile.IsNpy(source.Path))
        {
            var vectors = NpySource.Read(source, items, cancellationToken);
            items.RequireAny(vectors.Report, vectors.FirstKey);
            return vectors;
        }

        if (source.Blocks.IsEmpty)
        {
            // Before the guessing: without a known item every column would seem empty.
            var all = ReadTable(source, items, (plan, found) => plan.All(found), cancellationToken);
            items.RequireAny(all.Report, all.FirstKey);
            return Guessed(source, all);
        }

        var columns = source.Blocks.SelectMany(block => block.Columns).ToArray();
        var table = ReadTable(source, items, (plan, found) => plan.Given(columns, found, onlyFound: false), cancellationToken);
        items.RequireAny(table.Report, table.FirstKey);
        var reports = columns.Distinct().Select(column => new FeatureColumnReport(column.Name, column.Kind, column.Kind == FeatureKind.Category ? column.Separator : null, Given(column, table.Values)));
        return new(table.Report with { Columns = [.. reports] }, table.FirstKey, table.Values, source.Blocks);
    }

    // What was said stands, but a separator that no value has, where another one would divide them, is worth a word.
    private static string Given(FeatureColumnOptions column, ImmutableArray<ColumnValues> read)
    {
        if (column.Kind != FeatureKind.Category || column.Separator is not { } separator || read.OfType<TextValues>().FirstOrDefault(values => values.Name == column.Name) is not { } texts
            || texts.Values.Exists(value => value?.Contains(separator) == true) || ColumnGuess.Of(column.Name, texts.Values) is not { Kind: FeatureKind.Category, Separator: { } other } guess)
        {
            return "given";
        }

        return $"given, but no value has a '{separator}': with '{other}' between them there would be {guess.Why}";
    }

    /// <summary>Reads those of the known columns that the file has.</summary>
    public static SourceContent ReadKnown(FeatureSource source, ImmutableArray<FeatureColumnOptions> known, ItemRows items, CancellationToken cancellationToken)
    {
        if (NpyFile.IsNpy(source.Path))
            return NpySource.Read(source, items, cancellationToken);
        var table = ReadTable(source, items, (plan, found) => plan.Given(known, found, onlyFound: true), cancellationToken);
        return new(table.Report, table.FirstKey, table.Values, []);
    }

    private static TableContent ReadTable(
        FeatureSource source, ItemRows items, Func<ColumnPlan, IReadOnlyList<FoundColumn>, IEnumerable<WantedColumn>> choose, CancellationToken cancellationToken)
    {
        if (source.KeysPath is not null)
            throw new EventsFileException(source.Path, null, "this is a table, whose rows have their item keys", "no file of keys beside it (FeatureSource.KeysPath), or a .npy file");
        var itemColumn = source.ItemColumn ?? FeatureSource.UsualItemColumn;
        var plan = new ColumnPlan(itemColumn, ColumnSetting, source.MissingTexts);
        var rows = new RowNumbers(source.Path);
        var unknown = 0L;
        string? firstKey = null;
        using var table = TableReader.Open(source.Path, [new(itemColumn, null, ItemSetting)], Contents, cancellationToken, found => choose(plan, found));
        while (table.MoveNext())
        {
            firstKey ??= table.Key(0).ToString();
            var item = items.IndexOf(table.Key(0));
            if (item < 0)
            {
                unknown++;
                continue;
            }

            rows.Add(item, table.Row, table.Key(0));
            foreach (var reader in plan.Readers)
                reader.Read(table, item, items.Count);
        }

        foreach (var reader in plan.Readers)
            reader.Finish(source.Path);

        return firstKey is null
            ? throw new EventsFileException(source.Path, null, "there is a header but no item (0 rows)", "at least one item")
            : new(plan, rows, new FeatureSourceReport(source.Path, table.Row, unknown, [], []), firstKey);
    }

    /// <summary>Gives every text column that nobody gave a kind one.</summary>
    private static SourceContent Guessed(FeatureSource source, TableContent table)
    {
        var columns = new List<FeatureColumnReport>();
        var leftOut = new List<FeatureColumnReport>(table.Plan.LeftOut);
        var values = new List<ColumnValues>();
        foreach (var reader in table.Plan.Readers)
        {
            if (reader.Values is not TextValues texts)
            {
                columns.Add(table.Plan.Guessed.Single(guessed => guessed.Name == reader.Values.Name));
                values.Add(reader.Values);
                continue;
            }

            var guess = ColumnGuess.Of(texts.Name, texts.Values);
            if (guess.Kind is null)
            {
                leftOut.Add(new(texts.Name, null, null, guess.Why));
                continue;
            }

            columns.Add(new(texts.Name, guess.Kind, guess.Separator, guess.Why));
            values.Add(guess.Kind == FeatureKind.Number ? table.Rows.Numbers(texts) : texts);
        }

        if (columns.Count == 0)
        {
            throw new EventsFileException(
                source.Path, null, $"no column beside the item key can be a feature ({string.Join("; ", leftOut.Select(column => $"{column.Name}: {column.Why}"))})", "at least one",
                "Name columns and their kinds in " + ColumnSetting + ".");
        }

        return new(table.Report with { Columns = [.. columns], LeftOut = [.. leftOut] }, table.FirstKey, [.. values], BlockNames.OneAKind(source, columns));
    }

    private sealed record TableContent(ColumnPlan Plan, RowNumbers Rows, FeatureSourceReport Report, string FirstKey)
    {
        public ImmutableArray<ColumnValues> Values => [.. Plan.Readers.Select(reader => reader.Values)];
    }
}
