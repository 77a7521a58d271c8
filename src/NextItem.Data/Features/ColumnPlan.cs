using System.Collections.Immutable;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Which columns of a table are read, and how. The table's first wanted column is the item key.</summary>
/// <param name="itemColumn">Its name.</param>
/// <param name="setting">The setting that names the columns, for messages.</param>
/// <param name="missing">Texts that stand for nothing.</param>
internal sealed class ColumnPlan(string itemColumn, string setting, ImmutableArray<string> missing)
{
    /// <summary>The count of events that <c>prepare</c> writes beside item properties.</summary>
    private const string Support = "Support";

    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    /// <summary>What to read.</summary>
    public List<ColumnReader> Readers { get; } = [];

    /// <summary>Vectors that were guessed from the header, and why.</summary>
    public List<FeatureColumnReport> Guessed { get; } = [];

    /// <summary>Columns that the header shows to be of no use.</summary>
    public List<FeatureColumnReport> LeftOut { get; } = [];

    /// <summary>Reads columns whose kinds are known.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="found">What the file has.</param>
    /// <param name="onlyFound">Whether those that it does not have are passed over; else the table reports them.</param>
    public IEnumerable<WantedColumn> Given(IEnumerable<FeatureColumnOptions> columns, IReadOnlyList<FoundColumn> found, bool onlyFound)
    {
        foreach (var column in columns)
        {
            var names = NamesOf(column, found);
            if ((!onlyFound || names.All(name => found.Any(have => have.Name == name))) && !Readers.Any(reader => reader.Values.Name == column.Name && reader.Values.IsFor(column.Kind)))
                Add(column.Name, column.Kind, names);
        }

        return Wanted();
    }

    /// <summary>Reads all columns but the item key: those that are vectors as vectors, the others as texts.</summary>
    public IEnumerable<WantedColumn> All(IReadOnlyList<FoundColumn> found)
    {
        var others = found.Where(column => column.Name != itemColumn).ToList();
        var patterns = NumberedColumns.Guess(others.Where(column => !column.HoldsVectors && column.CanBeFeature).Select(column => column.Name));
        var ofPatterns = patterns.ToDictionary(pattern => pattern, pattern => NumberedColumns.Of(pattern, others.Select(column => column.Name)));
        foreach (var column in others)
        {
            if (ofPatterns.Values.Any(names => names.Contains(column.Name)))
                continue;
            if (column.Name.Length == 0)
                LeftOut.Add(new(column.Name, null, null, "it has no name"));
            else if (!column.CanBeFeature)
                LeftOut.Add(new(column.Name, null, null, "it holds records, or what is no text"));
            else if (column.Name == Support)
                LeftOut.Add(new(column.Name, null, null, "it counts events, which a new item has none of; name it to use it"));
            else if (column.HoldsVectors)
                Guess(column.Name, [column.Name], "it holds lists of numbers");
            else
                Add(column.Name, FeatureKind.Text, [column.Name]);
        }

        foreach (var (pattern, names) in ofPatterns)
            Guess(pattern, names, FormattableString.Invariant($"{names.Length:N0} columns that count up"));
        return Wanted();
    }

    private void Guess(string name, string[] names, string why)
    {
        Guessed.Add(new(name, FeatureKind.Vector, null, why));
        Add(name, FeatureKind.Vector, names);
    }

    private static string[] NamesOf(FeatureColumnOptions column, IReadOnlyList<FoundColumn> found)
    {
        if (column.Kind != FeatureKind.Vector || !column.Name.EndsWith(NumberedColumns.Star) || found.Any(have => have.Name == column.Name))
            return [column.Name];
        var names = NumberedColumns.Of(column.Name, found.Select(have => have.Name));
        return names is [] ? [column.Name] : names; // which is not there: the table says so
    }

    private void Add(string name, FeatureKind kind, string[] names)
    {
        int[] positions = [.. names.Select(PositionOf)];
        Readers.Add(kind switch
        {
            FeatureKind.Number => new NumberReader(new NumberValues(name), positions[0], missing),
            FeatureKind.Vector => new VectorReader(new VectorValues(name), positions, names, missing),
            _ => new TextReader(new TextValues(name), positions[0], missing),
        });
    }

    private int PositionOf(string name)
    {
        if (!_positions.TryGetValue(name, out var position))
            _positions.Add(name, position = _positions.Count + 1);
        return position;
    }

    private IEnumerable<WantedColumn> Wanted() => _positions.OrderBy(pair => pair.Value).Select(pair => new WantedColumn(pair.Key, null, setting, HoldsFeature: true));
}
