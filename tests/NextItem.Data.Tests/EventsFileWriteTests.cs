using CsCheck;

namespace NextItem.Data.Tests;

public sealed class EventsFileWriteTests : IDisposable
{
    private static readonly Gen<string> s_key = Gen.OneOf(
            Gen.OneOf("\t", "\"", ",", ";", " ", "\0", "\uFEFF", "😀", "é", "a", "b", "7"),
            Gen.Char.AlphaNumeric.Select(c => c.ToString()))
        .Array[1, 6].Select(string.Concat);

    private static readonly Gen<double> s_time = Gen.OneOf(
        Gen.Double.Where(double.IsFinite), Gen.Int.Select(i => (double)i), Gen.OneOf(0.0, double.Epsilon, double.MaxValue, double.MinValue, 0.1 + 0.2));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("events.tsv")]
    [InlineData("events.tsv.gz")]
    public void Write_AnyEvents_ReadsBackTheSame(string name)
    {
        var path = _folder.At(name);
        var columns = new EventColumns { Session = "a \"visit\"", Item = "tab\there", Time = "t" };
        Gen.Select(s_key, s_key, s_time, (session, item, time) => new SessionEvent(session, item, time)).Array[1, 20].Sample(
            events =>
            {
                EventsFile.Write(path, events, columns);

                var expected = SessionSet.From(events);
                var actual = EventsFile.Read(path, columns);

                Assert.Equal(expected.Fingerprint(), actual.Fingerprint());
                Assert.Equal(
                    Enumerable.Range(0, expected.Count).Select(s => (expected.KeyOf(s), expected.StartTimeOf(s), expected.EndTimeOf(s))),
                    Enumerable.Range(0, actual.Count).Select(s => (actual.KeyOf(s), actual.StartTimeOf(s), actual.EndTimeOf(s))));
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void Write_PlainAndGzip_WriteTheSameText()
    {
        SessionEvent[] events = [new("s1", "007", 1396867869.277), new("s\t2", "q\"", -0.5)];
        EventsFile.Write(_folder.At("a.tsv"), events);
        EventsFile.Write(_folder.At("a.TSV.GZ"), events);

        Assert.Equal("SessionId\tItemId\tTime\ns1\t007\t1396867869.277\n\"s\t2\"\t\"q\"\"\"\t-0.5\n", File.ReadAllText(_folder.At("a.tsv")));
        Assert.Equal([0x1F, 0x8B], File.ReadAllBytes(_folder.At("a.TSV.GZ"))[..2]);
        Assert.Equal(EventsFile.Read(_folder.At("a.tsv")).Fingerprint(), EventsFile.Read(_folder.At("a.TSV.GZ")).Fingerprint());
    }

    [Theory]
    [InlineData("", "a", 1, "The session key of event 2 is empty; every event needs one.")]
    [InlineData("s", null, 1, "The item key of event 2 is empty; every event needs one.")]
    [InlineData("s\nt", "a", 1, "The session key of event 2 has a line break, which is refused where the file is read; expected a key in one line.")]
    [InlineData("s", "a\r", 1, "The item key of event 2 has a line break, which is refused where the file is read; expected a key in one line.")]
    [InlineData("s", "half a pair", 1, "The item key of event 2 has half a surrogate pair; expected valid text.")]
    [InlineData("s", "a", double.NaN, "The time of event 2 is NaN; expected a finite number.")]
    [InlineData("s", "a", double.PositiveInfinity, "The time of event 2 is Infinity; expected a finite number.")]
    public void Write_EventThatCannotBeReadBack_RefusesAndKeepsTheOldFile(string? session, string? item, double time, string message)
    {
        var path = _folder.Write("events.tsv", "old");
        item = item == "half a pair" ? "😀x\uD83D" : item;    // an attribute cannot hold it

        var error = Assert.Throws<ArgumentException>(() => EventsFile.Write(path, [new("s", "a", 1), new(session!, item!, time)]));

        Assert.StartsWith(message, error.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }
}
