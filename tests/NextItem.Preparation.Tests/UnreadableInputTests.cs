using System.Text;
using NextItem.Data;

namespace NextItem.Preparation.Tests;

/// <summary>Files of which no row, or not even the first line, can be read: the message says why, and not that they are empty.</summary>
public sealed class UnreadableInputTests : IDisposable
{
    private const string Convert = "If the whole file is Latin-1 (older Windows programs), convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW. If only some rows are, that would spoil the others: correct these rows or leave them out, as 'nextitem prepare' does.";
    private const string Header = "session_id,item_id,time\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(900, "900 rows are bad; the first")]
    [InlineData(1, "One row is bad")]
    public void Latin1_InEveryRow_IsToldWithTheFirst(int rows, string told)
    {
        var path = Latin1("log.csv", Header + Rows(rows));

        var refusal = Assert.Throws<PreparationException>(() => _folder.Prepare(path, Steps.Lenient));

        Assert.StartsWith($"Step 01-read left no event in events. {told}: {path}, row 1: the text is not UTF-8 in 's0,m", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"; expected UTF-8. {Convert}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latin1_InEveryRow_Strict_EndsAtTheFirst()
    {
        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(Latin1("log.csv", Header + Rows(900)), Steps.Lenient, options => options with { Strict = true }));

        Assert.Equal(1, refusal.Row);
        Assert.EndsWith(Convert, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latin1_InSomeRows_TellsHowToConvertOnce()
    {
        var path = Latin1("log.csv", Header + "s1,a,1000000000\ns1,ü,1000000001\ns1,ü,1000000002\ns2,a,1000200000\n");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(2, report.BadRowCount);
        Assert.EndsWith(Convert, report.BadRows[0], StringComparison.Ordinal);
        Assert.EndsWith("expected UTF-8.", report.BadRows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FieldTooMany_InEveryRow_IsToldWithTheFirst(bool isStrict)
    {
        var path = _folder.Write("log.csv", Header + string.Concat(Enumerable.Range(0, 6).Select(i => $"s{i},a,{1_000_000_000 + i},x\n")));

        var refusal = Assert.ThrowsAny<Exception>(() => _folder.Prepare(path, Steps.Lenient, options => options with { Strict = isStrict }));

        var first = $"{path}, row 1: there are 4 fields in 's0,a,1000000000,x'; expected 3.";
        Assert.Equal(isStrict ? first : $"Step 01-read left no event in events. 6 rows are bad; the first: {first}", refusal.Message);
    }

    [Fact]
    public void NoKeyInAnyRow_IsToldWithTheFirst()
    {
        var path = _folder.Write("log.csv", Header + "s1,,1000000000\ns2,,1000000001\n");

        Assert.Equal(
            $"Step 02-drop-bad-rows left no event in events, of 2 before it. 2 rows are bad; the first: {path}, row 1: 'item_id' is empty; expected an id. Are the columns and the unit of the time those that were meant?",
            Assert.Throws<PreparationException>(() => _folder.Prepare(path, Steps.Lenient)).Message);
    }

    [Fact]
    public void HeaderAlone_HasNoRow()
    {
        var paths = Enumerable.Range(1, 5).Select(i => _folder.Write($"log{i}.csv", Header)).ToArray();

        Assert.Equal($"{paths[0]}: there is no row of events after the header.", Assert.Throws<PreparationException>(() => _folder.Prepare(paths[0], Steps.Lenient)).Message);
        Assert.Equal(
            $"{paths[0]}, {paths[1]}, {paths[2]} and 2 more: there is no row of events after the header.",
            Assert.Throws<PreparationException>(() => _folder.Prepare(paths[0], Steps.Lenient, options => options with { Inputs = paths })).Message);
    }

    [Theory]
    [InlineData("s1,1,a,1000000000\n", 1)] // this row would be taken for the header
    [InlineData("s1,1,a,1000000000\n", 9000)]
    [InlineData("s1,1,ü,1000000000\n", 9000)]
    public void Latin1_InTheHeader_IsTold(string row, int rows)
    {
        var text = "\nsession_id,größe,item_id,time\n" + string.Concat(Enumerable.Repeat(row, rows));
        foreach (var path in new[] { Latin1("log.csv", text), _folder.Write("log.csv.gz", TempFolder.Gzip(Encoding.Latin1.GetBytes(text))) })
        {
            var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient));

            Assert.Equal($"{path}: the first line is not UTF-8: 'session_id,größe,item_id,time'; expected UTF-8. {Convert}", refusal.Message);
        }
    }

    /// <summary>Where options name the columns, the first line is a row as any other.</summary>
    [Fact]
    public void Latin1_InTheFirstRowWithoutAHeader_IsABadRow()
    {
        var path = Latin1("log.csv", "s1,ü,1000000000\ns1,a,1000000000\ns2,a,1000200000\n");

        var report = _folder.Prepare(path, Steps.Lenient, options => options with { Columns = new RawColumns { Names = ["session_id", "item_id", "time"] } });

        Assert.StartsWith($"{path}, row 1: the text is not UTF-8", Assert.Single(report.BadRows), StringComparison.Ordinal);
        Assert.Equal(["s1 a 1000000000.0"], _folder.Rows("train_full"));
    }

    [Fact]
    public void Latin1_InEveryLineOfJson_IsTold()
    {
        var path = Latin1("log.jsonl", string.Concat(Enumerable.Range(0, 900).Select(i => $"{{\"session_id\":\"s{i / 3}\",\"item_id\":\"mü\",\"time\":{1_000_000_000 + i}}}\n")));

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient));

        Assert.Equal($"{path}: the first line is not UTF-8: '{{\"session_id\":\"s0\",\"item_id\":\"mü\",\"time\":1000000000}}'; expected UTF-8. {Convert}", refusal.Message);
    }

    /// <summary>What is looked at ends in the middle of a character, which is none the less one.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Header_LongerThanWhatIsLookedAt_IsRead(int shift)
    {
        var path = _folder.Write("log.csv", $"session_id,item_id,time,{new string('x', shift)}{new string('日', 30_000)}\ns1,a,1000000000,x\ns2,a,1000200000,x\n");

        _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["s1 a 1000000000.0"], _folder.Rows("train_full"));
    }

    [Theory]
    [InlineData("log.csv", "\0\0\0\0session_id,item_id,time\ns1,a,1000000000\n", @"'\u0000\u0000\u0000\u0000session_id'")]
    [InlineData("log.csv", "session_id,item\0_id,time\ns1,a,1000000000\n", @"'item\u0000_id'")]
    [InlineData("log.csv", "session_id,item_id,time,a\u001bb\ns1,a,1000000000,x\n", @"'a\u001Bb'")]
    [InlineData("log.jsonl", "{\"session_id\":\"s1\",\"item_id\":\"a\",\"time\":1,\"x\\u0000y\":1}\n", @"'x\u0000y'")]
    [InlineData("log.jsonl", "{\"session_id\":\"s1\",\"item_id\":\"a\",\"time\":1,\"x\":{\"y\\u0000\":1}}\n", @"'x.y\u0000'")]
    public void ControlCharacter_InTheNameOfAColumn_NamesTheFile(string name, string text, string column)
    {
        var good = _folder.Write("good.csv", Header + "s1,a,1000000000\n");
        var path = _folder.Write(name, text);

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(good, Steps.Lenient, options => options with { Inputs = [good, path] }));

        Assert.StartsWith($"{path}: the column {column} has control characters in its name; expected names of text.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text.Contains('\u001b'), !refusal.Message.EndsWith(@"NUL bytes are what a log has after a power cut: tr -d '\000' takes them out.", StringComparison.Ordinal));
    }

    /// <summary>They went into the text of the SQL that looks at times.</summary>
    [Fact]
    public void NulBytes_InATime_AreABadRow()
    {
        var path = _folder.Write("log.csv", Header + "s1,a,2001-09-09\ns1,b,\0\0\0\ns2,a,2001-09-19\n");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal($"{path}, row 2: 'time' is '   '; expected an ISO 8601 date.", Assert.Single(report.BadRows));
    }

    [Theory]
    [InlineData("model.nextitem", "the file is a NextItem model or another safetensors file", "Name the log that the sessions are to be made of.")]
    [InlineData("log.csv", "the file is binary", "Convert it first.")]
    [InlineData("log.csv.gz", "the file is binary", "Convert it first.")]
    public void File_ThatIsNoText_IsCalledWhatItIs(string name, string found, string advice)
    {
        var bytes = new byte[20_000];
        new Random(1).NextBytes(bytes);
        if (name == "model.nextitem")
            "\u0040\0\0\0\0\0\0\0{"u8.CopyTo(bytes);
        var path = _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TempFolder.Gzip(bytes) : bytes);

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient));

        Assert.Equal($"{path}: {found}; expected CSV, TSV, JSON lines (plain, gzip or zstd), Parquet, DuckDB or SQLite. {advice}", refusal.Message);
    }

    /// <summary>A picture's first line is short.</summary>
    [Fact]
    public void Picture_IsBinary() =>
        Assert.Equal("the file is binary", Assert.Throws<EventsFileException>(() => _folder.Prepare(_folder.Write("log.csv", [0x89, .. "PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\u0008\u0006\0\0\0"u8, 0xDE]), Steps.Lenient)).Found);

    /// <summary>A hole of a power cut, a stray byte and rows in Latin-1 make no log binary.</summary>
    [Fact]
    public void Log_WithSomeOddBytes_IsNotBinary()
    {
        var path = Latin1("log.csv", Header + string.Concat(Enumerable.Range(0, 500).Select(i => $"s{i},a,{1_000_000_000 + (i * 1000)}\n")) + "s1,\0\0\0\u0001\u0002,1000000000\ns1,ü,1000000000\n");

        Assert.Equal(1, _folder.Prepare(path, Steps.Lenient).BadRowCount);
    }

    /// <summary>DuckDB ends at the second kind of line end, and its message names neither file nor line.</summary>
    [Theory]
    [InlineData("s1,a,1000000000\n", "s2,a,1000200000\r\n", "line 3 ends with \\r\\n, those before it with \\n")]
    [InlineData("s1,a,1000000000\n", "s2,a\r,1000200000\n", "line 3 ends with \\r, those before it with \\n")]
    [InlineData("s1,a,1000000000\n", "s2,\"a\n\r\nb\",1000200000\r\n", "line 5 ends with \\r\\n, those before it with \\n")]
    public void LineEnds_OfTwoKinds_AreTold(string first, string second, string told)
    {
        var path = _folder.Write("log.csv", Header + first + second);

        foreach (var file in new[] { path, _folder.Write("log.csv.gz", TempFolder.Gzip(Header + first + second)) })
        {
            var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(file, Steps.Lenient));

            Assert.Equal(
                $"{file}: the text cannot be divided into rows: {told}; expected lines that end alike, in UTF-8, with every quote mark closed. Make the ends of lines alike: tr '\\r' '\\n' < FILE > NEW (blank lines are passed over).",
                refusal.Message);
            Assert.IsType<DuckDB.NET.Data.DuckDBException>(refusal.InnerException);
        }
    }

    /// <summary>Of several files the one at fault, far down.</summary>
    [Fact]
    public void LineEnds_QuotesAndLatin1_OfTheSecondFile_AreTold()
    {
        var good = _folder.Write("good.csv", Header + "s1,a,1000000000\n");
        var path = Latin1("log.csv", Header + Rows(90_000).Replace("ü", "u") + "s1,ü,1000000000\ns1,a,1000000000\r\n\"s1,b,1000000000\ns2,b,1000200000\n");

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(good, Steps.Lenient, options => options with { Inputs = [good, path] }));

        Assert.StartsWith(
            $"{path}: the text cannot be divided into rows: line 90,003 ends with \\r\\n, those before it with \\n; a quote mark (\") in line 90,004 is never closed; line 90,002 is not UTF-8; expected", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Close the quote mark or take it out. {Convert}", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A wrong byte in a column that is not among the first few that are read ended the database.</summary>
    [Theory]
    [InlineData("log.csv")]
    [InlineData("log.csv.gz")]
    public void Latin1_InALateColumn_IsABadRow(string name)
    {
        var text = Encoding.Latin1.GetBytes("id,session_id,title,item_id,time\n1,s1,x,a,1000000000\n2,s1,x,SKÜU-1,1000000001\n3,s2,x,a,1000200000\n");
        var path = _folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? TempFolder.Gzip(text) : text);

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["s1 a 1000000000.0"], _folder.Rows("train_full"));
        Assert.Equal([$"{path}, row 2: the text is not UTF-8 in '2,s1,x,SK?U-1,1000000001'; expected UTF-8. {Convert}"], report.BadRows);
        Assert.Contains("All columns of the text are read", File.ReadAllText(_folder.At("out/prepare.sql")), StringComparison.Ordinal);
    }

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"s{i / 3},mü{i % 20},{1_000_000_000 + i}\n"));

    private string Latin1(string name, string text) => _folder.Write(name, Encoding.Latin1.GetBytes(text));
}
