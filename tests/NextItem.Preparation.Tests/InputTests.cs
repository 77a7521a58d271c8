using System.Diagnostics;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using NextItem.Data;

namespace NextItem.Preparation.Tests;

/// <summary>Files, folders, globs, compressions, databases; columns by option or guess.</summary>
public sealed class InputTests : IDisposable
{
    private const string Csv = "session_id,item_id,time\ns1,a,1000000000\ns1,b,1000000001\ns2,a,1000200000\n";
    private static readonly string[] s_train = ["s1 a 1000000000.0", "s1 b 1000000001.0"];
    private static readonly string[] s_test = ["s2 a 1000200000.0"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv_Plain() => Expect(_folder.Write("log.csv", Csv));

    [Fact]
    public void Csv_WithByteOrderMarkAndCarriageReturns() => Expect(_folder.Write("log.csv", "\uFEFF" + Csv.Replace("\n", "\r\n")));

    [Fact]
    public void Csv_Gzipped_WhateverItsName() => Expect(_folder.Write("log.data", TempFolder.Gzip(Csv)));

    [Fact]
    public void Csv_Zstandard() => Expect(Zstandard("log.csv.zst", Csv));

    [Fact]
    public void JsonLines_Zstandard() => Expect(Zstandard("log.jsonl.zst", "{\"session_id\":\"s1\",\"item_id\":\"a\",\"time\":1000000000}\n{\"session_id\":\"s1\",\"item_id\":\"b\",\"time\":1000000001}\n{\"session_id\":\"s2\",\"item_id\":\"a\",\"time\":1000200000}\n"));

    [Fact]
    public void Text_SemicolonsAndQuotes() => Expect(_folder.Write("log.txt", "\"session_id\";\"item_id\";\"time\"\n\"s1\";\"a\";1000000000\ns1;b;1000000001\ns2;a;1000200000\n"));

    [Fact]
    public void JsonLines_FieldsInAnyOrder() => Expect(_folder.Write("log.json", "{\"time\":\"2001-09-09T01:46:40Z\",\"item_id\":\"a\",\"session_id\":\"s1\"}\n{\"session_id\":\"s1\",\"x\":[1,{\"y\":2}],\"item_id\":\"b\",\"time\":\"2001-09-09 01:46:41\"}\n{\"session_id\":\"s2\",\"item_id\":\"a\",\"time\":\"2001-09-11T11:20:00+02:00\"}\n"));

    [Theory]
    [InlineData("time")]
    [InlineData("CAST(time AS INTEGER)")]
    [InlineData("time * 1000")]
    [InlineData("make_timestamp(time * 1000000)")]
    [InlineData("to_timestamp(time)")]
    [InlineData("strftime(make_timestamp(time * 1000000), '%Y-%m-%dT%H:%M:%SZ')")]
    public void Parquet_TimesOfAnyType(string time)
    {
        var path = _folder.At("log.parquet");
        Sql($"COPY (SELECT session_id, item_id, {time} AS time FROM (VALUES ('s1', 'a', 1000000000::BIGINT), ('s1', 'b', 1000000001), ('s2', 'a', 1000200000)) AS t(session_id, item_id, time)) TO '{path}' (FORMAT parquet)");

        Expect(path);
    }

    [Fact]
    public void Parquet_NumbersAsKeys()
    {
        var path = _folder.At("log.parquet");
        Sql($"COPY (SELECT * FROM (VALUES (1, 7::BIGINT, 1000000000), (1, 8, 1000000001), (2, 7, 1000200000)) AS t(session_id, item_id, time)) TO '{path}' (FORMAT parquet)");

        _folder.Prepare(path, Steps.Lenient);

        Assert.Equal(["1 7 1000000000.0", "1 8 1000000001.0"], _folder.Rows("train_full"));
    }

    [Fact]
    public void Folder_FilesOfSeveralKinds_AreOneLog()
    {
        var lines = Csv.Split('\n');
        _folder.Write("log/1.csv", $"{lines[0]}\n{lines[1]}\n");
        _folder.Write("log/2.tsv.gz", TempFolder.Gzip($"item_id\tsession_id\ttime\nb\ts1\t1000000001\n"));
        _folder.Write("log/3.jsonl", "{\"session_id\":\"s2\",\"item_id\":\"a\",\"time\":1000200000}\n");
        _folder.Write("log/readme.md", "no log");

        Expect(_folder.At("log"));
    }

    [Fact]
    public void Glob_FindsFilesInFolders()
    {
        var lines = Csv.Split('\n');
        _folder.Write("log/a/1.csv", $"{lines[0]}\n{lines[1]}\n{lines[2]}\n");
        _folder.Write("log/b/2.csv", $"{lines[0]}\n{lines[3]}\n");

        Expect(_folder.At("log/**/*.csv"));
    }

    [Fact]
    public void Columns_ByOption()
    {
        var path = _folder.Write("log.csv", "wer,was,wann\ns1,a,1000000000000\ns1,b,1000000001000\ns2,a,1000200000000\n");
        Expect(path, options => options with { Columns = new RawColumns { Session = "wer", Item = "was", Time = "wann", TimeUnit = TimeUnit.Milliseconds } });
        Assert.Equal(["s2 a 1000200000000.0"], Prepared(path, new RawColumns { Session = "wer", Item = "was", Time = "wann", TimeUnit = TimeUnit.Seconds }));
    }

    [Fact]
    public void Columns_WithoutAHeader()
    {
        var path = _folder.Write("log.csv", "s1#a#1000000000\ns1#b#1000000001\ns2#a#1000200000\n");

        Expect(path, options => options with { Columns = new RawColumns { Names = ["session", "item", "time"], Separator = "#" } });
    }

    [Theory]
    [InlineData("1000000000", "seconds, a guess")]
    [InlineData("1000000000000", "milliseconds, a guess")]
    [InlineData("1000000000000000", "microseconds, a guess")]
    [InlineData("1000000000000000000", "nanoseconds, a guess")]
    [InlineData("2001-09-09T01:46:40Z", "dates")]
    public void Times_AreGuessedAndTold(string time, string told)
    {
        var path = _folder.Write("log.csv", $"session_id,item_id,time\ns1,a,{time}\ns1,b,{time}\n");

        // One moment has no day before it: only what was understood is looked at.
        var report = Record.Exception(() => _folder.Prepare(path, Steps.Lenient));
        var sql = SessionPreparer.Sql(new PreparationOptions { Inputs = [path], OutputFolder = "out" });

        Assert.IsType<PreparationException>(report);
        Assert.Contains(told.StartsWith("dates", StringComparison.Ordinal) ? "date_time(one_line(\"time\"))" : "number_time(one_line(\"time\"), ", sql, StringComparison.Ordinal);
        Assert.Contains(told, Understood(path, time), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("occurred_at")]
    [InlineData("occurredAt")]
    [InlineData("created_at")]
    [InlineData("event_timestamp")]
    [InlineData("eventDate")]
    [InlineData("EVENT-AT")]
    [InlineData("event_datetime")]
    [InlineData("loggedAt")]
    [InlineData("recorded_at")]
    [InlineData("unix_time")]
    public void TimeColumn_OfAUsualName_IsFound(string name) =>
        Expect(_folder.Write("log.csv", $"session_id,item_id,{name}\ns1,a,1000000000\ns1,b,1000000001\ns2,a,1000200000\n"));

    [Fact]
    public void DuckDbFile_TableViewAndQuery()
    {
        var path = _folder.At("shop.db");
        Sql($"ATTACH '{path}' AS shop; CREATE TABLE shop.clicks AS SELECT * FROM (VALUES ('s1', 'a', 1000000000), ('s1', 'b', 1000000001), ('s2', 'a', 1000200000)) AS t(session_id, item_id, time)");

        Expect(path);
        Expect(path, options => options with { Query = "SELECT session_id, item_id, time FROM clicks" });
        var refusal = Assert.Throws<PreparationException>(() => Expect(path, options => options with { Table = "nothing" }));
        Assert.Contains("has no table 'nothing'; it has the tables clicks", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SqliteFile_TableAndQuery()
    {
        var path = _folder.At("shop.sqlite");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE clicks (session_id TEXT, item_id TEXT, time INTEGER); INSERT INTO clicks VALUES ('s1','a',1000000000), ('s1','b',1000000001), ('s2','a',1000200000), ('s3',NULL,1000200000); CREATE TABLE other (x)";
            command.ExecuteNonQuery();
        }

        Assert.Contains("has the tables clicks, other; --table says which one to read", Assert.Throws<PreparationException>(() => Expect(path)).Message, StringComparison.Ordinal);
        var report = Expect(path, options => options with { Table = "clicks" });
        Assert.Equal("the table, row 4: 'item_id' is empty; expected an id.", Assert.Single(report.BadRows));
        Expect(path, options => options with { Query = "SELECT session_id AS visit, item_id, time FROM clicks WHERE item_id IS NOT NULL" });
    }

    [Fact]
    public void OtherDatabase_WithoutItsExtension_IsAMessageAndNoDownload()
    {
        var watch = Stopwatch.StartNew();
        var refusal = Assert.Throws<PreparationException>(() => Expect("mysql:host=localhost database=shop"));

        Assert.Contains("extension 'mysql' is not installed on this machine, and nothing is downloaded", refusal.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("postgres://reader:secret@db.example/shop", "postgres://reader@db.example/shop")]
    [InlineData("postgres://reader@db.example/shop", "postgres://reader@db.example/shop")]
    public void Postgres_Address_IsShownWithoutThePassword(string address, string shown) =>
        Assert.Equal(shown, NextItem.Preparation.Inputs.PostgresAddress.WithoutPassword(address));

    [Theory]
    [InlineData("", "the file is empty (0 bytes)")]
    [InlineData("\n\n", "there are only blank lines")]
    [InlineData("session_id,item_id,time\n", "there is no row of events after the header")]
    [InlineData("a,b,c\n1,2,3\n", "none of the columns a, b, c is known to tell sessions or users")]
    [InlineData("session_id,b,time\n1,2,3\n", "none of the columns session_id, b, time is called item_id")]
    [InlineData("session_id,item_id,time\n1,2,noon\n", "'time' is 'noon'; expected a number or an ISO 8601 date")]
    [InlineData("session_id,session_id,item_id,time\n1,2,3,4\n", "the column 'session_id' is there twice")]
    [InlineData("[{\"session_id\":1}]", "begins with '[', as a JSON array does")]
    public void File_ThatIsNoLog_IsRefusedWithWhatWasFound(string text, string told)
    {
        var path = _folder.Write("log.csv", text);

        Assert.Contains(told, Assert.ThrowsAny<Exception>(() => Expect(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsNotThere_IsNamed()
    {
        Assert.Contains("no.csv: there is no such file", Assert.Throws<EventsFileException>(() => Expect(_folder.At("no.csv"))).Message, StringComparison.Ordinal);
        Assert.Contains("no file matches", Assert.Throws<EventsFileException>(() => Expect(_folder.At("no*.csv"))).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.At("empty"));
        Assert.Contains("no file of events is in this folder", Assert.Throws<EventsFileException>(() => Expect(_folder.At("empty"))).Message, StringComparison.Ordinal);
    }

    /// <summary>DuckDB takes the readable half for the whole: rows would be lost in silence.</summary>
    [Fact]
    public void CompressedFile_CutShort_IsRefused()
    {
        var text = "session_id,item_id,time\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"s{i},a{i * 7919 % 10_007},{1_000_000_000 + i}\n"));
        var gzip = TempFolder.Gzip(text);
        var path = _folder.Write("log.csv.gz", gzip[..(gzip.Length / 2)]);
        Assert.Contains("the gzip data is damaged or cut short", Assert.Throws<EventsFileException>(() => Expect(path)).Message, StringComparison.Ordinal);

        var zstandard = Zstandard("log.csv.zst", text);
        var bytes = File.ReadAllBytes(zstandard);
        foreach (var length in new[] { bytes.Length / 2, bytes.Length - 1, 6 })
        {
            File.WriteAllBytes(zstandard, bytes[..length]);
            Assert.Contains("the zstd data is damaged or cut short", Assert.Throws<EventsFileException>(() => Expect(zstandard)).Message, StringComparison.Ordinal);
        }
    }

    private string Understood(string path, string time)
    {
        File.AppendAllText(path, $"s0,a,{(time.Contains('T') ? "1999-01-01T00:00:00Z" : "9" + time[2..])}\n");
        return string.Join(' ', _folder.Prepare(path, Steps.Lenient).Understood);
    }

    private string[] Prepared(string path, RawColumns columns)
    {
        _folder.Prepare(path, Steps.Lenient, options => options with { Columns = columns });
        return _folder.Rows("test");
    }

    private PreparationReport Expect(string input, Func<PreparationOptions, PreparationOptions>? more = null)
    {
        var report = _folder.Prepare(input, Steps.Lenient, more);
        Assert.Equal(s_train, _folder.Rows("train_full"));
        Assert.Equal(s_test, _folder.Rows("test"));
        return report;
    }

    // Through DuckDB: the framework has no Zstandard.
    private string Zstandard(string name, string text)
    {
        var plain = _folder.Write("plain.txt", text);
        Sql($"COPY (SELECT line FROM read_csv('{plain}', auto_detect = false, header = false, columns = {{'line': 'VARCHAR'}}, delim = '\x1F', quote = '', escape = '')) TO '{_folder.At(name)}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x1F', COMPRESSION zstd)");
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
}
