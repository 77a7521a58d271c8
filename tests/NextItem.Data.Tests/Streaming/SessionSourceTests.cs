using NextItem.Data.Streaming;

namespace NextItem.Data.Tests.Streaming;

public sealed class SessionSourceTests : IDisposable
{
    private const string Header = "SessionId\tItemId\tTime\n";

    private static readonly EventColumns s_columns = new();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("b\tx\t3\nb\ty\t1\nb\tz\t3\na\tx\t1\n", true)] // falling keys: no order helps
    [InlineData("a\tx\t3\na\ty\t1\nb\tz\t3\n", true)]
    [InlineData("9\tx\t3\n10\ty\t1\n10\tz\t1\n", true)]
    [InlineData("a\tx\t1\nb\ty\t2\na\tz\t0\n", false)]
    [InlineData("1\tx\t1\n2\ty\t2\n3\ty\t2\n2\tz\t0\n", false)]
    public void Sessions_AnyOrder_AreThoseOfRead(string rows, bool isGrouped)
    {
        var path = _folder.Write("events.tsv", Header + rows);

        var source = SessionSource.Open(path, s_columns, SessionShard.Whole, CancellationToken.None);
        var sessions = source.Sessions(CancellationToken.None).ToArray();

        Assert.Equal(isGrouped, source.IsStreamed);
        var expected = EventsFile.Read(path);
        Assert.Equal(expected.Count, sessions.Length);
        for (var i = 0; i < sessions.Length; i++)
        {
            Assert.Equal(expected.KeyOf(i), sessions[i].Key);
            Assert.Equal(expected.ItemsOf(i).ToArray().Select(expected.Catalog.KeyOf), sessions[i].ItemKeys);
        }

        Assert.Equal(rows.Count(c => c == '\n'), source.Rows);
        Assert.Equal(source.Rows, source.RowsDone);
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public void Open_SessionThatComesBack_SaysWhichAndWhere()
    {
        var grouping = SessionSource.Open(_folder.Write("events.tsv", Header + "b\tx\t1\na\tx\t1\na\tx\t2\nb\ty\t3\n"), s_columns, SessionShard.Whole, CancellationToken.None).Grouping!;
        Assert.Equal((4L, "b"), (grouping.ComesBackAt!.Value, grouping.Key));
    }

    [Fact]
    public void Open_ManySessionsByTime_IsToldWithoutReadingToTheEnd()
    {
        // Two sessions take turns for ever, 300 others before them: 256 of the filter's finds are looked up at once.
        var rows = string.Concat(Enumerable.Range(0, 2).SelectMany(_ => Enumerable.Range(0, 300)).Select((session, i) => $"s{(session * 7) % 300}\tx\t{i}\n"));
        var path = _folder.Write("events.tsv", Header + rows + "s1\tx\tno time\n");

        var grouping = GroupingCheck.Of(path, s_columns, CancellationToken.None);

        Assert.Equal((301L, "s0"), (grouping.ComesBackAt!.Value, grouping.Key));
    }

    [Fact]
    public void Open_ManyGroupedKeysInNoOrder_AreStreamed()
    {
        var rows = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{SessionShard.HashOf($"{i}"):x}\ta\t1\n{SessionShard.HashOf($"{i}"):x}\tb\t1\n"));
        var path = _folder.Write("events.tsv", Header + rows);

        Assert.True(SessionSource.Open(path, s_columns, SessionShard.Whole, CancellationToken.None).IsStreamed);
        Assert.Equal((100_001L, $"{SessionShard.HashOf("0"):x}"), Repeat(_folder.Write("again.tsv", Header + rows + $"{SessionShard.HashOf("0"):x}\tc\t9\n")));
    }

    [Fact]
    public void Shards_Together_AreTheWholeEachSessionOnce()
    {
        var path = _folder.Write("events.tsv", Header + string.Concat(Enumerable.Range(0, 3000).Select(i => $"s{i}\ta\t1\n")));
        string[] Keys(int number, int count) =>
            [.. SessionSource.Open(path, s_columns, new SessionShard(number, count), CancellationToken.None).Sessions(CancellationToken.None).Select(session => session.Key)];

        var parts = Enumerable.Range(1, 3).Select(number => Keys(number, 3)).ToArray();

        Assert.All(parts, part => Assert.InRange(part.Length, 900, 1100));
        Assert.Equal(Keys(1, 1).Order(StringComparer.Ordinal), parts.SelectMany(part => part).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HashOf_Keys_NeverChanges()
    {
        // FNV-1a of "" and of "a" are published: cbf29ce484222325, af63dc4c8601ec8c. The mixing was computed by hand from them.
        Assert.Equal(Mixed(0xCBF29CE484222325), SessionShard.HashOf(""));
        Assert.Equal(Mixed(0xAF63DC4C8601EC8C), SessionShard.HashOf("a"));
        Assert.Equal(Mixed(0x85944171F73967E8), SessionShard.HashOf("foobar"));

        static ulong Mixed(ulong fnv)
        {
            unchecked
            {
                fnv = (fnv ^ (fnv >> 33)) * 0xFF51AFD7ED558CCD;
                fnv = (fnv ^ (fnv >> 33)) * 0xC4CEB9FE1A85EC53;
                return fnv ^ (fnv >> 33);
            }
        }
    }

    [Theory]
    [InlineData("s\ta\n", "row 1: there are 2 fields; expected 3, as in the header.")]
    [InlineData("s\ta\t1\nt\t\t2\n", "row 2: 'ItemId' is empty; expected an id.")]
    [InlineData("s\ta\t1\nt\ta\tsoon\n", "row 2: 'Time' is 'soon'; expected a number or an ISO 8601 date.")]
    [InlineData("", "there is a header but no event (0 rows); expected at least one event.")]
    public void Sessions_BadRow_NamesFileAndRow(string rows, string expected)
    {
        var path = _folder.Write("events.tsv", Header + rows);
        var shard = new SessionShard(1, 1);

        var fault = Assert.Throws<EventsFileException>(() => SessionSource.Open(path, s_columns, shard, CancellationToken.None).Sessions(CancellationToken.None).Count());

        Assert.EndsWith(expected, fault.Message, StringComparison.Ordinal);
        Assert.Equal(TempFolder.Refusal(path).Message, fault.Message);
    }

    [Fact]
    public void Open_NoFile_SaysSo() => Assert.Contains(
        "there is no such file", Assert.Throws<EventsFileException>(() => SessionSource.Open(_folder.At("none.tsv"), s_columns, SessionShard.Whole, CancellationToken.None)).Message, StringComparison.Ordinal);

    [Fact]
    public void Add_Keys_AreNeverForgottenAndSeldomInvented()
    {
        var seen = new SeenKeys();
        var invented = Enumerable.Range(0, 200_000).Count(i => seen.Add($"key {i}"));
        Assert.InRange(invented, 0, 20);
        Assert.All(Enumerable.Range(0, 200_000), i => Assert.True(seen.Add($"key {i}")));
    }

    private static (long, string?) Repeat(string path)
    {
        var grouping = GroupingCheck.Of(path, s_columns, CancellationToken.None);
        return (grouping.ComesBackAt!.Value, grouping.Key);
    }
}
