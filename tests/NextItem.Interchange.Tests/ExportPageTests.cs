using System.Diagnostics;

namespace NextItem.Interchange.Tests;

/// <summary>docs/export.md shows the sample, and the sample gives what the recommender gives.</summary>
public class ExportPageTests
{
    private static readonly string s_root = Root();

    [Fact]
    public void Page_CSharp_IsTheSample()
    {
        var page = File.ReadAllText(Path.Combine(s_root, "docs", "export.md"));
        var block = page[(page.IndexOf("```csharp\n", StringComparison.Ordinal) + 10)..];
        Assert.Equal(File.ReadAllText(Path.Combine(s_root, "samples", "onnx", "Program.cs")), block[..block.IndexOf("```", StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task Sample_WithAnExportedModel_GivesTheRecommendersAnswer()
    {
        using var model = SmallModels.Prnn(PrnnArchitecture.Parallel);
        using var recommender = new Recommender(model.Model);
        string[] session = ["item-9", "no such item", "item-20"];
        var path = Path.Combine(Path.GetTempPath(), $"nextitem-sample-{Guid.NewGuid():N}.onnx");
        try
        {
            await using (var file = File.Create(path))
                OnnxFile.Write(file, model, OnnxGraph.Sessions, new OnnxOptions { Top = 10 });
            var sample = Path.Combine(s_root, "artifacts", "bin", "onnx", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "onnx-sample.dll");
            using var process = Process.Start(new ProcessStartInfo("dotnet", [sample, path, .. session]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await errors);

            var expected = recommender.Recommend(session, 10).Items;
            var lines = output.TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).ToArray();
            Assert.Equal(expected.Select(item => item.ItemKey), lines.Select(line => line[0]));
            Assert.All(expected.Zip(lines), pair => Assert.Equal(pair.First.Score, double.Parse(pair.Second[1], System.Globalization.CultureInfo.InvariantCulture), 0.00051));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("NextItem.slnx is not above the test's folder.");
    }
}
