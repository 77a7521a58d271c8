namespace NextItem.Data.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void WriteNew(Stream stream) => stream.Write("new"u8);

    [Fact]
    public void Write_Success_ReplacesTheOldFileAndLeavesNothingElse()
    {
        var path = _folder.Write("model.bin", "old and longer");

        AtomicFile.Write(path, WriteNew);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_WriterClosesTheStream_Works()
    {
        var path = _folder.At("model.bin");

        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream);
            writer.Write("new");
        });

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Write_MissingFolder_MakesIt()
    {
        var path = _folder.At("a/b/model.bin");

        AtomicFile.Write(path, WriteNew);

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    public void Write_ExceptionMidWrite_KeepsTheOldFileAndDeletesTheTemporary(Type type)
    {
        var path = _folder.Write("model.bin", "old");

        var thrown = Record.Exception(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1_000_000]);
            throw (Exception)Activator.CreateInstance(type)!;
        }));

        Assert.IsType(type, thrown);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ExceptionAndNoOldFile_LeavesNothing()
    {
        Assert.Throws<IOException>(() => AtomicFile.Write(_folder.At("model.bin"), _ => throw new IOException("No space left on device")));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WriteAll_FailureInTheLast_KeepsAllOldFiles()
    {
        var (first, second) = (_folder.Write("keys", "old"), _folder.Write("vectors", "old"));

        Assert.Throws<IOException>(() => AtomicFile.WriteAll((first, WriteNew), (second, _ => throw new IOException("No space left on device"))));

        Assert.Equal(("old", "old"), (File.ReadAllText(first), File.ReadAllText(second)));
        Assert.Equal([first, second], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WriteAll_Success_ReplacesEachAfterAllAreWritten()
    {
        var (first, second) = (_folder.Write("keys", "old"), _folder.Write("vectors", "old"));

        AtomicFile.WriteAll((first, WriteNew), (second, WriteLater));

        Assert.Equal(("new", "new"), (File.ReadAllText(first), File.ReadAllText(second)));
        Assert.Equal([first, second], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));

        void WriteLater(Stream stream)
        {
            Assert.Equal("old", File.ReadAllText(first));
            WriteNew(stream);
        }
    }

    [Fact]
    public void Write_DuringTheWriting_ReadersSeeTheOldFileOrTheNewOne()
    {
        var path = _folder.Write("model.bin", new byte[100_000]);
        using var done = new CancellationTokenSource();
        var torn = 0;
        var reads = 0;
        var reader = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
                var bytes = new byte[100_000];
                torn += stream.Length != bytes.Length || stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length
                    || bytes.AsSpan().ContainsAnyExcept(bytes[0]) ? 1 : 0;
                Volatile.Write(ref reads, reads + 1);
            }
        });
        reader.Start();

        for (byte version = 1; version <= 50 || Volatile.Read(ref reads) < 20; version++)
        {
            var content = new byte[100_000];
            content.AsSpan().Fill(version);
            AtomicFile.Write(path, stream =>
            {
                stream.Write(content.AsSpan(..50_000));
                stream.Flush();
                stream.Write(content.AsSpan(50_000..));
            });
        }

        done.Cancel();
        reader.Join();
        Assert.Equal(0, torn);
    }

    [Fact]
    public void Write_TakenTemporaryName_TriesTheNext()
    {
        var path = _folder.At("model.bin");
        string? first = null;
        AtomicFile.Write(path, _ => first = Directory.GetFiles(_folder.Path, ".nextitem-*").Single());
        var number = int.Parse(Path.GetFileNameWithoutExtension(first!).Split('-')[^1]);
        var taken = Enumerable.Range(number + 1, 50).Select(n => _folder.Write($".nextitem-{Environment.ProcessId}-{n}.tmp", "left")).ToList();

        AtomicFile.Write(path, WriteNew);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.All(taken, name => Assert.Equal("left", File.ReadAllText(name)));
    }

    [Fact]
    public void Write_Folder_IsRefused()
    {
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, WriteNew));

        Assert.Equal($"'{_folder.Path}' is a folder; expected the path of a file.", error.Message);
    }

    [Fact]
    public void Write_Link_ReplacesItsTarget()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("links need special rights on Windows");
            return;
        }

        var target = _folder.Write("target.bin", "old");
        var link = _folder.At("link.bin");
        File.CreateSymbolicLink(link, "target.bin");

        AtomicFile.Write(link, WriteNew);

        Assert.Equal("new", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Write_ExistingFile_KeepsItsPermissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions");
            return;
        }

        var path = _folder.Write("model.bin", "old");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, Mode);

        AtomicFile.Write(path, WriteNew);

        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Write_FullDevice_ThrowsAndLeavesTheDevice()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("there is no /dev/full here");
        var before = Directory.GetFiles("/dev", ".nextitem-*");

        Assert.Throws<IOException>(() => AtomicFile.Write("/dev/full", WriteNew));

        Assert.Equal(before, Directory.GetFiles("/dev", ".nextitem-*"));
        Assert.Equal(0, new FileInfo("/dev/full").Length);
        Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "still full"));
    }
}
