using System.Text.Unicode;
using NextItem.Data.Reading;

namespace NextItem.Preparation.Inputs;

/// <summary>What makes text hard to divide into rows, with the lines where it is first: lines are counted from 1, the header and blank ones too.</summary>
internal sealed class TextOddities
{
    private const int LongestLookedAt = FirstLines.LongestLine;

    private readonly byte[] _line = new byte[LongestLookedAt];
    private int _length;
    private long _number = 1;
    private string? _firstEnd;
    private (long Line, string End)? _otherEnd;
    private long? _notUtf8;
    private long? _openQuote;
    private bool _isCarriageReturn;

    private TextOddities()
    {
    }

    /// <summary>Whether there are any.</summary>
    public bool Any => Found.Any();

    /// <summary>What was found.</summary>
    public IEnumerable<string> Found
    {
        get
        {
            if (_otherEnd is { } other)
                yield return $"line {other.Line:N0} ends with {other.End}, those before it with {_firstEnd}";
            if (_openQuote is { } quote)
                yield return $"a quote mark (\") in line {quote:N0} is never closed";
            if (_notUtf8 is { } line)
                yield return $"line {line:N0} is not UTF-8";
        }
    }

    /// <summary>What to do about it.</summary>
    public IEnumerable<string> Advice
    {
        get
        {
            if (_otherEnd is not null)
                yield return "Make the ends of lines alike: tr '\\r' '\\n' < FILE > NEW (blank lines are passed over).";
            if (_openQuote is not null)
                yield return "Close the quote mark or take it out.";
            if (_notUtf8 is not null)
                yield return Utf8Advice.HowToConvert;
        }
    }

    /// <summary>Looks through text to its end.</summary>
    public static TextOddities Of(Stream text)
    {
        var oddities = new TextOddities();
        var buffer = new byte[1 << 16];
        while (text.Read(buffer) is > 0 and var count)
        {
            foreach (var value in buffer.AsSpan(0, count))
                oddities.Add(value);
        }

        oddities.EndText();
        return oddities;
    }

    private void Add(byte value)
    {
        if (_isCarriageReturn)
        {
            _isCarriageReturn = false;
            EndLine(value == '\n' ? "\\r\\n" : "\\r");
            if (value == '\n')
                return;
        }

        if (value == '\r')
        {
            _isCarriageReturn = true;
            return;
        }

        if (value == '\n')
        {
            EndLine("\\n");
            return;
        }

        if (value == '"')
            _openQuote = _openQuote is not null ? null : IsAtStartOfField ? _number : null;
        if (_length < _line.Length)
            _line[_length++] = value;
    }

    // A mark within a field that does not begin with one is text.
    private bool IsAtStartOfField => _length == 0 || _length == _line.Length || (!char.IsAsciiLetterOrDigit((char)_line[_length - 1]) && _line[_length - 1] is > (byte)' ' and < 0x80 or (byte)'\t');

    private void EndLine(string end)
    {
        CheckLine();
        // A quoted field may have other line breaks than the rows.
        if (_openQuote is null)
        {
            _firstEnd ??= end;
            if (_firstEnd != end)
                _otherEnd ??= (_number, end);
        }

        _number++;
    }

    private void EndText()
    {
        if (_isCarriageReturn)
            EndLine("\\r");
        CheckLine();
    }

    private void CheckLine()
    {
        if (_notUtf8 is null && _length < _line.Length && !Utf8.IsValid(_line.AsSpan(0, _length)))
            _notUtf8 = _number;
        _length = 0;
    }
}
