using System.Diagnostics;
using System.Globalization;

namespace NextItem.Data.Tests;

/// <summary>README's library example is the quickstart sample, and the sample does what README shows.</summary>
public class ReadmeTests
{
    private static readonly string s_root = FindRoot();

    [Fact]
    public void LibraryExample_IsTheQuickstartSample() =>
        Assert.Equal(Read("samples/quickstart/Program.cs"), Block("csharp"));

    [Fact]
    public void ExampleOutput_IsTheSamplesExpectedOutput() =>
        Assert.Equal(Read("samples/quickstart/expected-output.txt"), Block("text"));

    [Fact]
    public void FirstCodeBlock_HasTheTwoCommands()
    {
        var commands = Block("bash");
        Assert.Contains("dotnet run -c Release --project src/NextItem.Cli -- demo", commands);
        Assert.Contains("./test.sh", commands);
    }

    [Fact]
    public async Task Quickstart_Run_PrintsWhatIsExpected()
    {
        var folder = Directory.CreateTempSubdirectory("nextitem-quickstart");
        try
        {
            var sample = Path.Combine(s_root, "artifacts", "bin", "quickstart", Configuration());
            foreach (var name in (string[])["train.tsv", "test.tsv"])
                File.Copy(Path.Combine(sample, name), Path.Combine(folder.FullName, name));
            var start = new ProcessStartInfo("dotnet", [Path.Combine(sample, "quickstart.dll")])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);

            // Another vector width adds in another order, so the digits may differ a little; the recall may not differ much.
            var found = output.Trim().Split('\n');
            var expected = Read("samples/quickstart/expected-output.txt").Trim().Split('\n');
            Assert.Equal(expected.Length, found.Length);
            Assert.InRange(Number(found[0]), Number(expected[0]) - 0.03, Number(expected[0]) + 0.03);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "shop.nextitem")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The sample brings what the engine and the readers of files bring, as the build lists it for the host.</summary>
    [Fact]
    public void Quickstart_Dependencies_HaveNoNativeLibrary()
    {
        var dependencies = Read($"artifacts/bin/quickstart/{Configuration()}/quickstart.deps.json");
        Assert.Contains("NextItem.dll", dependencies, StringComparison.Ordinal);
        Assert.DoesNotContain("native", dependencies, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Links_PointToFilesThatAreThere()
    {
        var readme = Read("README.md");
        var missing = System.Text.RegularExpressions.Regex.Matches(readme, @"\]\((?!https?:)([^)#]+)\)")
            .Select(match => match.Groups[1].Value)
            .Where(path => !File.Exists(Path.Combine(s_root, path)) && !Directory.Exists(Path.Combine(s_root, path)));
        Assert.Empty(missing);
    }

    private static double Number(string line) => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);

    private static string Configuration() => Path.GetFileName(Path.GetDirectoryName(typeof(ReadmeTests).Assembly.Location)!);

    private static string Read(string path) => File.ReadAllText(Path.Combine(s_root, path)).ReplaceLineEndings("\n");

    private static string Block(string language)
    {
        var readme = Read("README.md");
        var start = readme.IndexOf($"```{language}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"README has no {language} block.");
        start += language.Length + 4;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("NextItem.slnx is not above the test's folder.");
    }
}
