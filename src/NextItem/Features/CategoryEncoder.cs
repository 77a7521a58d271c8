using System.Diagnostics;
using NextItem.Sessions;

namespace NextItem.Features;

/// <summary>
/// Categories as a one for each value that an item has, scaled to length 1: an item with m known values has 1/√m at each, so
/// that an item of many values is not louder than one of a single value.
/// </summary>
/// <remarks>Values are compared exactly, without the blanks around them. Values that fitting did not see have no feature.</remarks>
/// <param name="column">The column.</param>
/// <param name="separator">What stands between values; null where there is one value an item.</param>
/// <param name="values">The values; the position of a value is its feature.</param>
internal sealed class CategoryEncoder(string column, char? separator, KeyTable values) : PartEncoder(FeatureKind.Category, [column])
{
    public char? Separator => separator;

    public KeyTable Values => values;

    public override int Width => values.Count;

    /// <summary>Learns the values of a column of a table.</summary>
    public static CategoryEncoder Fit(FeatureTable table, FeatureColumnOptions column)
    {
        var texts = table.Require(column.Name, FeatureKind.Category);
        var found = new KeyTable();
        for (var item = 0; item < table.Items.Count; item++)
        {
            foreach (var value in new Parts(texts.TextOf(item), column.Separator))
                found.GetOrAdd(value);
        }

        return new CategoryEncoder(column.Name, column.Separator, Vocabulary.InOrder(found, Vocabulary.Order(found, _ => true)));
    }

    public override string NameOf(int feature) => $"{Columns[0]}={values[feature]}";

    public override string Describe() => $"{Width:N0} values{(separator is null ? "" : $", separated by '{separator}'")}";

    public override PartSource Open(FeatureTable table) => new Source(this, table.Require(Columns[0], FeatureKind.Category));

    private sealed class Source(CategoryEncoder encoder, FeatureColumn texts) : PartSource
    {
        private readonly List<int> _values = [];

        public override bool Append(int item, int start, RowsBuilder rows)
        {
            _values.Clear();
            var hasAny = false;
            foreach (var value in new Parts(texts.TextOf(item), encoder.Separator))
            {
                hasAny = true;
                if (encoder.Values.Find(value) is >= 0 and var known)
                    _values.Add(known);
            }

            _values.Sort();
            var different = 0;
            for (var i = 0; i < _values.Count; i++)
            {
                if (i == 0 || _values[i] != _values[i - 1])
                    _values[different++] = _values[i];
            }

            Debug.Assert(different <= _values.Count);
            var each = (float)(1 / Math.Sqrt(different));
            for (var i = 0; i < different; i++)
                rows.Add(start + _values[i], each);
            return hasAny;
        }
    }

    /// <summary>The values in a text: what stands between separators, without the blanks around it; nothing is no value.</summary>
    internal ref struct Parts(ReadOnlySpan<char> text, char? separator)
    {
        private ReadOnlySpan<char> _rest = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly Parts GetEnumerator() => this;

        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                var at = separator is { } mark ? _rest.IndexOf(mark) : -1;
                Current = (at < 0 ? _rest : _rest[..at]).Trim();
                _rest = at < 0 ? default : _rest[(at + 1)..];
                if (!Current.IsEmpty)
                    return true;
            }

            return false;
        }
    }
}
