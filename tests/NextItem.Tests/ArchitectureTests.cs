using System.Text.RegularExpressions;
using System.Xml.Linq;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests;

/// <summary>Arrows point one way: folders of the core use only folders above them, projects only what is theirs.</summary>
public partial class ArchitectureTests
{
    /// <summary>The folders of projects, in the order of the data flow; "" is the project's own. A folder may use those before it.</summary>
    private static readonly Dictionary<string, string[]> s_folders = new()
    {
        ["NextItem"] = ["Diagnostics", "Kernels", "Sessions", "Features", "Batches", "Optimizers", "Losses", "Models", "Evaluation", "Training", "Tuning", "ModelFiles", "Recommending"],
        ["NextItem.Data"] = ["Diagnostics", "Reading", "Features", "Writing", "", "Streaming"],
        ["NextItem.Preparation"] = ["Contract", "Engine", "Formats", "Inputs", "Steps", "Review", "Output", ""],
        ["NextItem.Reports"] = ["", "Comparing", "Searching"],
        ["NextItem.Interchange"] = ["Diagnostics", "Arrays", "Graphs", "Importing", ""],
        ["NextItem.Hosting"] = ["Settings", "Models", "Metrics", ""],
        ["NextItem.Server"] = ["Settings", "Contract", "Access", "Catalog", "Filters", "Rules", "Sessions", "Feedback", "Telemetry", "Answering", "Routes", ""],
        ["NextItem.Server.Orleans"] = ["Grains", "Sessions", "Clustering", ""],
        ["NextItem.Cli"] = ["Output", "Review", "Settings", "Bulk", "Commands", "Tuning", ""],
    };

    /// <summary>What each project may refer to: packages, projects and frameworks.</summary>
    private static readonly Dictionary<string, string[]> s_references = new()
    {
        ["NextItem"] = ["System.Numerics.Tensors"],
        ["NextItem.Data"] = ["NextItem", "Sep", "Parquet.Net"],
        ["NextItem.Preparation"] = ["NextItem.Data", "DuckDB.NET.Data.Full", "Microsoft.Data.Sqlite", "Npgsql"],
        ["NextItem.Synthetic"] = ["NextItem"],
        ["NextItem.Reports"] = ["NextItem", "ScottPlot"],
        ["NextItem.Interchange"] = ["NextItem", "NextItem.Data", "Google.Protobuf", "OnnxSharp", "System.IO.Hashing"],
        ["NextItem.Hosting"] = ["NextItem", "Microsoft.Extensions.Diagnostics", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions"],
        ["NextItem.Server"] = ["NextItem", "NextItem.Data", "NextItem.Hosting", "Microsoft.AspNetCore.App", "Microsoft.AspNetCore.OpenApi", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting", "Scalar.AspNetCore", "StackExchange.Redis"],
        ["NextItem.Server.Orleans"] = ["NextItem.Server", "Microsoft.AspNetCore.App", "Microsoft.Orleans.Clustering.Redis", "Microsoft.Orleans.Persistence.Redis", "Microsoft.Orleans.Server"],
        ["NextItem.Cli"] = ["NextItem", "NextItem.Server", "NextItem.Server.Orleans", "NextItem.Data", "NextItem.Synthetic", "NextItem.Preparation", "NextItem.Reports", "NextItem.Interchange", "System.CommandLine", "Spectre.Console", "YamlDotNet"],
    };

    private static readonly string s_root = Repository.Root;

    public static TheoryData<string, string> TypesThatAreThere => new()
    {
        { "NextItem", "Models/SessionLanes" }, { "NextItem", "Kernels/MatMul" }, { "NextItem.Data", "Features/FeatureSource" }, { "NextItem.Preparation", "Inputs/Source" }, { "NextItem.Reports", "/Picture" }, { "NextItem.Interchange", "Graphs/Network" }, { "NextItem.Hosting", "Models/ServedModel" }, { "NextItem.Server", "Sessions/SessionRecord" }, { "NextItem.Server.Orleans", "Grains/SessionGrain" }, { "NextItem.Cli", "Output/Finding" },
    };

    /// <param name="project">The project.</param>
    /// <param name="type">A type of it with its folder, to show that declarations are found.</param>
    [Theory, MemberData(nameof(TypesThatAreThere))]
    public void Folders_OfAProject_UseOnlyFoldersBeforeThem(string project, string type)
    {
        var folders = s_folders[project];
        var files = Sources(project).Select(path => (Path: path, Folder: FolderOf(path), Code: CodeOf(path))).ToArray();
        Assert.All(files, file => Assert.Contains(file.Folder, folders));

        var declaredIn = new Dictionary<string, string>();
        foreach (var (path, folder, code) in files)
        {
            foreach (Match match in TopLevelType().Matches(code))
            {
                var name = match.Groups["name"].Value;
                Assert.True(declaredIn.GetValueOrDefault(name, folder) == folder, $"{name} is declared in {declaredIn.GetValueOrDefault(name)} and in {path}");
                declaredIn[name] = folder;
            }
        }

        Assert.Equal(type.Split('/')[0], declaredIn[type.Split('/')[1]]);
        var wrong =
            from file in files
            from name in Identifier().Matches(file.Code).Select(match => match.Value).Distinct()
            where declaredIn.TryGetValue(name, out var folder) && Array.IndexOf(folders, folder) > Array.IndexOf(folders, file.Folder)
            select $"{file.Path} uses {name} of {declaredIn[name]}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Core_Source_TouchesNoFilesNoConsoleNoClock()
    {
        var wrong =
            from path in Sources("NextItem")
            from Match match in WorldOutside().Matches(CodeOf(path))
            select $"{path}: {match.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Projects_References_AreTheirOwn()
    {
        var projects = Directory.GetFiles(Path.Combine(s_root, "src"), "*.csproj", SearchOption.AllDirectories);
        Assert.Equal(s_references.Keys.Order(), projects.Select(path => Path.GetFileNameWithoutExtension(path)).Order());
        foreach (var project in projects)
        {
            var references =
                from element in XDocument.Load(project).Descendants()
                where element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference"
                let include = element.Attribute("Include")!.Value.Replace('\\', '/')
                select element.Name.LocalName == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include;
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.All(references, reference => Assert.True(s_references[name].Contains(reference), $"{name} refers to {reference}; allowed: {string.Join(", ", s_references[name])}"));
        }
    }

    private static string[] Sources(string project)
    {
        var root = Path.Combine(s_root, "src", project);
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(s_root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.True(files.Length > 10, $"only {files.Length} source files under {root}");
        return files;
    }

    private static string FolderOf(string path) => path.Split('/') is [_, _, var folder, _, ..] ? folder : "";

    /// <summary>The source without comments, text and the names of namespaces.</summary>
    private static string CodeOf(string path) => NamespaceLine().Replace(CommentOrText().Replace(File.ReadAllText(Path.Combine(s_root, path)), " "), " ");

    [GeneratedRegex(@"^(using|namespace) [\w.]+;", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""""""[^""].*?""""""|@""(?:[^""]|"""")*""|""(?:\\.|[^""\\\n])*""|'(?:\\.|[^'\\])'", RegexOptions.Singleline)]
    private static partial Regex CommentOrText();

    /// <summary>A type at the left margin: nested ones are known only within their file's type.</summary>
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|unsafe|partial|ref)\s+)*(?:class|interface|enum|record\s+struct|record\s+class|record|struct)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\b(?:Console|File|Directory|Path|FileInfo|DirectoryInfo|FileStream|Environment|Process)\s*\.\s*\w+|\bnew\s+(?:FileStream|FileInfo|DirectoryInfo)\b|\bDateTime(?:Offset)?\s*\.\s*(?:Utc)?Now\b|\bRandom\s*\.\s*Shared\b|\bStopwatch\b")]
    private static partial Regex WorldOutside();
}
