using System.Text;

namespace NextItem.Data.Tests;

public sealed class EventsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AssertClosed_OpenFile_Throws()
    {
        var path = _folder.Write("open.tsv", "x");
        using var open = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);

        Assert.Throws<IOException>(() => TempFolder.AssertClosed(path));
    }

    [Theory]
    [InlineData("SessionId\tItemId\tTime\ns1\ta\t1\ns1\tb\t2\n")]
    [InlineData("SessionId,ItemId,Time\ns1,a,1\ns1,b,2\n")]
    [InlineData("SessionId;ItemId;Time\ns1;a;1\ns1;b;2\n")]
    [InlineData("SessionId\tItemId\tTime\r\ns1\ta\t1\r\ns1\tb\t2\r\n")]
    [InlineData("SessionId\tItemId\tTime\ns1\ta\t1\ns1\tb\t2")]
    [InlineData("SessionId\tItemId\tTime\ns1\ta\t1\ns1\tb\t2\n\n\r\n\n")]
    [InlineData("\uFEFFSessionId\tItemId\tTime\ns1\ta\t1\ns1\tb\t2\n")]
    [InlineData("Time,Page;x,ItemId,SessionId\n1,p;q,a,s1\n2,,b,s1\n")]
    [InlineData("SessionId\tItemId\tTime\tTitle, with comma\ns1\ta\t1\t\ns1\tb\t2\tx,y\n")]
    [InlineData("\"SessionId\",\"ItemId\",\"Time\",\"a\tb\"\n\"s1\",\"a\",\"1\",\"\"\n\"s1\",\"b\",2,\"x\"\"y\"\n")]
    public void Read_AnySpelling_GivesTheSameSessions(string text)
    {
        var plain = _folder.Write("plain", text);
        var gzipped = _folder.Write("gzipped", TempFolder.Gzip(text));

        Assert.Equal("s1: a b @1..2", Sessions.Text(EventsFile.Read(plain)));
        Assert.Equal("s1: a b @1..2", Sessions.Text(EventsFile.Read(gzipped)));
        TempFolder.AssertClosed(plain);
        TempFolder.AssertClosed(gzipped);
    }

    [Fact]
    public void Read_OtherColumnNames_UsesThem()
    {
        var path = _folder.Write("events.csv", "visit,product,at,ItemId\ns1,a,1,wrong\n");

        var set = EventsFile.Read(path, new EventColumns { Session = "visit", Item = "product", Time = "at" });

        Assert.Equal("s1: a @1..1", Sessions.Text(set));
    }

    [Fact]
    public void Read_KeysThatLookAlike_StayApart()
    {
        var path = _folder.Write("events.tsv", "SessionId\tItemId\tTime\n7\t007\t1\n007\t7\t2\n7 \t7.0\t3\n");

        var set = EventsFile.Read(path);

        Assert.Equal("7: 007 @1..1; 007: 7 @2..2; 7 : 7.0 @3..3", Sessions.Text(set));
    }

    [Theory]
    [InlineData("\"x\ty\"", "x\ty")]
    [InlineData("\"say \"\"hi\"\"\"", "say \"hi\"")]
    [InlineData("\"\"\"\"", "\"")]
    [InlineData("5\" pipe 6\"", "5\" pipe 6\"")]
    [InlineData("日本語-ü-😀", "日本語-ü-😀")]
    [InlineData("a,b;c", "a,b;c")]
    public void Read_FieldWithSpecialText_GivesItExactly(string field, string key)
    {
        var path = _folder.Write("events.tsv", $"SessionId\tItemId\tTime\ns1\t{field}\t1\ns1\tplain\t2\n");

        var set = EventsFile.Read(path);

        Assert.Equal(key, set.Catalog.KeyOf(0));
        Assert.Equal("plain", set.Catalog.KeyOf(1));
    }

    [Fact]
    public void Read_LineBreaksInAnotherColumn_DoNoHarm()
    {
        var path = _folder.Write("events.csv", "SessionId,Title,ItemId,Time\ns1,\"two\nlines\",a,1\ns1,\"three\r\n\r\nlines\",\"b\",2\n");

        Assert.Equal("s1: a b @1..2", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_EqualTimes_KeepTheOrderOfTheFile()
    {
        var path = _folder.Write("events.tsv", "SessionId\tItemId\tTime\ns1\td\t2\ns1\tc\t1\ns1\ta\t1\ns1\tb\t1\ns1\te\t2\n");

        Assert.Equal("s1: c a b d e @1..2", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_InterleavedSessions_GroupsThemInOrderOfAppearance()
    {
        var path = _folder.Write("events.tsv", "SessionId\tItemId\tTime\ns2\ta\t9\ns1\tb\t5\ns2\tc\t-1.5\ns1\ta\t7e0\n");

        Assert.Equal("s2: c a @-1.5..9; s1: b a @5..7", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_IsoTimes_GivesUnixSeconds()
    {
        var path = _folder.Write(
            "events.csv", "SessionId,ItemId,Time\ns1,b,2014-04-07T10:51:09.277Z\ns1,a,2014-04-07T12:51:09+02:00\ns2,a,2014-04-07\n");

        Assert.Equal("s1: a b @1396867869..1396867869.277; s2: a @1396828800..1396828800", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_GivenCatalog_MarksUnknownItems()
    {
        var path = _folder.Write("events.tsv", "SessionId\tItemId\tTime\ns1\tb\t1\ns1\tnew\t2\ns1\ta\t3\n");
        var catalog = ItemCatalog.From(["a", "b"], [1, 1]);

        var set = EventsFile.Read(path, catalog: catalog);

        Assert.Same(catalog, set.Catalog);
        Assert.Equal([1, ItemCatalog.UnknownItem, 0], set.Items.ToArray());
        Assert.Equal(1, set.UnknownEventCount);
    }

    [Fact]
    public void Read_HugeField_GivesItExactly()
    {
        var huge = new string('x', 3_000_000);
        var path = _folder.Write("events.tsv", $"SessionId\tItemId\tTime\n{huge}\ta\t1\ns\t\"{huge}\"\"\"\t2\n");

        var set = EventsFile.Read(path);

        Assert.Equal(huge, set.KeyOf(0));
        Assert.Equal(huge + "\"", set.Catalog.KeyOf(1));
    }

    [Fact]
    public void Read_LongHeader_FindsTheSeparator()
    {
        var path = _folder.Write("events.csv", $"{new string('x', 100_000)},SessionId,ItemId,Time\n,s1,a,1\n");

        Assert.Equal("s1: a @1..1", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_GzipOfTwoMembers_ReadsBoth()
    {
        var path = _folder.Write("events.tsv.gz", [.. TempFolder.Gzip("SessionId\tItemId\tTime\ns1\ta\t1\n"), .. TempFolder.Gzip("s1\tb\t2\n")]);

        Assert.Equal("s1: a b @1..2", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public void Read_CancelledToken_StopsAndClosesTheFile()
    {
        var path = _folder.Write("events.tsv", "SessionId\tItemId\tTime\ns1\ta\t1\n");

        Assert.Throws<OperationCanceledException>(() => EventsFile.Read(path, cancellationToken: new CancellationToken(canceled: true)));
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public void Read_ManyRows_AllocatesNoStringARow()
    {
        const int Rows = 400_000;
        var text = new StringBuilder("SessionId\tItemId\tTime\n");
        for (var i = 0; i < Rows; i++)
            text.Append("session-").Append(i % 100).Append("\titem-").Append(i % 50).Append('\t').Append(i).Append(".25\n");
        var path = _folder.Write("events.tsv", text.ToString());
        EventsFile.Read(path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var set = EventsFile.Read(path);
        var bytesPerEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Rows;

        Assert.Equal(Rows, set.EventCount);
        Assert.True(bytesPerEvent < 32, $"{bytesPerEvent:F1} bytes an event; expected less than 32.");
    }

    [Fact]
    public void Read_InvalidColumns_ListsEveryFault()
    {
        var columns = new EventColumns { Session = "", Item = "x", Time = "x" };

        var error = Assert.Throws<OptionsException>(() => EventsFile.Read(_folder.At("none.tsv"), columns));

        Assert.Equal(
            ["Session is empty; expected the name of a column.", "Item and Time are both 'x'; expected different columns."], error.Faults);
    }
}
