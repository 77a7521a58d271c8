using System.Text;
using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Tests;

/// <summary>Files without a header: session, item and time by their places, and rows counted from the first line.</summary>
public sealed class EventsFilePyGru4RecTests : IDisposable
{
    private const string ThreeFields = "3 fields separated by tabs (session, item, time)";
    private const string LeaveOut = "Leave out --format (EventColumns.Format) to read columns by their names.";

    private static readonly EventColumns s_format = new() { Format = EventsFormat.PyGru4Rec };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("7\t007\t1\n7\t12\t2.5\n8\t12\t3\n")]
    [InlineData("7\t007\t1\r\n7\t12\t2.5\r\n8\t12\t3")]
    [InlineData("\uFEFF7\t007\t1\n7\t12\t2.5\n8\t12\t3\n\n\n")]
    [InlineData("8\t12\t3\n7\t12\t2.5\n\"7\"\t\"007\"\t\"1\"\n")]
    public void Read_RowsWithoutHeader_GiveSessions(string text)
    {
        var expected = text.StartsWith('8') ? "8: 12 @3..3; 7: 007 12 @1..2.5" : "7: 007 12 @1..2.5; 8: 12 @3..3";
        var plain = _folder.Write("train.tsv", text);
        var gzipped = _folder.Write("train.tsv.gz", TempFolder.Gzip(text));

        Assert.Equal(expected, Sessions.Text(EventsFile.Read(plain, s_format)));
        Assert.Equal(expected, Sessions.Text(EventsFile.Read(gzipped, s_format)));
        TempFolder.AssertClosed(plain);
        TempFolder.AssertClosed(gzipped);
    }

    /// <summary>Keys are any text, in the first row as in others.</summary>
    [Fact]
    public void Read_FirstKeyWithAControlCharacter_IsAKey() =>
        Assert.Equal("a\0", EventsFile.Read(_folder.Write("train.tsv", "1\ta\0\t1\n1\tb\t2\n"), s_format).Catalog.KeyOf(0));

    [Fact]
    public void Read_WithCatalog_MarksUnknownItems()
    {
        var catalog = EventsFile.Read(_folder.Write("train.tsv", "1\ta\t1\n1\tb\t2\n"), s_format).Catalog;

        var test = EventsFile.Read(_folder.Write("test.tsv", "2\tb\t3\n2\tc\t4\n"), s_format, catalog);

        Assert.Equal("2: b ? @3..4", Sessions.Text(test));
    }

    [Fact]
    public void Read_SameEventsWithAndWithoutHeader_AreTheSame()
    {
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"{i / 4}\t{i * 7919 % 31}\t{1_000_000 + i}\n"));

        var with = EventsFile.Read(_folder.Write("with.tsv", "SessionId\tItemId\tTime\n" + rows));
        var without = EventsFile.Read(_folder.Write("without.tsv", rows), s_format);

        Assert.Equal((500, with.Fingerprint()), ((int)without.EventCount, without.Fingerprint()));
    }

    [Theory]
    [InlineData("", ": the file is empty (0 bytes); expected events.")]
    [InlineData("\n\n", ": there is no event (0 rows); expected at least one event.")]
    [InlineData("\uFEFF", ": there is no event (0 rows); expected at least one event.")]
    [InlineData("1\t2\n", ", row 1: there are 2 fields; expected " + ThreeFields + ".")]
    [InlineData("1\t2\t3\n1\n", ", row 2: there is 1 field; expected " + ThreeFields + ".")]
    [InlineData("1\t2\t3\t4\n", ", row 1: there are 4 fields; expected " + ThreeFields + ".")]
    [InlineData("1,2,3\n", ", row 1: there is 1 field; expected " + ThreeFields + ".")]
    [InlineData("a b c\n", ", row 1: there is 1 field; expected " + ThreeFields + ".")]
    [InlineData("\n1\t2\t3\n", ", row 1: the line is blank; expected " + ThreeFields + ". Blank lines may stand only at the end. 'nextitem prepare' passes over others.")]
    [InlineData("1\t2\t3\n\n1\t2\t4\n", ", row 2: the line is blank; expected " + ThreeFields + ". Blank lines may stand only at the end. 'nextitem prepare' passes over others.")]
    [InlineData("\t2\t3\n", ", row 1: field 1 (session) is empty; expected an id.")]
    [InlineData("1\t2\t3\n1\t\t4\n", ", row 2: field 2 (item) is empty; expected an id.")]
    [InlineData("1\t2\t3\n1\t2\t\n", ", row 2: field 3 (time) is empty; expected a number or an ISO 8601 date.")]
    [InlineData("1\t2\tnoon\n", ", row 1: field 3 (time) is 'noon'; expected a number or an ISO 8601 date.")]
    [InlineData("s\ta\t1\ns\ta\tnoon\n", ", row 2: field 3 (time) is 'noon'; expected a number or an ISO 8601 date.")]
    [InlineData(
        "1\t2\t3\n1\t2\t2014-04-07\n",
        ", row 2: field 3 (time) is '2014-04-07', a date, where row 1 has a number; expected numbers in every row or dates in every row.")]
    [InlineData(
        "1\t2\t3\n1\t\"2\t4\n",
        ", row 2: the quote marks (\") do not match; expected a field with separators or line breaks in quote marks, and a quote mark in it written twice.")]
    [InlineData(
        "1\t2\t3\n1\t\"2\t4\n1\t2\"\t5\n",
        ", row 2: field 2 (item) is '2\\t4\\n1\\t2', which runs over 2 lines; expected a key in one line. A stray quote mark (\") that runs rows together has this effect.")]
    [InlineData("{\"session\": 1, \"item\": 2, \"time\": 3}\n", ": the file looks like JSON lines; expected events separated by tabs. 'nextitem prepare' reads JSON lines and makes such files of them.")]
    [InlineData("1\t2\0\n", ": the file is binary; expected UTF-8 text, plain or gzipped.")]
    public void Read_FaultyText_NamesFileRowFoundAndExpected(string text, string message)
    {
        var path = _folder.Write("train.tsv", text);

        Assert.Equal(path + message, TempFolder.Refusal(path, s_format).Message);
    }

    [Theory]
    [InlineData("SessionId\tItemId\tTime\n1\t2\t3\n", "'SessionId', 'ItemId', 'Time'")]
    [InlineData("\"SessionId\"\t\"ItemId\"\t\"Time\"\t\"Title\"\n1\t2\t3\t4\n", "'SessionId', 'ItemId', 'Time', 'Title'")]
    [InlineData("\uFEFFsession,item,when\r\n1,2,3\r\n", "'session', 'item', 'when'")]
    [InlineData("session;item;when\n", "'session', 'item', 'when'")]
    public void Read_Header_SaysToLeaveOutTheFormat(string text, string names)
    {
        var path = _folder.Write("train.tsv", text);

        var refusal = TempFolder.Refusal(path, s_format);

        Assert.Equal($"{path}: the first line, {names}, looks like a header; expected rows of {ThreeFields}, without a header. {LeaveOut}", refusal.Message);
        Assert.Null(refusal.Row);
    }

    [Fact]
    public void Read_HeaderAfterTheFirstLine_IsAFaultyRow()
    {
        var path = _folder.Write("joined.tsv", "1\t2\t3\nSessionId\tItemId\tTime\n");

        Assert.Equal($"{path}, row 2: field 3 (time) is 'Time'; expected a number or an ISO 8601 date.", TempFolder.Refusal(path, s_format).Message);
    }

    [Fact]
    public void Read_NoHeaderWithoutTheFormat_NamesTheFormat()
    {
        var path = _folder.Write("train.tsv", "1\t2\t3\n");

        Assert.Equal(
            $"{path}: the first line, '1', '2', '3', looks like data and not like a header; expected a header with the columns 'SessionId', 'ItemId', 'Time'. "
            + "Add a first line that names the columns; or, if they are session, item and time, say --format pygru4rec (EventColumns.Format).",
            TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void ReadItemNames_NoHeader_DoesNotNameTheFormat()
    {
        var path = _folder.Write("items.tsv", "1\t2\t3\n");

        var refusal = Assert.Throws<EventsFileException>(() => ItemNamesFile.Read(path));

        Assert.EndsWith("'ItemId', 'Name'. Add a first line that names the columns.", refusal.Message);
    }

    [Fact]
    public void Read_FaultyTime_CountsFromTheFirstLine()
    {
        var path = _folder.Write("train.tsv", string.Concat(Enumerable.Range(1, 18_204).Select(i => $"1\t2\t{(i == 18_204 ? "x" : "3")}\n")));

        Assert.Equal(18_204, TempFolder.Refusal(path, s_format).Row);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15_000)]
    public void Read_Latin1Text_NamesTheRow(int faulty)
    {
        var text = string.Concat(Enumerable.Range(1, 20_000).Select(i => $"1\t{(i == faulty ? "\u00FC" : "a")}\t{i}\n"));
        var path = _folder.Write("train.tsv", Encoding.Latin1.GetBytes(text));

        Assert.Equal($"{path}, row {faulty:N0}: the text is not UTF-8; expected UTF-8 text. If the whole file is Latin-1 (older Windows programs), convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW. If only some rows are, that would spoil the others: correct these rows or leave them out, as 'nextitem prepare' does.", TempFolder.Refusal(path, s_format).Message);
    }

    [Fact]
    public void Read_OtherKindOfFile_DoesNotExpectParquet()
    {
        var path = _folder.Write("train.tsv", "PK\u0003\u0004xx");

        Assert.Equal($"{path}: the file is a zip archive; expected UTF-8 text, plain or gzipped. Convert it first.", TempFolder.Refusal(path, s_format).Message);
    }

    [Fact]
    public async Task Read_Parquet_SaysToLeaveOutTheFormat()
    {
        var schema = new ParquetSchema(new DataField<string>("SessionId"), new DataField<string>("ItemId"), new DataField<double>("Time"));
        var path = _folder.At("train.tsv");
        await using (var file = File.Create(path))
        {
            await using var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            $"{path}: the file is Parquet, whose columns have names; expected tab-separated text without a header, plain or gzipped. {LeaveOut}",
            TempFolder.Refusal(path, s_format).Message);
    }

    [Fact]
    public void Validate_NamesOrUnknownFormat_AreFaults()
    {
        var named = Assert.Throws<OptionsException>(() => (s_format with { Item = "x" }).Validate());
        var unknown = Assert.Throws<OptionsException>(() => new EventColumns { Format = (EventsFormat)7 }.Validate());

        Assert.Equal(["The format is PyGru4Rec, whose columns have no names; expected Session, Item and Time to be left as they are."], named.Faults);
        Assert.Equal(["Format is 7; expected Events or PyGru4Rec."], unknown.Faults);
    }

    [Fact]
    public void Write_PyGru4Rec_IsRefused()
    {
        var path = _folder.At("out.tsv");

        var error = Assert.Throws<OptionsException>(() => EventsFile.Write(path, [new("s", "a", 1)], s_format));

        Assert.Equal(["Format is PyGru4Rec, which is only read; expected Events for writing."], error.Faults);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Read_TextWithAnyByteChanged_IsReadOrRefused()
    {
        var bytes = "s1\t\"a\"\"b\"\t12\ns2\tü\t2\n"u8.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in "\0\t\n\r\",-9\u00FF"u8.ToArray())
            {
                var changed = bytes.ToArray();
                changed[at] = value;
                EventsFileErrorTests.AssertReadOrRefused(_folder.Write("events.tsv", changed), s_format);
            }
        }
    }
}
