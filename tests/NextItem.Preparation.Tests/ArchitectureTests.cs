using System.Text.RegularExpressions;

namespace NextItem.Preparation.Tests;

/// <summary>DuckDB stays in one project, and its folders use only those before them in the flow of the data.</summary>
public partial class ArchitectureTests
{
    private static readonly string[] s_folders = ["Engine", "Formats", "Inputs", "Steps", "Review", "Output"];

    [Fact]
    public void Folders_UseOnlyThoseBeforeThem()
    {
        var source = Path.Combine(RealDataTests.Root(), "src/NextItem.Preparation");
        Assert.Equal(s_folders.Append("Sql").Order(), Directory.GetDirectories(source).Select(path => Path.GetFileName(path)).Where(name => name is not ("bin" or "obj")).Order());
        var wrong = s_folders.SelectMany((folder, at) => Directory.EnumerateFiles(Path.Combine(source, folder), "*.cs")
            .SelectMany(file => Use().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Used: match.Groups[1].Value)))
            .Where(use => Array.IndexOf(s_folders, use.Used) > at));

        Assert.Empty(wrong);
    }

    [Fact]
    public void DuckDb_IsReferencedByOneProject() =>
        Assert.Equal(
            ["NextItem.Preparation.csproj"],
            Directory.EnumerateFiles(Path.Combine(RealDataTests.Root(), "src"), "*.csproj", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains("DuckDB", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)));

    [GeneratedRegex(@"using NextItem\.Preparation\.(\w+);")]
    private static partial Regex Use();
}
