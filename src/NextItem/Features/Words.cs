using System.Buffers;
using System.Text;

namespace NextItem.Features;

/// <summary>
/// The words of a text, lower-cased: maximal runs of Unicode letters, digits and combining marks, whatever stands between
/// them. Kept as the words with one blank between, so that a sequence of words is a piece of it: no string is made a word.
/// </summary>
/// <remarks>
/// Letters are the categories L, digits Nd, marks M (the vowel signs of many scripts, accents that stand apart). Lower case is
/// the invariant one. Nothing is normalised or stemmed, and words of one letter count. A script without blanks gives one long
/// word a phrase.
/// </remarks>
internal sealed class Words
{
    private char[] _text = new char[256];
    private readonly List<(int Start, int End)> _words = [];
    private int _length;

    /// <summary>Number of words of the text.</summary>
    public int Count => _words.Count;

    /// <summary>A sequence of words with one blank between.</summary>
    public ReadOnlySpan<char> Sequence(int first, int count) => _text.AsSpan(_words[first].Start.._words[first + count - 1].End);

    /// <summary>Reads a text.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        _words.Clear();
        _length = 0;
        var inWord = false;
        while (!text.IsEmpty)
        {
            // Half a surrogate pair decodes as U+FFFD, which is no letter.
            var isText = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done && IsOfWord(rune);
            text = text[length..];
            if (isText)
                Append(Rune.ToLowerInvariant(rune), startsWord: !inWord);
            inWord = isText;
        }
    }

    private void Append(Rune rune, bool startsWord)
    {
        if (_length + 3 > _text.Length)
            Array.Resize(ref _text, _text.Length * 2);
        if (startsWord)
        {
            if (_length > 0)
                _text[_length++] = ' ';
            _words.Add((_length, _length));
        }

        _length += rune.EncodeToUtf16(_text.AsSpan(_length));
        _words[^1] = (_words[^1].Start, _length);
    }

    private static bool IsOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.EnclosingMark;
}
