using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Which row of a file an item has: each item one.</summary>
internal sealed class RowNumbers(string path)
{
    private readonly List<long> _rows = [];

    /// <summary>Notes an item's row.</summary>
    /// <exception cref="EventsFileException">It has one already.</exception>
    public void Add(int item, long row, ReadOnlySpan<char> key)
    {
        while (_rows.Count <= item)
            _rows.Add(0);
        if (_rows[item] != 0)
            throw new EventsFileException(path, row, $"item {Shown.Value(key)} is there again, after row {_rows[item]:N0}", "one row an item");
        _rows[item] = row;
    }

    /// <summary>Texts as the numbers that they were guessed to be.</summary>
    /// <exception cref="EventsFileException">One is none.</exception>
    public NumberValues Numbers(TextValues texts)
    {
        var numbers = new NumberValues(texts.Name);
        for (var item = 0; item < texts.Values.Count; item++)
        {
            if (texts.Values[item] is not { } text)
                continue;
            if (!NumberText.TryParseFinite(text, out var number))
            {
                throw new EventsFileException(
                    path, _rows[item], $"{Shown.Value(texts.Name)} is {Shown.Value(text)}, where nearly all other rows have numbers", NumberText.Expected,
                    $"Or say what the column is in {SourceReader.ColumnSetting}.");
            }

            numbers.Set(item, number);
        }

        return numbers;
    }
}
