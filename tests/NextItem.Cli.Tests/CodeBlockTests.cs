using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NextItem.Cli.Tests;

/// <summary>
/// Every block of C# in README, docs, docs/guides and the packages' READMEs compiles, as top-level statements against the assemblies as they are built. A fragment
/// may use the names of <see cref="Given"/>, which are what its page says is there already. A block that makes a web application is a whole
/// program, and has what a web project gives it and no more. CONTRIBUTING's blocks show style, before and after, and are no programs.
/// </summary>
public partial class CodeBlockTests
{
    /// <summary>Names that fragments use without making them; a block's own variable of the same name goes before.</summary>
    private const string Given = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using NextItem;
        global using NextItem.Data;
        global using NextItem.Interchange;
        global using NextItem.Preparation;
        global using NextItem.Reports;
        global using static Given;

        internal record Row(string Visit, string Product, double Seconds);

        internal static class Given
        {
            public static readonly SessionSet train = null!, validation = null!;
            public static readonly Gru4RecOptions options = null!;
            public static readonly TrainedModel yesterday = null!;
            public static readonly ICheckpointSink sink = null!;
            public static readonly CancellationToken cancellationToken;
            public static readonly Row[] rows = [];
            public static readonly SessionEvent[] later = [];
        }
        """;

    /// <summary>The usings that a web project has without a word (<c>dotnet new web</c>).</summary>
    private const string GivenToTheWeb = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    /// <summary>Blocks that are a sample's file word for word: the solution's build compiles them, with packages that are not here.</summary>
    private static readonly string[] s_samples = ["samples/onnx/Program.cs", "samples/quickstart/Program.cs"];

    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        var packages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "README.md", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));
        foreach (var page in Repository.Pages().Concat(packages.Order(StringComparer.Ordinal)))
            foreach (Match block in Block().Matches(Repository.Read(page)))
                blocks.Add(page, Line(page, block.Index));
        return blocks;
    }

    [Theory, MemberData(nameof(Blocks))]
    public void CSharp_OfAPage_Compiles(string page, int line)
    {
        var text = Repository.Read(page);
        var code = Block().Matches(text).Single(match => Line(page, match.Index) == line).Groups[1].Value;
        if (s_samples.Any(sample => Repository.Read(sample) == code))
            return;

        var errors = Errors(code);
        Assert.True(errors.Length == 0, $"{page}:{line}\n{string.Join("\n", errors)}");
    }

    [Fact]
    public void Blocks_OfThePages_AreFound() => Assert.InRange(Blocks().Count, 12, 200);

    /// <summary>The check itself can fail: an unknown member, and a name that nobody gave.</summary>
    [Theory]
    [InlineData("_ = train.NoSuchMember;", "CS1061")]
    [InlineData("Console.WriteLine(nobodyGaveThis);", "CS0103")]
    [InlineData("var app = WebApplication.CreateBuilder(args).Build(); app.Services.GetRequiredService<LiveRecommender>();", "CS0246")]
    [InlineData("using NextItem.Hosting; WebApplication.CreateBuilder(args); services.GetRequiredService<LiveRecommender>();", "CS0103")]
    [InlineData("...", "CS")]
    public void Errors_OfAWrongBlock_AreTold(string code, string expected) =>
        Assert.Contains(Errors(code), error => error.Contains(expected, StringComparison.Ordinal));

    private static string[] Errors(string code)
    {
        // Blocks of a file-based program begin with '#:' lines.
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("FileBasedProgram", "true")]);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var given = code.Contains("WebApplication.Create", StringComparison.Ordinal) ? GivenToTheWeb : Given;
        // A fragment of declarations alone is still a program: it only never begins.
        var compilation = CSharpCompilation.Create(
            "Page",
            [CSharpSyntaxTree.ParseText(code, options, cancellationToken: TestContext.Current.CancellationToken), CSharpSyntaxTree.ParseText(given, options, cancellationToken: TestContext.Current.CancellationToken)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString())];
    }

    private static int Line(string page, int index) => Repository.Read(page).AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex("^```(?:csharp|cs)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
