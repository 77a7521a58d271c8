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
    private const string Latex = "comparison.tex";

    private static readonly (string Name, ComparisonPicture Picture)[] s_pictures =
        [("intervals", ComparisonPicture.Intervals), ("positions", ComparisonPicture.Positions), ("speed", ComparisonPicture.Speed), ("training", ComparisonPicture.Training)];

    public static IEnumerable<string> Names => [Page, Table, Json, Latex, .. s_pictures.SelectMany(picture => new[] { $"{picture.Name}.png", $"{picture.Name}.svg" })];

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
        AtomicFile.Write(In(Latex).FullName, stream => ComparisonReport.WriteLatex(stream, comparison));
        foreach (var file in new[] { In(Json), json })
            Files.WriteJson(file, fields.Write);
        if (CanDraw(terminal))
        {
            foreach (var (name, picture) in s_pictures)
                WritePicture(name, picture, comparison);
        }

        AtomicFile.Write(In(Page).FullName, stream => ComparisonReport.WriteHtml(stream, comparison));
    }

    /// <summary>Whether pictures can be drawn here; warns where they cannot, or will have no text.</summary>
    public static bool CanDraw(Terminal terminal)
    {
        try
        {
            if (!TrainingHistory.CanDrawText())
                terminal.Errors.WriteLine("nextitem: warning: this machine has no fonts: the pictures have no text. On Debian, for instance: apt-get install fonts-dejavu-core.");
            return true;
        }
        catch (PlatformNotSupportedException e)
        {
            terminal.Errors.WriteLine($"nextitem: warning: {e.Message} The report has no pictures.");
            return false;
        }
    }

    /// <summary>Writes a picture; where the models were not measured for it, one of an earlier comparison goes, for it would be taken for this one's.</summary>
    private void WritePicture(string name, ComparisonPicture picture, ModelComparison comparison)
    {
        var (png, svg) = (In($"{name}.png").FullName, In($"{name}.svg").FullName);
        if (ComparisonReport.CanDraw(comparison, picture))
        {
            AtomicFile.Write(png, stream => ComparisonReport.WritePng(stream, comparison, picture));
            AtomicFile.Write(svg, stream => ComparisonReport.WriteSvg(stream, comparison, picture));
        }
        else
        {
            File.Delete(png);
            File.Delete(svg);
        }
    }

    private FileInfo In(string name) => new(Path.Combine(folder.ToString(), name));
}
