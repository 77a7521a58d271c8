using System.Text;
using NextItem.Data;

namespace NextItem.Preparation.Tests;

/// <summary>Files of which no row, or not even the first line, can be read: the message says why, and not that they are empty.</summary>
public sealed class UnreadableInputTests : IDisposable
{
    private const string Convert = "Convert the file first; text of older Windows programs (Latin-1): iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.";
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
    public void HeaderAlone_HasNoRow() =>
        Assert.Equal("Step 01-read left no event in events. The input has no row.", Assert.Throws<PreparationException>(() => _folder.Prepare(_folder.Write("log.csv", Header), Steps.Lenient)).Message);

    [Theory]
    [InlineData("s1,1,a,1000000000\n", 1)] // this row would be taken for the header
    [InlineData("s1,1,a,1000000000\n", 9000)]
    [InlineData("s1,1,ü,1000000000\n", 9000)]
    public void Latin1_InTheHeader_IsTold(string row, int rows)
    {
        var text = "\nsession_id,größe,item_id,time\n" + string.Concat(Enumerable.Repeat(row, rows));
        foreach (var path in new[] { Latin1("log.csv", text), _folder.Write("log.csv.gz", Gzip(Encoding.Latin1.GetBytes(text))) })
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

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"s{i / 3},mü{i % 20},{1_000_000_000 + i}\n"));

    private string Latin1(string name, string text) => _folder.Write(name, Encoding.Latin1.GetBytes(text));

    private static byte[] Gzip(byte[] content)
    {
        var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Optimal))
            gzip.Write(content);
        return bytes.ToArray();
    }
}
