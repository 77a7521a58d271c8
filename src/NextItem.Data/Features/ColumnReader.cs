using System.Collections.Immutable;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>Takes the values of a column from the current row of a table.</summary>
/// <param name="values">Gets them.</param>
/// <param name="missing">Texts that stand for nothing.</param>
internal abstract class ColumnReader(ColumnValues values, ImmutableArray<string> missing)
{
    public ColumnValues Values { get; } = values;

    /// <summary>Takes the value of an item.</summary>
    /// <param name="table">The table.</param>
    /// <param name="item">The item of its current row.</param>
    /// <param name="items">Number of items so far.</param>
    public abstract void Read(TableReader table, int item, int items);

    /// <summary>Called after the last row.</summary>
    /// <exception cref="EventsFileException">Values that could not be used, all of them at once.</exception>
    public virtual void Finish(string path)
    {
    }

    /// <summary>The text in a column; empty where it stands for nothing.</summary>
    protected ReadOnlySpan<char> TextOf(TableReader table, int position)
    {
        var text = table.Text(position).Trim();
        foreach (var nothing in missing)
        {
            if (text.SequenceEqual(nothing))
                return [];
        }

        return text;
    }
}

/// <summary>Texts, categories, and what will be guessed.</summary>
internal sealed class TextReader(TextValues values, int position, ImmutableArray<string> missing) : ColumnReader(values, missing)
{
    public override void Read(TableReader table, int item, int items)
    {
        if (table.HoldsVectors(position))
            throw table.Fault(null, $"the column {Shown.Value(Values.Name)} holds lists of numbers", "text; or use it as a vector");
        values.Set(item, TextOf(table, position));
    }
}

/// <summary>Numbers.</summary>
internal sealed class NumberReader(NumberValues values, int position, ImmutableArray<string> missing) : ColumnReader(values, missing)
{
    private const int MostOthers = 1000;

    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);

    public override void Read(TableReader table, int item, int items)
    {
        if (table.HoldsVectors(position))
            throw table.Fault(null, $"the column {Shown.Value(Values.Name)} holds lists of numbers", "single numbers; or use it as a vector");
        var text = TextOf(table, position);
        if (text.IsEmpty)
            return;
        if (NumberText.TryParseFinite(text, out var number))
            values.Set(item, number);
        else if (_others.Count < MostOthers)
            _others.TryAdd(text.ToString(), table.Row);
    }

    public override void Finish(string path)
    {
        if (_others.Count > 0)
            throw RowNumbers.NoNumbers(path, Values.Name, [.. _others.OrderBy(other => other.Value)], "", "");
    }
}

/// <summary>Vectors: lists, texts of several numbers, or several columns with a number each.</summary>
internal sealed class VectorReader(VectorValues values, int[] positions, string[] names, ImmutableArray<string> missing) : ColumnReader(values, missing)
{
    private static readonly char[] s_between = [' ', ',', ';', '|', '\t'];
    private readonly List<double> _vector = [];

    public override void Read(TableReader table, int item, int items)
    {
        _vector.Clear();
        if (positions.Length > 1)
            ReadColumns(table);
        else if (table.HoldsVectors(positions[0]))
            _vector.AddRange(table.Vector(positions[0]));
        else
            ReadText(table);
        if (_vector.Count == 0)
            return;
        if (values.Length > 0 && values.Length != _vector.Count)
            throw table.Fault(table.Row, $"{Shown.Value(Values.Name)} has {_vector.Count:N0} numbers", $"{values.Length:N0}, as in row {values.LengthRow:N0}");
        var vector = values.Add(item, _vector.Count, table.Row, items);
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)_vector[i];
            if (!float.IsFinite(vector[i]))
                throw NotFinite(table, i, FormattableString.Invariant($"{_vector[i]}"));
        }
    }

    private void ReadColumns(TableReader table)
    {
        var empty = -1;
        for (var i = 0; i < positions.Length; i++)
        {
            var text = TextOf(table, positions[i]);
            if (text.IsEmpty)
                empty = i;
            else
                _vector.Add(NumberText.TryParse(text, out var number) ? number : throw NotFinite(table, i, text));
        }

        if (empty >= 0 && _vector.Count > 0)
            throw table.Fault(table.Row, $"{Shown.Value(names[empty])} is empty", $"a finite number, or all of {Shown.Value(Values.Name)} empty where the vector is missing");
    }

    private void ReadText(TableReader table)
    {
        var text = TextOf(table, positions[0]);
        if (text.Length >= 2 && text[0] == '[' && text[^1] == ']')
            text = text[1..^1];
        foreach (var part in text.SplitAny(s_between))
        {
            if (!text[part].IsWhiteSpace())
                _vector.Add(NumberText.TryParse(text[part], out var number) ? number : throw NotFinite(table, _vector.Count, text[part]));
        }
    }

    private EventsFileException NotFinite(TableReader table, int place, ReadOnlySpan<char> text) =>
        table.Fault(table.Row, $"{(positions.Length > 1 ? Shown.Value(names[place]) : $"number {place + 1:N0} of {Shown.Value(Values.Name)}")} is {Shown.Value(text)}", "a finite number");
}
