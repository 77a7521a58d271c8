using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NextItem.Sessions;

namespace NextItem.Features;

/// <summary>
/// Texts as TF-IDF: a term is a sequence of words of one column; its value is count · (ln((1 + n) / (1 + df)) + 1), with n items
/// that have a text and df of them that have the term; rows are scaled to length 1.
/// </summary>
/// <remarks>
/// Bag of words of the p-RNN paper (Hidasi et al. 2016, section 4): single words and pairs, terms that occur once dropped. The
/// smooth form of the idf never divides by zero, and a term that every item has keeps a value. Terms that fitting did not see,
/// or dropped, have no value, also in new items.
/// </remarks>
internal sealed class TextEncoder : PartEncoder
{
    private readonly double[] _idf;

    /// <summary>An encoder from what is stored of it.</summary>
    /// <param name="columns">The text columns.</param>
    /// <param name="longestTerm">Words of the longest term.</param>
    /// <param name="terms">The vocabulary; the position of a term is its feature.</param>
    /// <param name="documentCounts">[V] df: how many items have each term.</param>
    /// <param name="documents">n: how many items have a text.</param>
    public TextEncoder(ImmutableArray<string> columns, int longestTerm, KeyTable terms, int[] documentCounts, int documents)
        : base(FeatureKind.Text, columns)
    {
        Debug.Assert(documentCounts.Length == terms.Count);
        (LongestTerm, Terms, DocumentCounts, Documents) = (longestTerm, terms, documentCounts, documents);
        _idf = new double[documentCounts.Length];
        for (var term = 0; term < _idf.Length; term++)
            _idf[term] = Math.Log((1.0 + documents) / (1.0 + documentCounts[term])) + 1;
    }

    public int LongestTerm { get; }

    public KeyTable Terms { get; }

    public int[] DocumentCounts { get; }

    public int Documents { get; }

    public override int Width => Terms.Count;

    /// <summary>Learns the vocabulary of the texts of a table.</summary>
    public static TextEncoder Fit(FeatureTable table, ImmutableArray<string> columns, int longestTerm, int leastTermCount)
    {
        var texts = columns.Select(column => table.Require(column, FeatureKind.Text)).ToArray();
        var words = new Words();
        var found = new KeyTable();
        var counts = new List<(long Total, int Documents, int LastItem)>();
        var documents = 0;
        for (var item = 0; item < table.Items.Count; item++)
        {
            var hasText = false;
            foreach (var text in texts)
            {
                hasText |= !text.TextOf(item).IsEmpty;
                words.Read(text.TextOf(item));
                foreach (var (first, length) in TermsOf(words, longestTerm))
                    Count(found.GetOrAdd(words.Sequence(first, length)), item);
            }

            documents += hasText ? 1 : 0;
        }

        var order = Vocabulary.Order(found, term => counts[term].Total >= leastTermCount);
        return new TextEncoder(columns, longestTerm, Vocabulary.InOrder(found, order), [.. order.Select(term => counts[term].Documents)], documents);

        void Count(int term, int item)
        {
            if (term == counts.Count)
                counts.Add((0, 0, -1));
            ref var count = ref CollectionsMarshal.AsSpan(counts)[term];
            count.Total++;
            count.Documents += count.LastItem == item ? 0 : 1;
            count.LastItem = item;
        }
    }

    public override string NameOf(int feature) => Terms[feature];

    public override string Describe() => $"{Width:N0} terms of {(LongestTerm == 1 ? "one word" : $"1 to {LongestTerm} words")}";

    public override PartSource Open(FeatureTable table) =>
        new Source(this, [.. Columns.Select(column => table.Require(column, FeatureKind.Text))]);

    private static IEnumerable<(int First, int Length)> TermsOf(Words words, int longestTerm)
    {
        for (var first = 0; first < words.Count; first++)
        {
            for (var length = 1; length <= Math.Min(longestTerm, words.Count - first); length++)
                yield return (first, length);
        }
    }

    private sealed class Source(TextEncoder encoder, FeatureColumn[] texts) : PartSource
    {
        private readonly Words _words = new();
        private readonly List<int> _terms = [];
        private readonly List<(int Term, double Value)> _values = [];

        public override bool Append(int item, int start, RowsBuilder rows)
        {
            _terms.Clear();
            _values.Clear();
            var hasText = false;
            foreach (var text in texts)
            {
                hasText |= !text.TextOf(item).IsEmpty;
                _words.Read(text.TextOf(item));
                foreach (var (first, length) in TermsOf(_words, encoder.LongestTerm))
                {
                    if (encoder.Terms.Find(_words.Sequence(first, length)) is >= 0 and var term)
                        _terms.Add(term);
                }
            }

            _terms.Sort();
            var squares = 0.0;
            for (var i = 0; i < _terms.Count;)
            {
                var first = i;
                while (i < _terms.Count && _terms[i] == _terms[first])
                    i++;
                var value = (i - first) * encoder._idf[_terms[first]];
                squares += value * value;
                _values.Add((_terms[first], value));
            }

            var norm = Math.Sqrt(squares);
            foreach (var (term, value) in _values)
                rows.Add(start + term, (float)(value / norm));
            return hasText;
        }
    }
}
