using System.IO.Compression;
using System.Text;

namespace NextItem.Data.Tests;

/// <summary>A folder that is there for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nextitem-data-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public static byte[] Gzip(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    /// <summary>Fails if somebody still has the file open.</summary>
    public static void AssertClosed(string path) =>
        new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();

    /// <summary>Reads, expects a refusal, and sees that the file was closed.</summary>
    public static EventsFileException Refusal(string path, EventColumns? columns = null)
    {
        var refusal = Assert.Throws<EventsFileException>(() => EventsFile.Read(path, columns));
        if (File.Exists(path))
            AssertClosed(path);
        return refusal;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
