using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Reports;

namespace NextItem.Cli.Commands;

/// <summary>What <c>compare</c> leaves in its folder.</summary>
internal sealed class ComparisonFiles(DirectoryInfo folder, FileInfo? json)
{
    private const string Page = "report.html";
    private const string Table = "comparison.csv";
    private const string Json = "comparison.json";

    private static readonly (string Name, ComparisonPicture Picture)[] s_pictures = [("intervals", ComparisonPicture.Intervals), ("positions", ComparisonPicture.Positions)];

    public static IEnumerable<string> Names => [Page, Table, Json, .. s_pictures.SelectMany(picture => new[] { $"{picture.Name}.png", $"{picture.Name}.svg" })];

    /// <summary>The page's path.</summary>
    public string PagePath => Path.Combine(folder.ToString(), Page);

    /// <summary>Fails before the work when the folder cannot be written to, or a file would replace what the work is about.</summary>
    public void RequireWritable(params ReadOnlySpan<FileInfo?> others)
    {
        if (File.Exists(folder.FullName))
            throw new RunException($"--out {folder} is a file; expected a folder.");
        foreach (var name in Names)
            Files.RequireWritable("--out", In(name), others);
        Files.RequireWritable("--json", json, [.. others, .. Names.Select(In)]);
    }

    /// <summary>Writes all files; without pictures where the drawing library does not load.</summary>
    public void Write(Terminal terminal, ModelComparison comparison, ComparisonJson fields)
    {
        AtomicFile.Write(In(Table).FullName, stream => ComparisonReport.WriteCsv(stream, comparison));
        foreach (var file in new[] { In(Json), json })
            Files.WriteJson(file, fields.Write);
        try
        {
            if (!TrainingHistory.CanDrawText())
                terminal.Errors.WriteLine("nextitem: warning: this machine has no fonts: the pictures have no text. On Debian, for instance: apt-get install fonts-dejavu-core.");
            foreach (var (name, picture) in s_pictures)
            {
                AtomicFile.Write(In($"{name}.png").FullName, stream => ComparisonReport.WritePng(stream, comparison, picture));
                AtomicFile.Write(In($"{name}.svg").FullName, stream => ComparisonReport.WriteSvg(stream, comparison, picture));
            }
        }
        catch (PlatformNotSupportedException e)
        {
            terminal.Errors.WriteLine($"nextitem: warning: {e.Message} The report has no pictures.");
        }

        AtomicFile.Write(In(Page).FullName, stream => ComparisonReport.WriteHtml(stream, comparison));
    }

    private FileInfo In(string name) => new(Path.Combine(folder.ToString(), name));
}
