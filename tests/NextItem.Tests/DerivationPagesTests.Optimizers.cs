using System.Text.RegularExpressions;
using NextItem.Tests.Reference;

namespace NextItem.Tests;

/// <content>The page of the optimisers, and what links the pages and the code.</content>
public partial class DerivationPagesTests
{
    [Theory]
    [InlineData("Adagrad", Optimizer.Adagrad)]
    [InlineData("RMSProp", Optimizer.RmsProp)]
    [InlineData("Adadelta", Optimizer.Adadelta)]
    [InlineData("Adam", Optimizer.Adam)]
    [InlineData("SGD", Optimizer.Sgd)]
    public void Optimizers_ExampleTable_IsWhatTheDefinitionsGive(string name, Optimizer optimizer)
    {
        var row = Table("derivations/optimizers.md")[name];
        var options = new Gru4RecOptions { Optimizer = optimizer, LearningRate = 0.1f };
        var plain = Updates(options, [0.5, -0.2]);
        AssertCell([(1 - plain[0]) / options.LearningRate, (plain[0] - plain[1]) / options.LearningRate], row[1]);
        AssertCell(plain, row[2]);
        if (optimizer == Optimizer.Adam)
            Assert.Equal("-", row[3]);
        else
            AssertCell(Updates(options with { Momentum = 0.3f, L2Penalty = 0.01f }, [0.5, -0.2]), row[3]);
    }

    /// <summary>Two gradients of one item in one step; the other forms are written out, since nothing here computes them.</summary>
    [Fact]
    public void Optimizers_ItemTwiceInAStep_IsWhatTheFormsGive()
    {
        var table = Table("derivations/optimizers.md");
        var options = new Gru4RecOptions { LearningRate = 1 };
        double a = 0.3, b = -0.1, epsilon = options.OptimizerEpsilon;
        AssertCell([1 - Updates(options, [a + b])[0]], table["summed first"][1]);
        AssertCell([(a / Math.Sqrt((a * a) + epsilon)) + (b / Math.Sqrt((b * b) + epsilon))], table["each with the square of its own (Theano)"][1]);
        AssertCell([(a + b) / Math.Sqrt((a * a) + (b * b) + epsilon)], table["sum over the root of both squares (TensorFlow)"][1]);
    }

    [Fact]
    public void Optimizers_AdamsCount_IsOfTheElement()
    {
        var table = Table("derivations/optimizers.md");
        var options = new Gru4RecOptions { Optimizer = Optimizer.Adam, LearningRate = 1 };
        AssertCell([1 - Updates(options, [0.5])[0]], table["of the element, t = 1"][1]);

        double p = 1;
        double[] state = [0, 0, 999, 0]; // the count of the definition, as if the element had been there from the start
        DoubleOptimizer.Update(options, ref p, state, 0.5);
        AssertCell([1 - p], table["of the training, t = 1,000"][1]);
    }

    /// <summary>Relative links of the pages lead somewhere, and each page is reached from docs/losses.md or the README.</summary>
    [Fact]
    public void Pages_Links_LeadToPagesAndHeadings()
    {
        var folder = Path.GetDirectoryName(PathOf("derivations/gru.md"))!;
        string[] pages = [PathOf("losses.md"), .. Directory.GetFiles(folder, "*.md")];
        foreach (var page in pages)
        {
            foreach (Match link in Links().Matches(File.ReadAllText(page)))
            {
                var target = link.Groups[1].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value);
                Assert.True(File.Exists(target), $"{page}: {link.Value}");
                if (link.Groups[2].Success)
                    Assert.True(File.ReadLines(target).Any(line => line.StartsWith('#') && Anchor(line) == link.Groups[2].Value), $"{page}: {link.Value}");
            }
        }

        var reached = File.ReadAllText(PathOf("losses.md")) + File.ReadAllText(PathOf("../README.md"));
        Assert.All(pages[1..], page => Assert.Contains($"derivations/{Path.GetFileName(page)})", reached, StringComparison.Ordinal));
    }

    /// <summary>Pages that doc comments name are there.</summary>
    [Fact]
    public void Pages_NamedInTheCode_AreThere()
    {
        var named = 0;
        foreach (var file in Directory.EnumerateFiles(PathOf("../src"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match page in PageNames().Matches(File.ReadAllText(file)))
            {
                named++;
                Assert.True(File.Exists(PathOf($"../{page.Value}")), $"{file} names {page.Value}");
            }
        }

        Assert.True(named >= 10, $"{named} pages are named in doc comments");
    }

    private static double[] Updates(Gru4RecOptions options, double[] gradients)
    {
        double p = 1;
        var state = new double[DoubleOptimizer.States];
        return [.. gradients.Select(g =>
        {
            DoubleOptimizer.Update(options, ref p, state, g);
            return p;
        })];
    }

    /// <summary>A heading's anchor: lower case, spaces as hyphens, other marks left out.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"docs/[\w/-]+\.md")]
    private static partial Regex PageNames();
}
