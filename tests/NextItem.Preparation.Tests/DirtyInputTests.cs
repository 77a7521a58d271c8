using NextItem.Data;

namespace NextItem.Preparation.Tests;

/// <summary>Bad rows are counted and shown with file and row, or end the preparation.</summary>
public sealed class DirtyInputTests : IDisposable
{
    private const string Dirty = "session_id,item_id,time\ns1,a,1000000000\ns1,b\n,c,1000000001\ns1,,1000000002\ns1,d,noon\ns1,e,1000000003,x\ns1,f,1000000004\ns2,a,1000200000\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BadRows_AreCountedToldWithTheirRow_AndPassedOver()
    {
        var path = _folder.Write("log.csv", Dirty);

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["s1 a 1000000000.0", "s1 f 1000000004.0"], _folder.Rows("train_full"));
        Assert.Equal(5, report.BadRowCount);
        Assert.Equal(
            [
                $"{path}, row 2: there are 2 fields in 's1,b'; expected 3.",
                $"{path}, row 3: 'session_id' is empty; expected an id.",
                $"{path}, row 4: 'item_id' is empty; expected an id.",
                $"{path}, row 5: 'time' is 'noon'; expected a number.",
                $"{path}, row 6: there are 4 fields in 's1,e,1000000003,x'; expected 3.",
            ],
            report.BadRows);
    }

    [Theory]
    [InlineData(".csv.gz")]
    [InlineData(".csv")]
    public void BadRows_OfSeveralFiles_NameTheirFile(string ending)
    {
        byte[] Bytes(string text) => ending == ".csv" ? System.Text.Encoding.UTF8.GetBytes(text) : TempFolder.Gzip(text);
        _folder.Write($"log/1{ending}", Bytes("session_id,item_id,time\ns1,a,1000000000\n"));
        var second = _folder.Write($"log/2{ending}", Bytes("session_id,item_id,time\ns1,b,1000000001\ns1,b,x\n"));
        var third = _folder.Write($"log/3{ending}", Bytes("session_id,item_id,time\ns2\ns2,a,1000200000\n"));

        var report = _folder.Prepare(_folder.At("log"), Steps.Lenient);

        Assert.Equal([$"{second}, row 2: 'time' is 'x'; expected a number.", $"{third}, row 1: there are 1 fields in 's2'; expected 3."], report.BadRows);
        Assert.Equal(2, report.BadRowCount);
    }

    [Fact]
    public void BadRows_FarDownALongFile_HaveTheirRow()
    {
        var lines = Enumerable.Range(1, 300_000).Select(i => $"s{i / 3},a{i % 11},{1_000_000_000 + i}").ToArray();
        lines[249_999] = "s,a,never";
        lines[123_455] = "torn";
        var path = _folder.Write("log.csv", "session_id,item_id,time\n" + string.Join('\n', lines) + "\n");

        var report = _folder.Prepare(path, Steps.Lenient, options => options with { Threads = 2, Steps = Steps.Lenient with { TestPeriod = TimeSpan.FromHours(1) } });

        Assert.Equal([$"{path}, row 123456: there are 1 fields in 'torn'; expected 3.", $"{path}, row 250000: 'time' is 'never'; expected a number."], report.BadRows.Select(row => row.Replace(",456", "456").Replace(",000:", "000:")));
    }

    [Fact]
    public void Strict_StopsAtTheFirst_AndLeavesNothing()
    {
        var path = _folder.Write("log.csv", Dirty);

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient, options => options with { Strict = true }));

        Assert.Equal(2, refusal.Row);
        Assert.False(Directory.Exists(_folder.At("out"))); // it was made for this, and nothing came into it
    }

    [Fact]
    public void Strict_OnACleanLog_ChangesNothing()
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time\ns1,a,1000000000\ns2,a,1000200000\n");

        Assert.Equal(0, _folder.Prepare(path, Steps.Lenient, options => options with { Strict = true }).BadRowCount);
    }

    /// <summary>The rest of the file would be one field.</summary>
    [Fact]
    public void QuoteThatIsNeverClosed_EndsThePreparation()
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time\ns1,a,1000000000\ns1,\"b,1000000001\ns2,a,1000200000\ns2,b,1000200000\n");

        var refusal = Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient));

        Assert.Equal($"{path}, row 2: the quote marks (\") do not match; expected a closing mark at the end of the field. Nothing after it can be told apart.", refusal.Message);
    }

    /// <summary>Legal CSV, and all rows between the marks would be lost in silence.</summary>
    [Theory]
    [InlineData("s1,\"b,1000000001", "x\",1000000001", "item_id", "b,1000000001 s1,i0,1000000010 s1,i1,1000000011 s1,i2,1000...", "an id")]
    [InlineData("\"s1,b,1000000001", "x\",b,1000000001", "session_id", "s1,b,1000000001 s1,i0,1000000010 s1,i1,1000000011 s1,i2,1...", "an id")]
    [InlineData("s1,b,\"1000000001", "1\"", "time", "1000000001 s1,i0,1000000010 s1,i1,1000000011 s1,i2,100000...", "a number")]
    public void Key_OfManyLines_IsABadRow_AndItsLinesAreTold(string first, string last, string column, string shown, string expected)
    {
        var text = "session_id,item_id,time\ns1,a,1000000000\n" + first + "\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"s1,i{i},{1_000_000_010 + i}\n")) + last + "\ns2,a,1000200000\n";
        var path = _folder.Write("log.csv", text);

        var report = _folder.Prepare(path, Steps.Lenient);

        var told = $"{path}, row 2: '{column}' is '{shown}', which runs over 5,002 lines; expected {expected} in one line. Mostly a quote mark (\") is never closed, or stray.";
        Assert.Equal(["s1 a 1000000000.0"], _folder.Rows("train_full"));
        Assert.Equal(["s2 a 1000200000.0"], _folder.Rows("test"));
        Assert.Equal((1L, told), (report.BadRowCount, Assert.Single(report.BadRows)));
        Assert.Equal("1 bad row runs over 5,002 lines, and all that stands in them is lost. Mostly a quote mark (\") is never closed, or stray.", report.Warnings[0]);
        Assert.Equal(told, Assert.Throws<EventsFileException>(() => _folder.Prepare(path, Steps.Lenient, options => options with { Strict = true })).Message);
    }

    /// <summary>An event whose type is not asked for needs no item, but a type of many lines is none that the log has.</summary>
    [Fact]
    public void Type_OfManyLines_IsABadRow()
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time,type\r\ns1,a,1000000000,view\r\ns1,b,1000000001,\"view\r\ns1,c,1000000002,view\r\ns1,d,1000000003,view\"\r\ns2,a,1000200000,view\r\n");

        var report = _folder.Prepare(path, Steps.Lenient with { EventTypes = ["view"] });

        Assert.Equal([$"{path}, row 2: 'type' is 'view  s1,c,1000000002,view  s1,d,1000000003,view', which runs over 3 lines; expected a type of event in one line. Mostly a quote mark (\") is never closed, or stray."], report.BadRows);
        Assert.StartsWith("1 bad row runs over 3 lines", report.Warnings[0], StringComparison.Ordinal);
    }

    /// <summary>The casts would take it for the number without.</summary>
    [Fact]
    public void Time_WithALineBreakAtItsEnd_IsABadRow()
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time\ns1,a,1000000000\ns1,b,\"1000000001\n\"\ns2,a,1000200000\n");

        Assert.Contains("row 2: 'time' is '1000000001', which runs over 2 lines; expected a number in one line.", Assert.Single(_folder.Prepare(path, Steps.Lenient).BadRows), StringComparison.Ordinal);
    }

    /// <summary>What is between the marks is lost too where the row is refused for another fault.</summary>
    [Theory]
    [InlineData("x\",1000000001,more", "there are 4 fields in 's1,")]
    [InlineData("\u00FC\",1000000001", "the text is not UTF-8 in 's1,")]
    public void RefusedRow_OfManyLines_TellsHowMany(string last, string found)
    {
        var text = "session_id,item_id,time\ns1,a,1000000000\ns1,\"b\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"s1,i{i},{1_000_000_010 + i}\n")) + last + "\ns2,a,1000200000\n";
        foreach (var path in new[] { _folder.Write("log.csv", System.Text.Encoding.Latin1.GetBytes(text)), _folder.Write("log.csv.gz", TempFolder.Gzip(System.Text.Encoding.Latin1.GetBytes(text))) })
        {
            var report = _folder.Prepare(path, Steps.Lenient);

            Assert.StartsWith($"{path}, row 2: {found}", Assert.Single(report.BadRows), StringComparison.Ordinal);
            Assert.Contains("', which runs over 5,002 lines; expected ", report.BadRows[0], StringComparison.Ordinal);
            Assert.StartsWith("1 bad row runs over 5,002 lines", report.Warnings[0], StringComparison.Ordinal);
        }
    }

    /// <summary>Line breaks are what a stray quote mark makes in text alone.</summary>
    [Fact]
    public void Key_OfManyLines_InJson_IsKept()
    {
        var path = _folder.Write("log.jsonl", "{\"session_id\":\"s1\",\"item_id\":\"a\\nb\",\"time\":1000000000}\n{\"session_id\":\"s2\",\"item_id\":\"a\",\"time\":1000200000}\n");

        Assert.Equal(0, _folder.Prepare(path, Steps.Lenient, options => options with { OutputFormat = OutputFormat.Parquet }).BadRowCount);
        Assert.Equal("a\nb", Data.EventsFile.Read(_folder.At("out/train_full.parquet")).Catalog.KeyOf(0));
    }

    [Fact]
    public void TextThatIsNotUtf8_IsABadRow()
    {
        var path = _folder.Write("log.csv", [.. "session_id,item_id,time\ns1,a,1000000000\ns1,b"u8, 0xFF, .. ",1000000001\ns2,a,1000200000\n"u8]);

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.StartsWith($"{path}, row 2: the text is not UTF-8 in 's1,b?,1000000001'", Assert.Single(report.BadRows), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonLines_DamagedLines_AreBadRows()
    {
        var path = _folder.Write("log.jsonl", [
            .. "{\"session_id\":\"s1\",\"item_id\":\"a\",\"time\":1000000000}\n{\"session_id\":\"s1\",\"item_\n{\"session_id\":\"s2\",\"item_id\":\"a\",\"time\":1000200000}\n"u8,
            .. "{\"session_id\":\"s2\",\"item_id\":\""u8, 0xFC, .. "\",\"time\":1000200001}\n{\"session_id\":\"s2\",\"time\":1000200002}\n"u8]);

        var report = _folder.Prepare(path, Steps.Lenient);

        const string Nothing = "the line cannot be read, or has none of 'session_id', 'item_id', 'time'; expected a JSON object with them, in UTF-8.";
        Assert.Equal([$"{path}, row 2: {Nothing} If the whole file is Latin-1 (older Windows programs), convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW. If only some rows are, that would spoil the others: correct these rows or leave them out, as 'nextitem prepare' does.", $"{path}, row 4: {Nothing}", $"{path}, row 5: 'item_id' is empty; expected an id."], report.BadRows);
    }

    /// <summary>What a file is shows in its content: names of the reader's own words mean nothing.</summary>
    [Fact]
    public void EmptyFields_InAFolderOfAnOddName_AreTold()
    {
        var path = _folder.Write("read_json/log.csv", "session_id,item_id,time\ns1,a,1000000000\n,,\ns2,a,1000200000\n");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal($"{path}, row 2: 'session_id' is empty; expected an id.", Assert.Single(report.BadRows));
    }

    [Fact]
    public void Keys_AreKeptExactly()
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time\n007,7,1000000000\n7,07,1000000001\n\"a,b\",\" x\",1000200000\n日本,NULL,1000200001\n");

        _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["007 7 1000000000.0", "7 07 1000000001.0"], _folder.Rows("train_full"));
        Assert.Equal(["a,b  x 1000200000.0", "日本 NULL 1000200001.0"], _folder.Rows("test"));
    }

    /// <summary>The reader keeps 10,000 bytes of a row that it refuses: lines are counted in the file for those that are shown, and for no more.</summary>
    [Theory]
    [InlineData(5, "5 bad rows run over 10,005 lines")]
    [InlineData(7, "7 bad rows run over at least ")]
    public void LongRowsOfManyLines_AreCountedWhereTheyAreShown(int count, string told)
    {
        var row = $"s1,a,\"{string.Concat(Enumerable.Repeat("0123456789\n", 2_000))}\",extra\n";
        var path = _folder.Write("log.csv", $"session_id,item_id,time\ns1,a,1000000000\n{string.Concat(Enumerable.Repeat(row, count))}s2,a,1000200000\n");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(count, report.BadRowCount);
        Assert.Contains(report.Warnings, warning => warning.StartsWith(told, StringComparison.Ordinal));
    }
}
