using System.Text;
using System.Text.Unicode;
using nietras.SeparatedValues;

namespace NextItem.Data.Reading;

/// <summary>Rows of separated text. Sep splits lines and fields; what a field means, quoted or not, is decided here.</summary>
internal sealed class DelimitedTable : TableReader
{
    private const int BufferLength = 1 << 16;
    private const int NotQuoted = -1;
    private const string BadQuotes = "the quote marks (\") do not match";
    private const string GoodQuotes = "a field with separators or line breaks in quote marks, and a quote mark in it written twice";
    private const string StrayQuote = "A stray quote mark (\") that runs rows together has this effect.";

    private readonly InputFile _input;
    private readonly bool _hasHeader;
    private readonly char _separator;
    private readonly SepReader _reader;
    private readonly int _fieldCount;
    private readonly int[] _positions;
    private readonly char[][] _unquoted;
    private readonly int[] _unquotedLengths;
    private bool _anyQuoted;

    public DelimitedTable(
        InputFile input, WantedColumn[] columns, Func<IReadOnlyList<FoundColumn>, IEnumerable<WantedColumn>>? choose, CancellationToken cancellationToken)
        : base(input.Path, columns, cancellationToken)
    {
        _input = input;
        _hasHeader = columns[0].Position is null;
        try
        {
            _separator = _hasHeader ? Header.Separator(input.Bytes) : '\t';
            _reader = OpenRows(input, new UTF8Encoding(false, throwOnInvalidBytes: true), _separator);
            if (_hasHeader)
            {
                var names = ReadHeader(_reader);
                _fieldCount = names.Count;
                Choose(choose, names.Select(name => new FoundColumn(name)));
                _positions = Header.Find(Path, names, Wanted, _separator);
            }
            else
            {
                _fieldCount = columns.Length;
                _positions = [.. columns.Select(column => column.Position!.Value)];
            }

            _unquoted = [.. _positions.Select(_ => Array.Empty<char>())];
            _unquotedLengths = new int[_positions.Length];
        }
        catch (Exception e)
        {
            throw Translate(e) ?? e;
        }
    }

    public override ReadOnlySpan<char> Text(int column)
    {
        if (_anyQuoted && _unquotedLengths[column] != NotQuoted)
            return _unquoted[column].AsSpan(0, _unquotedLengths[column]);
        return _reader.Current[_positions[column]].Span;
    }

    public override ReadOnlySpan<char> Key(int column)
    {
        RequireOneLine(column, "a key in one line");
        return base.Key(column);
    }

    public override double Time(int column)
    {
        RequireOneLine(column, ExpectedTime);
        return TimeOf(column, Text(column));
    }

    public override void Dispose()
    {
        _reader.Dispose();
        _input.Dispose();
    }

    protected override bool Advance()
    {
        if (!MoveReader())
            return false;
        var row = _reader.Current;
        if (!_hasHeader && Row == 0)
            RefuseHeader(row);
        if (row.ColCount != _fieldCount)
            return IsBlank(row) ? SkipBlankEnd() : throw Miscounted(row);
        _anyQuoted = row.Span.Contains(Quoting.Mark);
        if (_anyQuoted)
            UnquoteRow(row);
        return true;
    }

    private static SepReader OpenRows(InputFile input, Encoding encoding, char separator)
    {
        if (input.Bytes.Peek(3).SequenceEqual(Encoding.UTF8.Preamble))
            input.Bytes.ReadExactly(stackalloc byte[3]);
        var text = new StreamReader(input.Bytes, encoding, detectEncodingFromByteOrderMarks: false, BufferLength);
        return Sep.New(separator).Reader(o => o with { HasHeader = false, DisableColCountCheck = true }).From(text);
    }

    private static bool IsBlank(SepReader.Row row) => row.ColCount == 1 && row.Span.IsEmpty;

    private List<string> ReadHeader(SepReader rows)
    {
        if (!rows.MoveNext() || IsBlank(rows.Current))
            throw Fault(null, "the first line is blank", $"a header with the columns {Shown.Names(Wanted.Select(column => column.Name))}");
        var row = rows.Current;
        RefuseOtherKinds(row);
        var names = new List<string>(row.ColCount);
        for (var i = 0; i < row.ColCount; i++)
        {
            var name = row[i].Span;
            if (!Quoting.IsWellFormed(name, _separator))
                throw Fault(null, $"{BadQuotes} in the header", GoodQuotes);
            names.Add(Quoting.Text(name));
        }

        return names;
    }

    private void RefuseHeader(SepReader.Row row)
    {
        RefuseOtherKinds(row);
        if (FirstLine.HeaderNames(row.Span) is { } names)
            throw Fault(null, $"the first line, {Shown.Names(names)}, looks like a header", $"rows of {FieldsWanted}, without a header", WithHeader);
    }

    private void RefuseOtherKinds(SepReader.Row row)
    {
        if (row.Span.Contains('\0') && (_hasHeader || row.ColCount != _fieldCount)) // without a header it may be a row, and keys are any text
            throw Binary();
        if (FirstLine.JsonKind(row.Span) is not { } json)
            return;
        var isEvents = _input.Content == InputFile.Events;
        var advice = !isEvents ? "Convert it first."
            : json == FirstLine.JsonLines ? "'nextitem prepare' reads JSON lines and makes such files of them."
            : "jq -c '.[]' makes lines of an array, which 'nextitem prepare' reads.";
        throw Fault(null, $"the file looks like {json}", $"{_input.Content} {(_hasHeader ? "separated by tab, comma or semicolon, or Parquet" : "separated by tabs")}", advice);
    }

    private EventsFileException Binary(Exception? cause = null) => Fault(null, "the file is binary", _input.ReadableKinds, cause: cause);

    // Only a quoted field can hold line breaks, so rows without quote marks pay nothing. A key or a time has no use for them; mostly a stray
    // quote mark swallowed the rows up to the next one, which would be lost in silence.
    private void RequireOneLine(int column, string expected)
    {
        if (!_anyQuoted || _unquotedLengths[column] == NotQuoted)
            return;
        var text = Text(column);
        if (text.IndexOfAny('\r', '\n') < 0)
            return;
        var lines = 1 + text.Count('\n') + text.Count('\r') - text.Count("\r\n");
        throw Fault(Row, $"{Wanted[column].Label} is {Shown.Value(text)}, which runs over {lines:N0} lines", expected, StrayQuote);
    }

    private bool MoveReader()
    {
        try
        {
            return _reader.MoveNext();
        }
        catch (Exception e)
        {
            throw Translate(e) ?? e;
        }
    }

    private void UnquoteRow(SepReader.Row row)
    {
        for (var i = 0; i < row.ColCount; i++)
        {
            var field = row[i].Span;
            if (!Quoting.IsWellFormed(field, _separator))
                throw Fault(Row + 1, BadQuotes, GoodQuotes);
        }

        for (var column = 0; column < _positions.Length; column++)
        {
            var field = row[_positions[column]].Span;
            _unquotedLengths[column] = NotQuoted;
            if (field.IsEmpty || field[0] != Quoting.Mark)
                continue;
            if (_unquoted[column].Length < field.Length)
                _unquoted[column] = new char[field.Length * 2];
            _unquotedLengths[column] = Quoting.Unquote(field, _unquoted[column]);
        }
    }

    private bool SkipBlankEnd()
    {
        while (MoveReader())
        {
            if (!IsBlank(_reader.Current))
                throw Fault(Row + 1, "the line is blank", FieldsWanted, $"Blank lines may stand only at the end.{(_input.Content == InputFile.Events ? " 'nextitem prepare' passes over others." : "")}");
        }

        return false;
    }

    private EventsFileException Miscounted(SepReader.Row row)
    {
        // A stray quote mark swallows separators and line ends, so it is the likelier cause of a wrong count.
        for (var i = 0; i < row.ColCount; i++)
        {
            if (!Quoting.IsWellFormed(row[i].Span, _separator))
                return Fault(Row + 1, BadQuotes, GoodQuotes);
        }

        var fields = row.ColCount == 1 ? "there is 1 field" : $"there are {row.ColCount:N0} fields";
        return Fault(Row + 1, fields, _hasHeader ? $"{_fieldCount:N0}, as in the header" : FieldsWanted);
    }

    private string FieldsWanted =>
        _hasHeader ? $"{_fieldCount:N0} fields, as in the header" : $"{_fieldCount:N0} fields separated by tabs ({string.Join(", ", Wanted.Select(column => column.Name))})";

    private EventsFileException? Translate(Exception e) => e switch
    {
        EventsFileException => null,
        DecoderFallbackException => Undecodable(e),
        NotSupportedException => Fault(
            Row + 1, "the row is longer than 16,777,216 characters", "a shorter row", "A quote mark (\") that is never closed has this effect.", e),
        _ => InputFile.Translate(Path, _input.Content, e),
    };

    private EventsFileException Undecodable(Exception e)
    {
        if (_input.LooksBinary)
            return Binary(e);
        var row = FirstUndecodableRow();
        return (row is null || !_hasHeader ? null : HeaderFault()) ?? Fault(row, "the text is not UTF-8", "UTF-8 text", Utf8Advice.HowToConvert, e);
    }

    // The decoder fails before the header is looked at where the wrong byte is near it. A header without the columns is the larger
    // fault, and converting the file would not mend it.
    private EventsFileException? HeaderFault()
    {
        try
        {
            using var again = InputFile.Open(Path, _input.Content, _hasHeader);
            using var rows = OpenRows(again, Encoding.UTF8, _separator);
            Header.Find(Path, ReadHeader(rows), Wanted, _separator);
            return null;
        }
        catch (EventsFileException fault)
        {
            return fault;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            return null; // a fault of the header's is not known, that of the text is
        }
    }

    // The decoder works ahead of the rows, so its complaint names none. Latin-1 turns every byte into one character and back.
    private long? FirstUndecodableRow()
    {
        try
        {
            using var again = InputFile.Open(Path, _input.Content, _hasHeader);
            using var rows = OpenRows(again, Encoding.Latin1, _separator);
            for (var row = _hasHeader ? 0L : 1L; rows.MoveNext(); row++)
            {
                if (!Utf8.IsValid(Encoding.Latin1.GetBytes(rows.Current.Span.ToArray())))
                    return row == 0 ? null : row;
            }
        }
        catch (Exception e) when (e is EventsFileException or IOException or InvalidDataException or NotSupportedException)
        {
            // The message does without a row: a pipe, for instance, cannot be read again.
        }

        return null;
    }
}
