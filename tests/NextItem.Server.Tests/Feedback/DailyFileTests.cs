using System.Text;
using NextItem.Server.Feedback;

namespace NextItem.Server.Tests.Feedback;

public sealed class DailyFileTests : IDisposable
{
    private const string Day = "2026-01-02";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_AreAdded_DayByDay_AndOverRestarts()
    {
        using (var file = New())
        {
            file.Add(Day, "1\n2\n"u8);
            file.Add("2026-01-03", "3\n"u8);
            file.Add(Day, "4\n"u8);
        }

        using (var file = New())
            file.Add(Day, "5\n"u8);
        Assert.Equal(("1\n2\n4\n5\n", "3\n"), (Text(Day), Text("2026-01-03")));
    }

    /// <summary>Whatever a stopped process left at the end: whole lines stay, the rest of a line goes.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("torn", "")]
    [InlineData("1\n", "1\n")]
    [InlineData("1\n{\"half", "1\n")]
    [InlineData("1\n2\n\n3", "1\n2\n\n")]
    public void TornLine_IsCutOff(string before, string whole)
    {
        _folder.Text($"events-{Day}.jsonl", before);
        using var file = New();
        file.Add(Day, "new\n"u8);
        Assert.Equal(whole + "new\n", Text(Day));
        Assert.Equal(before.Length - whole.Length, file.CutBytes);
    }

    /// <summary>Longer than what is looked at in one go.</summary>
    [Fact]
    public void LongTornLine_IsCutOff()
    {
        _folder.Text($"events-{Day}.jsonl", "1\n" + new string('x', 200_000));
        using var file = New();
        file.Add(Day, "2\n"u8);
        Assert.Equal("1\n2\n", Text(Day));
    }

    /// <summary>A disk that takes some of the bytes and then no more, at every place: lines come once, and whole.</summary>
    [Fact]
    public void DiskThatIsFull_LeavesNoPart_AndTheNextTryWritesAll()
    {
        for (var room = 0; room < 12; room++)
        {
            var left = int.MaxValue;
            using var file = new DailyFile(_folder.Path, $"full{room}", path => new SmallDisk(Opened(path), () => left, taken => left -= taken));
            file.Add(Day, "one\n"u8);
            left = room;
            Assert.Throws<IOException>(() => file.Add(Day, "two\nthree\nfour\n"u8));
            Assert.Throws<IOException>(() => file.Add(Day, "two\nthree\nfour\n"u8));
            left = int.MaxValue;
            file.Add(Day, "two\nthree\nfour\n"u8);
            file.Add(Day, "five\n"u8);
            Assert.Equal("one\ntwo\nthree\nfour\nfive\n", File.ReadAllText(_folder.In($"full{room}-{Day}.jsonl")));
        }
    }

    private DailyFile New() => new(_folder.Path, "events", Opened);

    private static FileStream Opened(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private string Text(string day)
    {
        using var reader = new StreamReader(new FileStream(_folder.In($"events-{day}.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Writes what there is room for, and fails then.</summary>
    private sealed class SmallDisk(FileStream inner, Func<int> room, Action<int> take) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var taken = Math.Min(room(), buffer.Length);
            take(taken);
            inner.Write(buffer[..taken]);
            if (taken < buffer.Length)
                throw new IOException("No space left on device");
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
