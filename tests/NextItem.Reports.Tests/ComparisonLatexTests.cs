using System.Text;

namespace NextItem.Reports.Tests;

public class ComparisonLatexTests
{
    [Fact]
    public void WriteLatex_TwoModels_IsThisTable()
    {
        var comparison = Comparisons.Of(Comparisons.Model("a_b & 50%", Comparisons.Shares(0.5)), Comparisons.Model("low", Comparisons.Shares(0.3)));
        string Range(int model, string metric) => comparison.IntervalOf(model, metric, 20) is { } interval ? FormattableString.Invariant($@"{{\scriptsize {interval.Low:F4}--{interval.High:F4}}}") : "";
        double Value(int model, string metric) => comparison.Models[model].Evaluation.Result.ValueOf(metric, 20);

        Assert.Equal(
            FormattableString.Invariant($$"""
            % \usepackage[T1]{fontenc} \usepackage{textcomp} \usepackage{booktabs}
            % Names in other than Latin letters need XeLaTeX or LuaLaTeX and a font that has them.
            \begin{table}
              \centering
              \caption{Models on test.tsv: 4,800 cases of 1,200 sessions, ranked among all items (ties: conservative; unknown items: drop). Small print: 95 \% intervals, bootstrap over sessions (200 draws, seed 42). Bold: the largest. Below: the lists of 20 themselves.}
              \label{tab:comparison}
              \medskip
              \begin{tabular}{lrr}
                \toprule
                Model & Recall@20 & MRR@20 \\
                \midrule
                a\_b \& 50\% & \textbf{{{Value(0, "recall"):F4}}} & \textbf{{{Value(0, "mrr"):F4}}} \\
                 & {{Range(0, "recall")}} & {{Range(0, "mrr")}} \\
                low & {{Value(1, "recall"):F4}} & {{Value(1, "mrr"):F4}} \\
                 & {{Range(1, "recall")}} & {{Range(1, "mrr")}} \\
                \bottomrule
              \end{tabular}
              \par\medskip
              \begin{tabular}{lr}
                \toprule
                Model & Coverage \\
                \midrule
                a\_b \& 50\% & 0.5000 \\
                low & 0.5000 \\
                \bottomrule
              \end{tabular}
            \end{table}

            """).ReplaceLineEndings("\n"),
            Latex(comparison));
    }

    [Fact]
    public void WriteLatex_DifferenceThatMayBeChance_HasADaggerAndSaysWhatItIs()
    {
        var (equal, apart) = (Comparisons.Of(Comparisons.Model("a", Comparisons.Shares(0.5)), Comparisons.Model("b", Comparisons.Shares(0.5))), Comparisons.Of(Comparisons.Model("a", Comparisons.Shares(0.5)), Comparisons.Model("b", Comparisons.Shares(0.3))));

        Assert.Equal(3, Latex(equal).Split(@"\dagger").Length - 1); // twice in b's row, once in the caption
        Assert.Contains("the difference from a may be chance", Latex(equal), StringComparison.Ordinal);
        Assert.Equal(4, Latex(equal).Split(@"\textbf").Length - 1); // both are the largest
        Assert.DoesNotContain("dagger", Latex(apart), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteLatex_OneModel_HasNothingBold() =>
        Assert.DoesNotContain(@"\textbf", Latex(Comparisons.Of(Comparisons.Model("alone", Comparisons.Shares(0.5)))), StringComparison.Ordinal);

    [Fact]
    public void Escaped_EveryCharacterThatIsACommand_StaysACharacter()
    {
        Assert.Equal(
            @"\textbackslash{}input\{x\} \$\&\#\%\_\textasciicircum{}\textasciitilde{}\textless{}\textgreater{}\textbar{}\textquotedbl{}\textasciigrave{}\textquotesingle{}{-}{-} é日 ",
            ComparisonLatex.Escaped("\\input{x} $&#%_^~<>|\"`'-- é日\n"));
    }

    private static string Latex(ModelComparison comparison)
    {
        using var stream = new MemoryStream();
        ComparisonReport.WriteLatex(stream, comparison);
        stream.Write([]); // still open
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
