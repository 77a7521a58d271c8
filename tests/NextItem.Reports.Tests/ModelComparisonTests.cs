using System.Text;

namespace NextItem.Reports.Tests;

public class ModelComparisonTests
{
    [Fact]
    public void Of_AClearDifference_SaysWhichIsBestByHowMuchAndThatItIsBeyondChance()
    {
        var comparison = Comparisons.Of(Comparisons.Model("low", Comparisons.Shares(0.3)), Comparisons.Model("high", Comparisons.Shares(0.5)), Comparisons.Model("middle", Comparisons.Shares(0.4)));
        var interval = comparison.IntervalOf(1, "recall", 20)!.Value;

        Assert.Equal((1, "recall", 20, 1_200), (comparison.Best, comparison.Headline, comparison.Cutoff, comparison.SessionsWithCases));
        Assert.Equal(
            [
                $"high is best: its Recall@20 is {interval.Value:F4} (95 % interval {interval.Low:F4} to {interval.High:F4}), 0.1000 more than middle, the next.",
                "That is beyond chance: the difference is 0.1000 to 0.1000, p = 0.010.", // the smallest p of 200 draws, for two models
                "No warning holds.",
            ],
            comparison.Sentences);
        Assert.Equal([(0, "recall"), (2, "recall"), (0, "mrr"), (2, "mrr")], comparison.Differences.Select(each => (each.Model, each.Metric)));
        Assert.All(comparison.Differences, each => Assert.Equal(2 / 201.0, each.AdjustedP, 1e-12));
        Assert.Null(comparison.IntervalOf(0, "coverage", 20));
    }

    [Fact]
    public void Of_IdenticalModels_AreLevelAndTheDifferenceMayBeChance()
    {
        var comparison = Comparisons.Of(Comparisons.Model("a", Comparisons.Shares(0.3)), Comparisons.Model("b", Comparisons.Shares(0.3)));

        Assert.StartsWith("a and b are level: Recall@20 0.", comparison.Sentences[0], StringComparison.Ordinal);
        Assert.Equal("That may be chance: the difference is 0.0000 to 0.0000, p = 1.000; these data do not tell the two apart.", comparison.Sentences[1]);
        Assert.All(comparison.Differences, each => Assert.False(each.IsBeyondChance));
    }

    [Fact]
    public void Of_FewSessionsAndManyTies_Warns()
    {
        var comparison = Comparisons.Of(Comparisons.Model("a", Comparisons.Shares(0.3, 999), tieShare: 0.25), Comparisons.Model("b", Comparisons.Shares(0.4, 999), tieShare: 0.005));

        Assert.Equal(
            ["only 999 test sessions have a case: small differences cannot be told from chance.", "cases are tied with other items (a 25.0 %); ranks are conservative, another rule gives other numbers."],
            comparison.Warnings);
        Assert.Equal("2 warnings hold, and stand below.", comparison.Sentences[^1]);
    }

    [Fact]
    public void Of_OneModel_HasNoDifference()
    {
        var comparison = Comparisons.Of(Comparisons.Model("alone", Comparisons.Shares(0.3), cutoff: 7));

        Assert.Equal(7, comparison.Cutoff);
        Assert.Empty(comparison.Differences);
        Assert.StartsWith("alone has Recall@7 0.", comparison.Sentences[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ModelsNotMeasuredAlike_AreRefused()
    {
        var model = Comparisons.Model("a", Comparisons.Shares(0.3));

        Assert.Contains("There is no model", Refused(), StringComparison.Ordinal);
        Assert.Contains("2 models are called 'a'", Refused(model, model), StringComparison.Ordinal);
        Assert.Contains("'b' was measured on other cases than 'a'", Refused(model, Comparisons.Model("b", Comparisons.Shares(0.3), cases: 5)), StringComparison.Ordinal);
        Assert.Contains("'b' was measured with other metrics than 'a'", Refused(model, Comparisons.Model("b", Comparisons.Shares(0.3), cutoff: 5)), StringComparison.Ordinal);
        Assert.Contains("'b' was measured with other rules for ties", Refused(model, Comparisons.Model("b", Comparisons.Shares(0.3), ties: TieBreaking.Median)), StringComparison.Ordinal);

        static string Refused(params ComparedModel[] models) => Assert.Throws<ArgumentException>(() => Comparisons.Of(models)).Message;
    }

    [Fact]
    public void WriteCsv_NamesWithCommasAndQuotes_AreOneCellEach()
    {
        var comparison = Comparisons.Of(Comparisons.Model("a, \"b\"", Comparisons.Shares(0.5)), Comparisons.Model("c", Comparisons.Shares(0.3)));
        var lines = Text(stream => ComparisonReport.WriteCsv(stream, comparison)).Split('\n');

        Assert.Equal("model,algorithm,metric,cutoff,value,low,high,behind_best,behind_low,behind_high,p,p_holm,cases", lines[0]);
        Assert.StartsWith("\"a, \"\"b\"\"\",made-up,recall,20,0.", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",,,,,,4800", lines[1], StringComparison.Ordinal);
        Assert.Equal("c,made-up,coverage,20,0.5,,,,,,,,4800", lines[6]);
        Assert.Equal(8, lines.Length); // the last is empty
    }

    [Fact]
    public void WriteHtml_SameComparison_OpensWithTheSentencesAndWarnings()
    {
        var comparison = ModelComparison.Of([Comparisons.Model("<a>", Comparisons.Shares(0.5)), Comparisons.Model("c", Comparisons.Shares(0.3))], "x&y.tsv", ["mind this <b>"], Comparisons.Quick, TestContext.Current.CancellationToken);
        var page = Text(stream => ComparisonReport.WriteHtml(stream, comparison));

        Assert.Contains("<title>2 models on x&amp;y.tsv</title>", page, StringComparison.Ordinal);
        Assert.Contains("<p>&lt;a&gt; is best: its Recall@20", page, StringComparison.Ordinal);
        Assert.Contains("<li>mind this &lt;b&gt;</li>", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("is best", StringComparison.Ordinal) < page.IndexOf("mind this", StringComparison.Ordinal));
        Assert.True(page.IndexOf("mind this", StringComparison.Ordinal) < page.IndexOf("<table", StringComparison.Ordinal));
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteHtml_ModelsWithAndWithoutEpochs_HasTheCurvesAndNamesWhoHasNone()
    {
        var trained = Comparisons.WithCosts(Comparisons.Model("<a>", Comparisons.Shares(0.5)), 0.5, "BPR-max", 0.9, 0.25, 0.125);
        var page = Text(stream => ComparisonReport.WriteHtml(stream, Comparisons.Of(trained, Comparisons.Model("<c>", Comparisons.Shares(0.3)))));

        Assert.Contains("<td>&lt;a&gt;</td><td>BPR-max</td><td>3</td><td>2</td><td>0.9000</td><td>0.2500</td><td>Recall@20 0.5000</td>", page, StringComparison.Ordinal);
        Assert.Contains("Not trained in epochs, and so without a curve: &lt;c&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("A ring is around the epoch", page, StringComparison.Ordinal);
        Assert.Contains("Not timed: &lt;c&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"Mean loss of each epoch of training\"", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"Each model&#39;s time for an event", page, StringComparison.Ordinal);

        var none = Text(stream => ComparisonReport.WriteHtml(stream, Comparisons.Of(Comparisons.Model("a", Comparisons.Shares(0.5)), Comparisons.Model("c", Comparisons.Shares(0.3)))));
        Assert.Contains("The models were not trained in epochs: there is no curve.", none, StringComparison.Ordinal);
        Assert.DoesNotContain("Mean loss of each epoch", none, StringComparison.Ordinal);
        Assert.DoesNotContain("time for an event", none, StringComparison.Ordinal);
    }

    private static string Text(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        stream.Write([]); // still open
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
