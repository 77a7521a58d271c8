using System.Globalization;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests;

/// <content>The pages of the losses: one lane of golden.json's collisions through the all-columns form in double.</content>
public partial class DerivationPagesTests
{
    private static readonly Gru4RecOptions s_linear = new() { FinalActivation = FinalActivation.Linear, LogQ = 0 };

    /// <summary>Items that are columns of the example's lane.</summary>
    private static readonly int[] s_columns = [0, 1, 2, 4];

    private static readonly double[] s_logits = Golden.Rows("collisions", "item_scores")[0];
    private static readonly int[] s_targets = Golden.Integers("collisions", "targets");
    private static readonly int[] s_drawn = Golden.Integers("collisions", "drawn");

    [Theory, InlineData(1, false), InlineData(2, true)]
    public void Top1_ExampleTable_IsWhatAllColumnsGive(int column, bool masked)
    {
        var table = AssertLossRows("top1", column, s_linear with { Loss = Loss.Top1, MaskTargets = masked });
        var weights = NegativeWeights(masked);
        AssertCell([.. s_columns.Select(item => (double)weights[item])], table["m_0, m_1, m_2, m_4"][column]);
        AssertCell([weights.Sum() + 1], table["M"][column]);
        AssertCell([.. s_columns[..3].Select(item => Top1Term(s_logits[item]))], table["φ_0, φ_1, φ_2"][column]);
    }

    [Theory, InlineData(1, Loss.Bpr, false), InlineData(2, Loss.Bpr, true), InlineData(3, Loss.BprSum, false), InlineData(4, Loss.BprSum, true)]
    public void Bpr_ExampleTable_IsWhatAllColumnsGive(int column, Loss loss, bool masked)
    {
        var table = AssertLossRows("bpr", column, s_linear with { Loss = loss, MaskTargets = masked });
        AssertCell([loss == Loss.Bpr ? NegativeWeights(masked).Sum() : 1], table["divisor"][column]);
        AssertCell([.. s_columns.Select(item => -Math.Log(Sigma(s_logits[4] - s_logits[item])))], table["φ_0, φ_1, φ_2, φ_4"][column]);
    }

    [Theory, InlineData(1, false), InlineData(2, true)]
    public void Top1Max_ExampleTable_IsWhatAllColumnsGive(int column, bool masked)
    {
        var table = AssertLossRows("top1-max", column, s_linear with { Loss = Loss.Top1Max, MaskTargets = masked });
        AssertCell([.. s_columns.Select(item => NegativeShares(masked)[item])], table["s_0, s_1, s_2, s_4"][column]);
    }

    [Theory, InlineData(1, false), InlineData(2, true)]
    public void BprMax_ExampleTable_IsWhatAllColumnsGive(int column, bool masked)
    {
        var table = AssertLossRows("bpr-max", column, s_linear with { Loss = Loss.BprMax, MaskTargets = masked, ScoreRegularisation = 0.5f });
        var shares = NegativeShares(masked);
        AssertCell([.. s_columns.Select(item => shares[item])], table["s_0, s_1, s_2, s_4"][column]);
        AssertCell([s_columns.Sum(item => shares[item] * Sigma(s_logits[4] - s_logits[item]))], table["A"][column]);
        AssertCell([s_columns.Sum(item => shares[item] * s_logits[item] * s_logits[item])], table["Q"][column]);
    }

    [Theory, InlineData(1, false, 0), InlineData(2, true, 0), InlineData(3, true, 0.75f)]
    public void SigmoidCrossEntropy_ExampleTable_IsWhatAllColumnsGive(int column, bool masked, float calibration)
    {
        var options = s_linear with { Loss = Loss.SigmoidCrossEntropy, MaskTargets = masked, SigmoidCalibration = calibration };
        var table = AssertLossRows("sigmoid-cross-entropy", column, options);
        var sampled = Math.Min(1, NegativeWeights(masked).Sum() / (s_logits.Length - 1.0));
        AssertCell([sampled], table["a"][column]);
        AssertCell([1 - (calibration * (1 - sampled))], table["β"][column]);
    }

    [Theory, InlineData(1, Loss.Top1, true), InlineData(2, Loss.Top1, false), InlineData(3, Loss.Top1PyGru4Rec, false)]
    public void Top1PyGru4Rec_ExampleTable_IsWhatAllColumnsGive(int column, Loss loss, bool withDrawn)
    {
        var table = AssertLossRows("top1-pygru4rec", column, s_linear with { Loss = loss }, withDrawn ? s_drawn : []);
        AssertCell([s_targets.Length + (withDrawn ? s_drawn.Length : 0)], table["divisor"][column]);
    }

    /// <summary>Drawn negatives change nothing, and the difference from TOP1 in the square is the positive's own pull.</summary>
    [Fact]
    public void Top1PyGru4Rec_DifferenceFromTop1_IsThePositivesOwnTerm()
    {
        var table = Table("derivations/top1-pygru4rec.md");
        var (loss, gradient) = LaneOf(s_linear with { Loss = Loss.Top1PyGru4Rec }, s_drawn);
        var (lossOfTop1, gradientOfTop1) = LaneOf(s_linear with { Loss = Loss.Top1 }, []);
        AssertCell([loss - lossOfTop1], table["σ(r_i^2) / B"][1]);
        AssertCell([gradient[4] - gradientOfTop1[4]], table["2 r_i σ'(r_i^2) / B"][1]);
        foreach (var item in s_columns[..3])
            Assert.Equal(gradientOfTop1[item], gradient[item], 1e-9);
    }

    [Theory, InlineData(1, 0, false), InlineData(2, 0.1f, false), InlineData(3, 0, true), InlineData(4, 0.1f, true)]
    public void CrossEntropy_SmoothingAndMaskingTable_IsWhatAllColumnsGive(int column, float smoothing, bool masked)
    {
        var table = Table("derivations/cross-entropy.md");
        var (loss, gradient) = LaneOf(s_linear with { LabelSmoothing = smoothing, MaskTargets = masked }, s_drawn);
        AssertCell([NegativeWeights(masked).Sum() + 1], table["n"][column]);
        AssertCell([Math.Exp(-LaneOf(s_linear with { MaskTargets = masked }, s_drawn).Loss)], table["p of one target column"][column]);
        AssertCell([loss], table["loss"][column]);
        foreach (var item in s_columns)
            AssertCell([gradient[item]], table[$"by o_{item}"][column]);
    }

    [Theory, InlineData(1, 1, 0f), InlineData(2, 2, 0f), InlineData(3, 2, 1f)]
    public void CrossEntropy_BestNegativesTable_IsWhatAllColumnsGive(int column, int top, float logQ)
    {
        var table = Table("derivations/cross-entropy.md");
        var (loss, gradient) = LaneOf(s_linear with { TopSamples = top, LogQ = logQ }, s_drawn);
        var own = logQ == 0 ? 1 : 1 / Golden.Row("collisions", "support")[4];
        AssertCell([loss], table["loss of these"][column]);
        AssertCell([own * Math.Exp(s_logits[4]) * Math.Exp(loss)], table["Z of these"][column]);
        foreach (var item in s_columns)
            AssertCell([gradient[item]], table[$"of these, by o_{item}"][column]);
    }

    [Fact]
    public void CrossEntropy_LeastLossBesideCopiesOfTheTarget_IsThePagesNumber()
    {
        var far = s_logits.Select((logit, item) => item == 4 ? 60 : logit).ToArray();
        var least = DoubleLoss.OfLane(s_linear, far, 0, s_targets, s_drawn, Golden.Row("collisions", "support"));
        Assert.Equal(Math.Log(3), least, 1e-12);
        Assert.Contains("log 3 =\n" + least.ToString("F6", CultureInfo.InvariantCulture), Text("derivations/cross-entropy.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void BprMax_CapOfTheLoss_IsThePagesNumber()
    {
        double[] far = [5000, 5000, 5000, 5000, 0, 5000];
        var options = s_linear with { Loss = Loss.BprMax, ScoreRegularisation = 0, MaskTargets = true };
        var cap = DoubleLoss.OfLane(options, far, 0, s_targets, s_drawn, Golden.Row("collisions", "support"));
        Assert.Contains(cap.ToString("F6", CultureInfo.InvariantCulture), Text("derivations/bpr-max.md"), StringComparison.Ordinal);
    }

    [Theory, InlineData("tanh"), InlineData("relu"), InlineData("leaky-0.1"), InlineData("elu-0.5"), InlineData("elu-1"), InlineData("selu-1.05-1.67")]
    public void FinalActivations_ExampleTable_IsWhatTheFormulasGive(string name)
    {
        double[] logits = [-2, -0.5, 1.5];
        var row = Table("derivations/final-activations.md")[name];
        var activation = FinalActivation.Parse(name)!;
        AssertCell([.. logits.Select(o => DoubleLoss.Activation(activation, o))], row[1]);
        AssertCell([.. logits.Select(o => (DoubleLoss.Activation(activation, o + 1e-6) - DoubleLoss.Activation(activation, o - 1e-6)) / 2e-6)], row[2]);
    }

    /// <summary>Every loss has its row, with the activation that the options choose and a page that is there.</summary>
    [Fact]
    public void Losses_Table_HasEveryLossWithItsDefaultsAndItsPage()
    {
        var rows = Table("losses.md").Where(row => row.Value.Length == 7 && row.Key.StartsWith('`')).ToDictionary(row => row.Key.Trim('`'), row => row.Value);
        Assert.Equal(Enum.GetNames<Loss>().Order(), rows.Keys.Order());
        foreach (var loss in Enum.GetValues<Loss>())
        {
            var row = rows[loss.ToString()];
            Assert.Equal(new Gru4RecOptions { Loss = loss }.Activation.ToString(), row[5]);
            Assert.Equal(loss is Loss.BprMax or Loss.Top1Max ? "pairwise, softmax weights" : loss switch
            {
                Loss.CrossEntropy => "listwise",
                Loss.SigmoidCrossEntropy => "pointwise",
                _ => "pairwise",
            }, row[1]);
        }
    }

    /// <summary>Checks the rows "L" and "dL/do_n" of a page.</summary>
    /// <returns>The page's tables, for its other rows.</returns>
    private static Dictionary<string, string[]> AssertLossRows(string page, int column, Gru4RecOptions options, int[]? drawn = null)
    {
        var table = Table($"derivations/{page}.md");
        var (loss, gradient) = LaneOf(options, drawn ?? s_drawn);
        AssertCell([loss], table["L"][column]);
        foreach (var item in s_columns)
            AssertCell([gradient[item]], table[$"dL/do_{item}"][column]);
        return table;
    }

    /// <summary>The loss of the example's lane and, by central differences, its gradient by every item's logit.</summary>
    private static (double Loss, double[] Gradient) LaneOf(Gru4RecOptions options, int[] drawn)
    {
        var support = Golden.Row("collisions", "support");
        double At(double[] logits) => DoubleLoss.OfLane(options, logits, 0, s_targets, drawn, support);
        double Moved(int item, double by) => At([.. s_logits.Select((logit, i) => i == item ? logit + by : logit)]);
        return (At(s_logits), [.. s_logits.Select((_, item) => (Moved(item, 1e-5) - Moved(item, -1e-5)) / 2e-5)]);
    }

    /// <summary>How often each item is a negative of the example's lane.</summary>
    private static int[] NegativeWeights(bool masked) =>
        [.. s_logits.Select((_, item) => masked && item == s_targets[0] ? 0 : s_targets[1..].Concat(s_drawn).Count(other => other == item))];

    /// <summary>The softmax over the lane's negatives, an item's columns added up.</summary>
    private static double[] NegativeShares(bool masked)
    {
        var parts = NegativeWeights(masked).Zip(s_logits, (weight, logit) => weight * Math.Exp(logit)).ToArray();
        return [.. parts.Select(part => part / parts.Sum())];
    }

    private static double Top1Term(double negative) => Sigma(negative - s_logits[4]) + Sigma(negative * negative);

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static string Text(string page) => File.ReadAllText(PathOf(page)).ReplaceLineEndings("\n");
}
