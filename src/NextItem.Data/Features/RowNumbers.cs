using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Which row of a file an item has: each item one.</summary>
internal sealed class RowNumbers(string path)
{
    private const int MostShown = 4;

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
        var others = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var item = 0; item < texts.Values.Count; item++)
        {
            if (texts.Values[item] is not { } text)
                continue;
            if (NumberText.TryParseFinite(text, out var number))
                numbers.Set(item, number);
            else
                others[text] = Math.Min(_rows[item], others.GetValueOrDefault(text, long.MaxValue));
        }

        return others.Count == 0 ? numbers : throw NoNumbers(
            path, texts.Name, [.. others.OrderBy(other => other.Value)], ", where nearly all other rows have numbers", $" Or say what the column is in {SourceReader.ColumnSetting}.");
    }

    /// <summary>Texts that are no numbers, all of them at once, so that one look at the file is enough.</summary>
    public static EventsFileException NoNumbers(string path, string column, KeyValuePair<string, long>[] texts, string where, string advice)
    {
        var more = string.Concat(texts.Skip(1).Take(MostShown).Select(text => FormattableString.Invariant($", {Shown.Value(text.Key)} in row {text.Value:N0}")));
        var rest = texts.Length > MostShown + 1 ? FormattableString.Invariant($", and {texts.Length - MostShown - 1:N0} other texts") : "";
        return new EventsFileException(
            path, texts[0].Value, $"{Shown.Value(column)} is {Shown.Value(texts[0].Key)}{more}{rest}{where}", NumberText.Expected,
            SourceReader.MissingAdvice + advice);
    }
}
