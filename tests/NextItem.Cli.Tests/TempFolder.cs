namespace NextItem.Cli.Tests;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    private int _files;

    public string Path { get; } = Directory.CreateTempSubdirectory("nextitem-cli-").FullName;

    /// <summary>A path in the folder at which nothing is yet.</summary>
    public string NewPath(string extension) => System.IO.Path.Combine(Path, $"{_files++}{extension}");

    /// <summary>Writes a file of the lines given and tells its path; spaces become tabs.</summary>
    public string Events(params string[] lines) => Text(string.Concat(lines.Select(line => line.Replace(' ', '\t') + "\n")), ".tsv");

    /// <summary>Writes a file and tells its path.</summary>
    public string Text(string content, string extension = ".txt")
    {
        var path = NewPath(extension);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
