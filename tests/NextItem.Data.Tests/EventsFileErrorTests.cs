using System.Text;

namespace NextItem.Data.Tests;

public sealed class EventsFileErrorTests : IDisposable
{
    private const string Header = "SessionId\tItemId\tTime\n";
    private const string OtherDates = "Dates written in other ways 'nextitem prepare --time-format' reads; or write them as 2026-03-01 00:00.";
    private const string Quotes =
        "the quote marks (\") do not match; expected a field with separators or line breaks in quote marks, and a quote mark in it written twice.";

    private const string StrayQuote = "A stray quote mark (\") that runs rows together has this effect.";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", ": the file is empty (0 bytes); expected a header and events.")]
    [InlineData("\n\n", ": the first line is blank; expected a header with the columns 'SessionId', 'ItemId', 'Time'.")]
    [InlineData("\uFEFF", ": the first line is blank; expected a header with the columns 'SessionId', 'ItemId', 'Time'.")]
    [InlineData(Header, ": there is a header but no event (0 rows); expected at least one event.")]
    [InlineData(Header + "\n\n", ": there is a header but no event (0 rows); expected at least one event.")]
    [InlineData(Header + "s\ta\n", ", row 1: there are 2 fields; expected 3, as in the header.")]
    [InlineData(Header + "s\ta\t1\ns\n", ", row 2: there is 1 field; expected 3, as in the header.")]
    [InlineData(Header + "s\ta\t1\t\n", ", row 1: there are 4 fields; expected 3, as in the header.")]
    [InlineData(Header + "s\ta\t1\n\ns\ta\t2\n", ", row 2: the line is blank; expected 3 fields, as in the header. Blank lines may stand only at the end. 'nextitem prepare' passes over others.")]
    [InlineData(Header + "\ta\t1\n", ", row 1: 'SessionId' is empty; expected an id.")]
    [InlineData(Header + "s\t\"\"\t1\n", ", row 1: 'ItemId' is empty; expected an id.")]
    [InlineData(Header + "s\ta\t1\ns\ta\t\n", ", row 2: 'Time' is empty; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\tnoon\n", ", row 1: 'Time' is 'noon'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t01.03.2026 00:00\n", ", row 1: 'Time' is '01.03.2026 00:00'; expected a number or an ISO 8601 date. " + OtherDates)]
    [InlineData(Header + "s\ta\t3/1/2026\n", ", row 1: 'Time' is '3/1/2026'; expected a number or an ISO 8601 date. " + OtherDates)]
    [InlineData(Header + "s\ta\tNaN\n", ", row 1: 'Time' is 'NaN'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t-Infinity\n", ", row 1: 'Time' is '-Infinity'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t1e999\n", ", row 1: 'Time' is '1e999'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t1,5\n", ", row 1: 'Time' is '1,5'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t2014-02-29\n", ", row 1: 'Time' is '2014-02-29'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t\"x\ty z\u0001\"\n", ", row 1: 'Time' is 'x\\ty z\\u0001'; expected a number or an ISO 8601 date.")]
    [InlineData(Header + "s\ta\t1\ns\t\"b\t2\ns\tc\"\t3\n", ", row 2: 'ItemId' is 'b\\t2\\ns\\tc', which runs over 2 lines; expected a key in one line. " + StrayQuote)]
    [InlineData(Header + "\"s\ta\t1\r\nt\tb\t2\r\nu\"\tc\t3\r\n", ", row 1: 'SessionId' is 's\\ta\\t1\\r\\nt\\tb\\t2\\r\\nu', which runs over 3 lines; expected a key in one line. " + StrayQuote)]
    [InlineData(Header + "s\t\"b\rc\nd\"\t3\n", ", row 1: 'ItemId' is 'b\\rc\\nd', which runs over 3 lines; expected a key in one line. " + StrayQuote)]
    [InlineData(Header + "s\ta\t\"1\n\"\n", ", row 1: 'Time' is '1\\n', which runs over 2 lines; expected a number or an ISO 8601 date. " + StrayQuote)]
    [InlineData(
        Header + "s\ta\tx234567890123456789012345678901234567890123456789\n",
        ", row 1: 'Time' is 'x234567890123456789012345678901234567890...'; expected a number or an ISO 8601 date.")]
    [InlineData(
        Header + "s\ta\t1\ns\ta\t2\ns\ta\t2014-04-07\n",
        ", row 3: 'Time' is '2014-04-07', a date, where row 1 has a number; expected numbers in every row or dates in every row.")]
    [InlineData(
        Header + "s\ta\t2014-04-07\ns\ta\t20140407\n",
        ", row 2: 'Time' is '20140407', a number, where row 1 has a date; expected numbers in every row or dates in every row.")]
    [InlineData(Header + "s\t5\" pipe\t1\ns\t6\" pipe\t2\ns\tb\t3\n", ", row 1: " + Quotes)]
    [InlineData(Header + "s\ta\t1\ns\t\"open\t1\ns\tb\t3\n", ", row 2: " + Quotes)]
    [InlineData(Header + "s\t\"a\"b\"\t1\n", ", row 1: " + Quotes)]
    [InlineData("SessionId\tItemId\tTime\tTitle\ns\ta\t1\t5\" pipe\ns\tb\t2\t6\" pipe\n", ", row 1: " + Quotes)]
    [InlineData(
        "SessionId\tItemId\t\"Time\n",
        ": the quote marks (\") do not match in the header; expected a field with separators or line breaks in quote marks, and a quote mark in it written twice.")]
    public void Read_FaultyText_NamesFileRowFoundAndExpected(string text, string message)
    {
        var path = _folder.Write("events.tsv", text);

        Assert.Equal(path + message, TempFolder.Refusal(path).Message);
    }

    [Theory]
    [InlineData(
        "SessionId\tItemId\tTimestamp\ns\ta\t1\n",
        "there is no column 'Time' among 'SessionId', 'ItemId', 'Timestamp'; expected the columns 'SessionId', 'ItemId', 'Time'. "
        + "Did you mean 'Timestamp'? Then say --time-column Timestamp (EventColumns.Time).")]
    [InlineData(
        "session_id,item_id,when\ns,a,1\n",
        "there are no columns 'SessionId', 'ItemId', 'Time' among 'session_id', 'item_id', 'when'; expected the columns 'SessionId', 'ItemId', 'Time'. "
        + "Did you mean 'session_id'? Then say --session-column session_id (EventColumns.Session). "
        + "Did you mean 'item_id'? Then say --item-column item_id (EventColumns.Item). "
        + "Name another column with --time-column (EventColumns.Time).")]
    [InlineData(
        "visit,product,when\ns,a,1\n",
        "there are no columns 'SessionId', 'ItemId', 'Time' among 'visit', 'product', 'when'; expected the columns 'SessionId', 'ItemId', 'Time'. "
        + "Name other columns with --session-column (EventColumns.Session), --item-column (EventColumns.Item) and --time-column (EventColumns.Time).")]
    [InlineData(
        "SessionId|ItemId|Time\ns|a|1\n",
        "there are no columns 'SessionId', 'ItemId', 'Time' among 'SessionId|ItemId|Time'; expected the columns 'SessionId', 'ItemId', 'Time'. "
        + "Columns are separated by tab, comma or semicolon. "
        + "Did you mean 'SessionId|ItemId|Time'? Then say --session-column SessionId|ItemId|Time (EventColumns.Session). "
        + "Did you mean 'SessionId|ItemId|Time'? Then say --item-column SessionId|ItemId|Time (EventColumns.Item). "
        + "Did you mean 'SessionId|ItemId|Time'? Then say --time-column SessionId|ItemId|Time (EventColumns.Time).")]
    [InlineData(
        "1,2014-04-07T10:51:09.277Z,214536502,0\n1,2014-04-07T10:54:09.868Z,214536500,0\n",
        "the first line, '1', '2014-04-07T10:51:09.277Z', '214536502', '0', looks like data and not like a header; "
        + "expected a header with the columns 'SessionId', 'ItemId', 'Time'. Add a first line that names the columns.")]
    [InlineData(
        "{\"visitor\": {\"id\": \"v002368\"}, \"sku\": \"a,b\"}\n{\"visitor\": {\"id\": \"v2\"}, \"sku\": \"c\"}\n",
        "the file looks like JSON lines; expected events separated by tab, comma or semicolon, or Parquet. 'nextitem prepare' reads JSON lines and makes such files of them.")]
    [InlineData(
        "[\n{\"visitor\": 1}\n]\n",
        "the file looks like a JSON array; expected events separated by tab, comma or semicolon, or Parquet. jq -c '.[]' makes lines of an array, which 'nextitem prepare' reads.")]
    [InlineData(
        "[{ \"visitor\": 1}]",
        "the file looks like a JSON array; expected events separated by tab, comma or semicolon, or Parquet. jq -c '.[]' makes lines of an array, which 'nextitem prepare' reads.")]
    [InlineData(
        "SessionId\tItemId\tTime\tTime\ns\ta\t1\t1\n",
        "the column 'Time' is there twice; expected every column that is used to be there once.")]
    public void Read_FaultyHeader_SaysWhatIsThereAndHowToGoOn(string text, string message)
    {
        var path = _folder.Write("events.tsv", text);

        Assert.Equal($"{path}: {message}", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_FaultyRow_FillsTheProperties()
    {
        var text = new StringBuilder(Header);
        for (var i = 1; i < 18_204; i++)
            text.Append("s\ta\t1\n");
        var path = _folder.Write("events.tsv", text.Append("s\ta\t\n").ToString());

        var refusal = TempFolder.Refusal(path);

        Assert.Equal($"{path}, row 18,204: 'Time' is empty; expected a number or an ISO 8601 date.", refusal.Message);
        Assert.Equal((path, 18_204L, "'Time' is empty", "a number or an ISO 8601 date"), (refusal.Path, refusal.Row, refusal.Found, refusal.Expected));
    }

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        var path = _folder.At("none.tsv");

        Assert.Equal($"{path}: there is no such file; expected a file of events.", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_NoFolder_SaysSo()
    {
        var path = _folder.At("none/events.tsv");

        Assert.Equal($"{path}: there is no such file; expected a file of events.", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_Folder_SaysSo() =>
        Assert.Equal($"{_folder.Path}: this is a folder; expected a file of events.", TempFolder.Refusal(_folder.Path).Message);

    [Fact]
    public void Read_FileWithoutPermission_SaysSo()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("root reads every file, and Windows has no such permissions");
            return;
        }

        var path = _folder.Write("events.tsv", Header + "s\ta\t1\n");
        File.SetUnixFileMode(path, UnixFileMode.None);

        var refusal = Assert.Throws<EventsFileException>(() => EventsFile.Read(path));

        Assert.Equal($"{path}: access is denied; expected a file of events that can be read.", refusal.Message);
    }

    [Fact]
    public void Read_LockedFile_SaysSo()
    {
        var path = _folder.Write("events.tsv", Header + "s\ta\t1\n");
        using var locked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var refusal = Assert.Throws<EventsFileException>(() => EventsFile.Read(path));

        Assert.StartsWith($"{path}: reading fails (", refusal.Message);
        Assert.EndsWith("); expected a file of events that can be read.", refusal.Message);
        Assert.IsType<IOException>(refusal.InnerException);
    }

    [Fact]
    public void Read_EveryTruncationOfGzip_IsRefused()
    {
        var text = new StringBuilder(Header);
        for (var i = 0; i < 300; i++)
            text.Append("s\titem-").Append(i * 7919 % 101).Append('\t').Append(i).Append('\n');
        var whole = TempFolder.Gzip(text.ToString());
        Assert.Equal(300, EventsFile.Read(_folder.Write("whole.gz", whole)).EventCount);

        for (var length = 2; length < whole.Length; length++)
        {
            var path = _folder.Write("events.tsv.gz", whole[..length]);
            Assert.Equal(
                $"{path}: the gzip data is damaged or cut short; expected a complete gzip file. Copy or compress it again.",
                TempFolder.Refusal(path).Message);
        }
    }

    [Fact]
    public void Read_TruncatedBigGzip_IsRefused()
    {
        var text = new StringBuilder(Header);
        for (var i = 0; i < 200_000; i++)
            text.Append(i / 5).Append('\t').Append(i * 7919L % 10_007).Append('\t').Append(i).Append('\n');
        var whole = TempFolder.Gzip(text.ToString());
        foreach (var cut in (int[])[1, 8, 100, whole.Length / 2])
        {
            var path = _folder.Write("events.tsv.gz", whole[..^cut]);
            Assert.Equal("the gzip data is damaged or cut short", TempFolder.Refusal(path).Found);
        }
    }

    [Fact]
    public void Read_CorruptGzip_IsRefused()
    {
        var bytes = TempFolder.Gzip(Header + string.Concat(Enumerable.Range(0, 300).Select(i => $"s\t{i * 7919 % 101}\t{i}\n")));
        bytes[^6] ^= 0x55;
        var path = _folder.Write("events.tsv.gz", bytes);

        Assert.Equal(
            $"{path}: the gzip data is damaged or cut short; expected a complete gzip file. Copy or compress it again.",
            TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_GzipOfNothing_SaysSo()
    {
        // The framework's writer leaves out an empty member; gzip itself writes one.
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var path = _folder.Write("events.tsv.gz", empty);

        Assert.Equal($"{path}: the file is empty once decompressed (0 bytes); expected a header and events.", TempFolder.Refusal(path).Message);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0 }, "a zip archive")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 1, 2 }, "compressed with Zstandard")]
    [InlineData(new byte[] { (byte)'B', (byte)'Z', (byte)'h', (byte)'9', 1, 2 }, "compressed with bzip2")]
    [InlineData(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0 }, "compressed with xz")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'S', 0 }, "UTF-16 text")]
    public void Read_OtherKindOfFile_NamesIt(byte[] bytes, string kind)
    {
        var path = _folder.Write("events.tsv", bytes);

        Assert.Equal(
            $"{path}: the file is {kind}; expected UTF-8 text, plain or gzipped, or Parquet. Convert it first.", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_Binary_SaysSo()
    {
        var path = _folder.Write("events.parquet", [1, 2, 3, 0, 0, 5, 6]);

        Assert.Equal($"{path}: the file is binary; expected UTF-8 text, plain or gzipped, or Parquet.", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_Latin1Text_NamesTheRow()
    {
        var text = Header + string.Concat(Enumerable.Range(1, 20_000).Select(i => $"s\t{(i == 15_000 ? "\u00FC" : "a")}\t{i}\n"));
        var path = _folder.Write("events.tsv", Encoding.Latin1.GetBytes(text));

        Assert.Equal($"{path}, row 15,000: the text is not UTF-8; expected UTF-8 text. If the whole file is Latin-1 (older Windows programs), convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW. If only some rows are, that would spoil the others: correct these rows or leave them out, as 'nextitem prepare' does.", TempFolder.Refusal(path).Message);
    }

    [Theory]
    [InlineData("visit,ItemId,Time", "there is no column 'SessionId' among 'visit', 'ItemId', 'Time'")]
    [InlineData("SessionId,ItemId,Time", "the text is not UTF-8")]
    [InlineData("visit,Gr\u00F6\u00DFe,Time", "the text is not UTF-8")]
    public void Read_Latin1TextWithoutTheColumns_TellsOfTheHeaderFirstWhereItCanBeRead(string header, string found)
    {
        var path = _folder.Write("events.csv", Encoding.Latin1.GetBytes(header + "\ns,a,1\ns,\u00FC,2\n"));

        Assert.Equal(found, TempFolder.Refusal(path).Found);
    }

    [Theory]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 0x1A, 10, 0, 0, 0, 13 })]
    [InlineData(new byte[] { (byte)'%', (byte)'P', (byte)'D', (byte)'F', 10, (byte)'%', 0xE2, 0xE3, 10, 3, 4, 10 })] // no NUL
    public void Read_BinaryThatIsNoUtf8_SaysSo(byte[] bytes)
    {
        var path = _folder.Write("events.csv", bytes);
        Assert.Equal($"{path}: the file is binary; expected UTF-8 text, plain or gzipped, or Parquet.", TempFolder.Refusal(path).Message);
    }

    /// <summary>Whether text is binary is a question of text that cannot be decoded: keys may hold any character.</summary>
    [Fact]
    public void Read_ControlCharactersInUtf8_AreNoSignOfABinaryFile()
    {
        var path = _folder.Write("events.csv", "SessionId,ItemId,Time\ns\u0001,a\0,1\n");
        Assert.Equal("a\0", EventsFile.Read(path).Catalog.KeyOf(0));

        path = _folder.Write("latin.csv", [.. Encoding.UTF8.GetBytes($"SessionId,ItemId,Time\ns\u0001,a,1\n{string.Concat(Enumerable.Repeat("s,b,1\n", 1000))}s,"), 0xFC, .. ",2\n"u8]);
        Assert.Equal("the text is not UTF-8", TempFolder.Refusal(path).Found);
    }

    [Fact]
    public void Read_RowBeyondTheLongest_SaysSo()
    {
        var path = _folder.Write("events.tsv", $"{Header}s\ta\t1\ns\t{new string('x', 17_000_000)}\t2\n");

        Assert.Equal(
            $"{path}, row 2: the row is longer than 16,777,216 characters; expected a shorter row. A quote mark (\") that is never closed has this effect.",
            TempFolder.Refusal(path).Message);
    }

    [Fact]
    public void Read_TextWithAnyByteChanged_IsReadOrRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Header + "s1\t\"a\"\"b\"\t2014-04-07T10:51:09Z\ns2\tü\t2014-04-08 10:51\n");
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in "\0\t\n\r\",-9\u00FF"u8.ToArray())
            {
                var changed = bytes.ToArray();
                changed[at] = value;
                AssertReadOrRefused(_folder.Write("events.tsv", changed));
            }
        }
    }

    internal static void AssertReadOrRefused(string path, EventColumns? columns = null)
    {
        try
        {
            Assert.True(EventsFile.Read(path, columns).EventCount > 0);
        }
        catch (EventsFileException e)
        {
            Assert.StartsWith(path, e.Message);
        }

        TempFolder.AssertClosed(path);
    }
}
