using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace NextItem.Preparation.Tests;

/// <summary>Names that look like something else, types that programs write, queries as people type them, and stops in the middle.</summary>
public sealed class OddInputTests : IDisposable
{
    private const string Csv = "session_id,item_id,time\ns1,a,1000000000\ns1,b,1000000001\ns2,a,1000200000\n";
    private static readonly string[] s_train = ["s1 a 1000000000.0", "s1 b 1000000001.0"];
    private static readonly string[] s_test = ["s2 a 1000200000.0"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>DuckDB would take the name for a pattern and read the other file.</summary>
    [Theory]
    [InlineData("log[1].csv", "log1.csv")]
    [InlineData("lo*.csv", "log.csv")]
    [InlineData("lo?.csv", "log.csv")]
    public void File_WithAPatternForAName_IsThatFile(string name, string other)
    {
        _folder.Write(other, "session_id,item_id,time\nwrong,x,1000000000\nwrong,y,1000200000\n");

        Expect(_folder.Write(name, Csv));
    }

    [Theory]
    [InlineData("a [b] 'c'; -- {file} ü日本/log.csv")]
    [InlineData("item_id=7/log.csv")]
    [InlineData("time=never/session_id=x/log.csv")]
    public void Folder_OfAnyName_ChangesNothing(string name)
    {
        var report = Expect(_folder.Write(name, Csv), options => options with { OutputFolder = options.OutputFolder });
        Assert.Equal(0, report.BadRowCount);
        Expect(Parquet(name + ".parquet", "SELECT * FROM (VALUES ('s1', 'a', 1000000000), ('s1', 'b', 1000000001), ('s2', 'a', 1000200000)) AS t(session_id, item_id, time)"));
    }

    [Fact]
    public void Output_InAFolderOfAnyName_IsWrittenAndItsScriptRuns()
    {
        var input = _folder.Write("log.csv", Csv);
        var folder = _folder.At("o'ut; {file_options} [x] ü");

        _folder.Prepare(input, Steps.Lenient, options => options with { OutputFolder = folder });

        var written = File.ReadAllText(Path.Combine(folder, "train_full.tsv"));
        File.Delete(Path.Combine(folder, "train_full.tsv"));
        Sql(File.ReadAllText(Path.Combine(folder, "prepare.sql")));
        Assert.Equal(written, File.ReadAllText(Path.Combine(folder, "train_full.tsv")));
    }

    [Fact]
    public void Columns_OfAnyName_AreRead()
    {
        var path = _folder.Write("log.csv", "\"a \"\"b\"\"'; DROP TABLE events; --\",{sources},ti me,{feature_joins}\n" + Csv[(Csv.IndexOf('\n') + 1)..].Replace("\n", ",red\n"));

        Expect(path, options => options with { Columns = new RawColumns { Session = "a \"b\"'; DROP TABLE events; --", Item = "{sources}", Time = "ti me" }, ItemColumns = ["{feature_joins}"] });

        Assert.Equal("ItemId\tSupport\t{feature_joins}", File.ReadLines(_folder.At("out/items.tsv")).First());
        Assert.Equal(["a 1 red", "b 1 red"], _folder.Rows("items"));
    }

    [Theory]
    [InlineData("make_timestamp_ns(time * 1000000000)")]
    [InlineData("CAST(make_timestamp(time * 1000000) AS TIMESTAMP_S)")]
    [InlineData("CAST(make_timestamp(time * 1000000) AS TIMESTAMP_MS)")]
    [InlineData("CAST(time AS DECIMAL(18, 3))")]
    [InlineData("CAST(time AS DOUBLE)")]
    [InlineData("CAST(time AS VARCHAR)")]
    public void Parquet_TimesAsProgramsWriteThem(string time) =>
        Expect(Parquet("log.parquet", $"SELECT session_id, item_id, {time} AS time FROM (VALUES ('s1', 'a', 1000000000::BIGINT), ('s1', 'b', 1000000001), ('s2', 'a', 1000200000)) AS t(session_id, item_id, time)"));

    /// <summary>Whole numbers with a missing one among them become floating point in many programs; text without a logical type is binary.</summary>
    [Fact]
    public void Parquet_KeysAsProgramsWriteThem()
    {
        var path = Parquet("log.parquet", "SELECT encode(s) AS session_id, i AS item_id, t AS time FROM (VALUES ('日本', 214536502::DOUBLE, 1000000000), ('日本', 7.5, 1000000001), ('日本', NULL, 1000000002), ('日本', 'nan'::DOUBLE, 1000000002), ('b', 7, 1000200000)) AS v(s, i, t)");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["日本 214536502 1000000000.0", "日本 7.5 1000000001.0"], _folder.Rows("train_full"));
        Assert.Equal(["b 7 1000200000.0"], _folder.Rows("test"));
        Assert.Equal(2, report.BadRowCount);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e400")]
    [InlineData("9000000000000")] // seconds that do not fit, or whose differences do not
    [InlineData("-9000000000000")]
    public void Time_ThatIsNoTime_IsABadRow(string time)
    {
        var path = _folder.Write("log.csv", Csv + $"s1,c,{time}\n");

        var report = Expect(path, options => options with { Columns = new RawColumns { TimeUnit = TimeUnit.Seconds } });

        Assert.Equal($"{path}, row 4: 'time' is '{time}'; expected a number.", Assert.Single(report.BadRows));
    }

    /// <summary>Binary numbers have neither tenths nor all nanoseconds: the product is a little less than the whole microseconds that were meant, and is rounded.</summary>
    [Theory]
    [InlineData(TimeUnit.Seconds, "1100000000.1", "1100000000.6")]
    [InlineData(TimeUnit.Nanoseconds, "1100000000099999900", "1100000000599999900")]
    public void Times_OfAFraction_AreRoundedNotCut(TimeUnit unit, string first, string second)
    {
        var path = _folder.Write("log.csv", $"session_id,item_id,time\ns1,a,{first}\ns1,b,{second}\ns2,a,{(unit == TimeUnit.Seconds ? "1100200000" : "1100200000000000000")}\n");

        _folder.Prepare(path, Steps.Lenient, options => options with { Columns = new RawColumns { TimeUnit = unit } });

        Assert.Equal(["s1 a 1100000000.1", "s1 b 1100000000.6"], _folder.Rows("train_full"));
    }

    [Theory]
    [InlineData("cart", null)]
    [InlineData("Cart", "No event is of type 'Cart', which --event-types names; types are told apart by case.")]
    public void EventTypes_ThatNoEventHas_AreTold(string type, string? told)
    {
        var path = _folder.Write("log.csv", "session_id,item_id,time,type\ns1,a,1000000000,view\ns1,b,1000000001,cart\ns1,c,1000000002,view\ns2,a,1000200000,view\n");

        var report = _folder.Prepare(path, Steps.Lenient with { EventTypes = ["view", type] });

        Assert.Equal(told is null ? [] : [told], report.Warnings);
        Assert.Equal(told is null ? 3 : 2, _folder.Rows("train_full").Length);
    }

    private const string Nested = """
        {"user":{"id":1},"ctx":{"visit":{"no":"s1"}},"product":{"sku/a~b":"a","tags":["x"]},"time":1000000000}
        {"user":{"id":1},"ctx":{"visit":{"no":"s1"}},"product":{"sku/a~b":"b"},"time":1000000001}
        {"user":{"id":2},"ctx":{"visit":{"no":"s2"}},"product":{"sku/a~b":"a"},"time":1000200000}

        """;

    [Fact]
    public void JsonFields_InsideOfObjects_AreColumnsByTheirPath()
    {
        Expect(_folder.Write("log.jsonl", Nested), options => options with { Columns = new RawColumns { Session = "ctx.visit.no", Item = "product.sku/a~b" } });
        var users = _folder.Prepare(_folder.At("log.jsonl"), Steps.Lenient, options => options with { Columns = new RawColumns { Item = "product.sku/a~b" } });
        Assert.Contains(users.Understood, sentence => sentence.Contains("user 'user.id', item 'product.sku/a~b'", StringComparison.Ordinal));
        Assert.Equal(["1-1 a 1000000000.0", "1-1 b 1000000001.0"], _folder.Rows("train_full"));
    }

    /// <summary>The text of an object is no key: nothing that is recommended could be found by it.</summary>
    [Fact]
    public void JsonFields_ThatHoldObjects_AreNotTakenForKeys()
    {
        var path = _folder.Write("log.jsonl", Nested);
        var guessed = Refusal(path);
        Assert.Contains("none of the columns time, ctx.visit.no, product.sku/a~b, user.id is called", guessed, StringComparison.Ordinal);
        var named = Assert.ThrowsAny<Exception>(() => _folder.Prepare(path, Steps.Lenient, options => options with { Columns = new RawColumns { Item = "product" } })).Message;
        Assert.Contains("the field 'product' holds objects or lists; expected a field inside of it, such as 'product.sku/a~b' that --item-column names.", named, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonFields_WithoutTheObject_AreBadRows()
    {
        var path = _folder.Write("log.jsonl", Nested + """
            {"ctx":{"visit":{"no":"s1"}},"product":"no object","time":1000000002}
            {"ctx":{"visit":{"no":"s1"}},"product":null,"time":1000000002}
            {"ctx":{"visit":{"no":"s1"}},"product":{"other":1},"time":1000000002}

            """);
        var report = Expect(path, options => options with { Columns = new RawColumns { Session = "ctx.visit.no", Item = "product.sku/a~b" } });
        Assert.Equal(3, report.BadRowCount);
        Assert.Equal($"{path}, row 4: 'product.sku/a~b' is empty; expected an id.", report.BadRows[0]);
    }

    [Fact]
    public void Times_FarFromEachOther_AreTold()
    {
        var report = _folder.Prepare(_folder.Write("log.csv", "session_id,item_id,time\ns1,a,-4500000000000\ns1,a,4500000000000\ns2,a,4500000000001\n"), Steps.Lenient, options => options with { Columns = new RawColumns { TimeUnit = TimeUnit.Seconds } });

        Assert.Contains(report.Warnings, warning => warning.Contains("are times in another unit", StringComparison.Ordinal));
        Assert.Equal(["s1 a -4500000000000.0"], _folder.Rows("train_full"));
    }

    [Fact]
    public void Keys_VeryLong_AreKeptAndShownShort()
    {
        var key = new string('x', 300_000);
        var path = _folder.Write("log.csv", $"session_id,item_id,time\n{key},\u001b[2Ja,1000000000\n{key},b,1000200000\ns2,a,1000400000\n");

        var report = _folder.Prepare(path, Steps.Lenient);

        Assert.Equal($"{key} \u001b[2Ja 1000000000.0", _folder.Rows("train_full")[0]);
        Assert.Contains(report.Warnings, warning => warning.Contains($"'{new string('x', 57)}...' the longest", StringComparison.Ordinal));
        var placeholder = _folder.Write("more.csv", "session_id,item_id,time\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"s{i},{(i % 2 == 0 ? "\u001b[2J" : $"i{i}")},{1_000_000_000 + (i * 5_000)}\n")));
        Assert.DoesNotContain(_folder.Prepare(placeholder, Steps.Lenient).Warnings, warning => warning.Contains('\u001b'));
    }

    [Theory]
    [InlineData("session_id;item_id;time;kinds, and more\ns1;a;1000000000;x\ns1;b;1000000001;y,z\ns2;a;1000200000;\n")]
    [InlineData("session_id;item_id;time;\"kinds, and more\"\ns1;a;1000000000;\"x;y\"\ns1;b;1000000001;y\ns2;a;1000200000;\n")]
    [InlineData("session_id|item_id|time|tags;all,of them\ns1|a|1000000000|x,y\ns1|b|1000000001|x;y\ns2|a|1000200000|\n")]
    [InlineData("session_id,item_id,time\ns1,a,1000000000\ns1,b,1000000001\ns2,a,1000200000\n")]
    public void Separator_IsTheOneOfAllLines(string text) => Expect(_folder.Write("log.txt", text));

    [Theory]
    [InlineData("s1,a,1000000000\ns2,a,1000200000\n")]
    [InlineData("17,view,2014-04-07T10:51:09Z\n18,view,2014-04-08T10:51:09Z\n")]
    public void Log_WithoutAHeader_IsToldWhatToDo(string text) =>
        Assert.Contains("The first line looks like data and not like a header: --columns names the 3 columns, for instance --columns session,item,time.", Refusal(_folder.Write("log.csv", text)), StringComparison.Ordinal);

    [Fact]
    public void Log_WithAHeaderOfOtherNames_IsNotTakenForOneWithout() =>
        Assert.DoesNotContain("--columns", Refusal(_folder.Write("log.csv", "wer,was,wann\n1,2,3\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("log.xlsx", new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0 }, "is a spreadsheet (Excel, OpenDocument)", "Save the sheet as CSV")]
    [InlineData("log.xls", new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1 }, "is a spreadsheet (Excel, OpenDocument)", "Save the sheet as CSV")]
    [InlineData("log.zip", new byte[] { (byte)'P', (byte)'K', 3, 4, 20, 0 }, "is a zip archive", "Unpack or convert it first")]
    [InlineData("log.arrow", new byte[] { (byte)'A', (byte)'R', (byte)'R', (byte)'O', (byte)'W', (byte)'1' }, "is an Arrow or Feather file", "Unpack or convert it first")]
    [InlineData("log.orc", new byte[] { (byte)'O', (byte)'R', (byte)'C', 1 }, "is an ORC file", "Unpack or convert it first")]
    public void File_OfAnotherProgram_IsCalledWhatItIs(string name, byte[] bytes, string found, string advice)
    {
        var told = Refusal(_folder.Write(name, bytes));

        Assert.Contains(found, told, StringComparison.Ordinal);
        Assert.Contains(advice, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Workbook_UnderAnotherName_IsFoundByItsContent() =>
        Assert.Contains("is a spreadsheet", Refusal(_folder.Write("log.csv", [.. "PK\u0003\u0004\u0014\0\u0006\0"u8, .. new byte[22], .. "[Content_Types].xml"u8])), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.org/clicks.csv")]
    [InlineData("s3://bucket/clicks.parquet")]
    public void Address_OnANetwork_IsRefusedAsOne(string address) => Assert.Contains("is an address on a network", Refusal(address), StringComparison.Ordinal);

    [Theory]
    [InlineData("SELECT session_id, item_id, time FROM events;")]
    [InlineData("SELECT session_id, item_id, time FROM events -- all of them")]
    [InlineData("SELECT session_id, i.item_id, time FROM events JOIN items AS i USING (item_id) ;\n")]
    public void DuckDbQuery_OfTablesNamedLikeOurs_ReadsItsOwn(string query)
    {
        var path = _folder.At("shop.db");
        Sql($"ATTACH '{path}' AS shop; CREATE TABLE shop.events AS SELECT * FROM (VALUES ('s1', 'a', '1000000000'), ('s1', 'b', '1000000001'), ('s2', 'a', '1000200000'), ('s3', 'a', 'never')) AS t(session_id, item_id, time); CREATE TABLE shop.items AS SELECT * FROM (VALUES ('a', 'red'), ('b', 'blue')) AS t(item_id, colour)");

        var report = Expect(path, options => options with { Query = query });

        Assert.Equal("the table, row 4: 'time' is 'never'; expected a number.", Assert.Single(report.BadRows));
        Assert.Contains("-- The input: ATTACH '", File.ReadAllText(_folder.At("out/prepare.sql")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sqlite_NumbersKeepAllDigits()
    {
        var path = _folder.At("shop.sqlite");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE clicks (session_id, item_id, time REAL); INSERT INTO clicks VALUES (9007199254740993, CAST('日' AS BLOB), 1396860669.277125), (9007199254740993, 2, 1396860670), ('s2', 2, 1397060670)";
            command.ExecuteNonQuery();
        }

        _folder.Prepare(path, Steps.Lenient, options => options with { Query = "SELECT * FROM clicks; " });

        Assert.Equal(["9007199254740993 日 1396860669.277125", "9007199254740993 2 1396860670.0"], _folder.Rows("train_full"));
    }

    [Theory]
    [InlineData("postgres://reader@db.example/shop?sslmode=require&password=secret", "postgres://reader@db.example/shop?sslmode=require")]
    [InlineData("postgres://db.example/shop?PASSWORD=secret", "postgres://db.example/shop")]
    [InlineData("postgres://reader:se@cret@db.example/shop", "postgres://reader@db.example/shop")]
    [InlineData("postgres://reader:se?cret@db.example/shop", "postgres://...")]
    public void Postgres_Password_IsNotShownWhereverItStands(string address, string shown) =>
        Assert.Equal(shown, NextItem.Preparation.Inputs.PostgresAddress.WithoutPassword(address));

    /// <summary>A query that would take for ever: it is stopped in its middle, and nothing stays.</summary>
    [Fact]
    public void Stop_InTheMiddleOfAQuery_LeavesNothing()
    {
        var path = _folder.At("shop.db");
        Sql($"ATTACH '{path}' AS shop; CREATE TABLE shop.clicks (x INTEGER)");
        const string ForEver = "SELECT 's' || i AS session_id, 'i' AS item_id, i AS time FROM range(100000000000) AS t(i)";
        using var stop = new CancellationTokenSource();
        var steps = new List<string>();
        var options = new PreparationOptions { Inputs = [path], Query = ForEver, OutputFolder = _folder.At("new/out"), Steps = Steps.Lenient, MemoryBytes = 1L << 30 };

        Assert.ThrowsAny<OperationCanceledException>(() => SessionPreparer.Prepare(options, new InTheMiddle("01-read", stop, steps), stop.Token));

        Assert.Equal("01-read", steps[^1]);
        Assert.False(Directory.Exists(_folder.At("new")));
    }

    /// <summary>A comma for the decimal point and another sign for less than nothing.</summary>
    [Fact]
    public void Culture_OfTheCaller_DoesNotMatter()
    {
        var input = _folder.Write("log.csv", Csv);
        var options = new PreparationOptions { Inputs = [input], OutputFolder = _folder.At("out"), Steps = Steps.Lenient with { LatestFraction = 0.5, TestFrom = DateTimeOffset.UnixEpoch.AddDays(-3) } };
        var expected = SessionPreparer.Sql(options);
        var plain = Page();
        var before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "\u2212");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, SessionPreparer.Sql(options));
            Assert.Equal(plain, Page());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains("-259200000000", expected, StringComparison.Ordinal);

        string Page()
        {
            _folder.Prepare(input, Steps.Lenient);
            return File.ReadAllText(_folder.At("out/prepare.html"));
        }
    }

    private string Refusal(string input) => Assert.ThrowsAny<Exception>(() => _folder.Prepare(input, Steps.Lenient)).Message;

    private PreparationReport Expect(string input, Func<PreparationOptions, PreparationOptions>? more = null)
    {
        var report = _folder.Prepare(input, Steps.Lenient, more);
        Assert.Equal(s_train, _folder.Rows("train_full"));
        Assert.Equal(s_test, _folder.Rows("test"));
        return report;
    }

    private string Parquet(string name, string query)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(name))!);
        Sql($"COPY ({query}) TO '{_folder.At(name).Replace("'", "''")}' (FORMAT parquet)");
        return _folder.At(name);
    }

    private static void Sql(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The second report of a step comes while its statement runs.
    private sealed class InTheMiddle(string step, CancellationTokenSource stop, List<string> steps) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value)
        {
            lock (steps)
            {
                if (value.Step == step && steps.Count > 0 && steps[^1] == step)
                    stop.Cancel();
                steps.Add(value.Step);
            }
        }
    }
}
