using System.IO.Compression;
using System.Text;

namespace NextItem.Preparation.Tests;

/// <summary>A folder that is there for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("nextitem-prepare-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] content)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
            gzip.Write(content);
        return bytes.ToArray();
    }

    /// <summary>Lines of a prepared set without the header, as 'session item time'.</summary>
    public string[] Rows(string name) => [.. File.ReadAllLines(At($"out/{name}.tsv")).Skip(1).Select(line => line.Replace('\t', ' '))];

    /// <summary>Prepares into <c>out</c>, as text.</summary>
    public PreparationReport Prepare(string input, PreparationSteps? steps = null, Func<PreparationOptions, PreparationOptions>? more = null)
    {
        var options = new PreparationOptions { Inputs = [input], OutputFolder = At("out"), OutputFormat = OutputFormat.Tsv, Steps = steps, Threads = 1, MemoryBytes = 1L << 30 };
        return SessionPreparer.Prepare(more is null ? options : more(options));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
