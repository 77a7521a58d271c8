namespace NextItem.Models.Baselines;

/// <summary>Makes an <see cref="ItemTable"/> row by row, of each row the best.</summary>
/// <param name="itemCount">Number of items, I: of rows.</param>
/// <param name="longestRow">How many entries of a row are kept: those of the highest score, the lower item first among equals.</param>
internal sealed class ItemTableBuilder(int itemCount, int longestRow)
{
    private readonly int[] _offsets = new int[itemCount + 1];
    private readonly List<ScoredItem> _entries = [];
    private readonly List<(double Score, int Item)> _row = [];
    private int _rows;

    /// <summary>Adds an entry to the row; each item at most once.</summary>
    public void Add(int item, double score) => _row.Add((ScoreOrder.Significant(score), item));

    /// <summary>Ends the row.</summary>
    public void EndRow()
    {
        _row.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Item.CompareTo(b.Item));
        var first = _entries.Count;
        var (before, floatBefore) = (double.PositiveInfinity, float.PositiveInfinity);
        for (var i = 0; i < Math.Min(longestRow, _row.Count); i++)
        {
            floatBefore = ScoreOrder.Behind(_row[i].Score, before, floatBefore);
            before = _row[i].Score;
            _entries.Add(new ScoredItem(_row[i].Item, floatBefore));
        }

        _entries.Sort(first, _entries.Count - first, s_byItem);
        _row.Clear();
        _offsets[++_rows] = _entries.Count;
    }

    /// <summary>The table, after the last row.</summary>
    public ItemTable Build() => new(_offsets, [.. _entries]);

    private static readonly IComparer<ScoredItem> s_byItem = Comparer<ScoredItem>.Create(static (a, b) => a.ItemIndex.CompareTo(b.ItemIndex));
}
