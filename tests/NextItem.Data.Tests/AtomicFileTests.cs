namespace NextItem.Data.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private const int NoSpace = 28; // ENOSPC

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

    [Theory]
    [InlineData("clicks.csv/model.bin")]
    [InlineData("clicks.csv/a/b/model.bin")]
    public void Write_FolderThatIsAFile_IsNamed(string below)
    {
        var file = _folder.Write("clicks.csv", "old");

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.At(below), WriteNew));

        Assert.Equal($"'{file}' is a file; expected a folder.", error.Message);
        Assert.Equal(error.Message, Assert.Throws<IOException>(() => AtomicFile.Probe(_folder.At(below))).Message);
        Assert.Equal("old", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("/proc/model.bin", "'/proc' is a folder in which no file can be made.")]
    [InlineData("/proc/a/model.bin", "'/proc/a' is no folder and cannot be made one.")]
    public void Write_FolderOfTheSystem_IsToldWithoutTheTemporaryName(string path, string message)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /proc, where even the superuser cannot make files");

        Assert.Equal(message, Assert.Throws<IOException>(() => AtomicFile.Write(path, WriteNew)).Message);
    }

    [Fact]
    public void Write_FolderThatMayNotBeWritten_IsToldWithoutTheTemporaryName()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /sys, where even the superuser may not make files");

        var error = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write("/sys/model.bin", WriteNew));

        Assert.Equal("'/sys' is a folder in which no file may be made: access is denied.", error.Message);
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

        var error = Assert.Throws<IOException>(() => AtomicFile.Write("/dev/full", WriteNew));

        Assert.Equal("'/dev/full' could not be written: the disk is full.", error.Message);
        Assert.Equal(NoSpace, error.HResult);
        Assert.Equal(before, Directory.GetFiles("/dev", ".nextitem-*"));
        Assert.Equal(0, new FileInfo("/dev/full").Length);
        Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "still full"));
    }

    /// <summary>The large write fails in the middle, the small one when the stream's buffer is written at its end.</summary>
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(40_000)]
    public void Write_DiskThatIsFull_NamesTheFileAndKeepsTheOldOne(int bytes)
    {
        using var disk = SmallDisk.Mount(_folder.At("disk"), "32k");
        var (old, other) = (Path.Combine(disk.Path, "old.bin"), Path.Combine(disk.Path, "other.bin"));
        File.WriteAllText(old, "old");

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(old, stream => stream.Write(new byte[bytes])));

        Assert.Equal($"'{old}' could not be written: the disk is full. The file that was there is as it was.", error.Message);
        Assert.Equal(NoSpace, error.HResult);
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal($"'{other}' could not be written: the disk is full.", Assert.Throws<IOException>(() => AtomicFile.WriteAll((old, WriteNew), (other, stream => stream.Write(new byte[bytes])))).Message);
        Assert.Equal([old], Directory.GetFileSystemEntries(disk.Path));
    }
}
