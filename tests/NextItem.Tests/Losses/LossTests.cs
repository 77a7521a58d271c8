using CsCheck;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Losses;

/// <summary>What holds for every loss: golden values, the all-columns reference, and scores of any size.</summary>
public class LossTests
{
    private static readonly FinalActivation s_linear = FinalActivation.Linear;

    /// <summary>Golden name and the options that it is for.</summary>
    private static readonly Dictionary<string, Gru4RecOptions> s_golden = new()
    {
        ["top1"] = new() { Loss = Loss.Top1 },
        ["bpr_sum"] = new() { Loss = Loss.BprSum },
        ["bpr_mean"] = new() { Loss = Loss.Bpr },
        ["top1_max"] = new() { Loss = Loss.Top1Max },
        ["bpr_max_l05"] = new() { Loss = Loss.BprMax, ScoreRegularisation = 0.5f },
        ["cross_entropy"] = new() { LogQ = 0 },
        ["cross_entropy_logq1"] = new() { LogQ = 1 },
        ["cross_entropy_smoothing01"] = new() { LogQ = 0, LabelSmoothing = 0.1f },
        ["sigmoid_cross_entropy"] = new() { Loss = Loss.SigmoidCrossEntropy },
    };

    public static TheoryData<string, int> GoldenCases => Cross(s_golden.Keys, [1, 2, 3, 7]);

    public static TheoryData<string, int> GoldenCollisions =>
        Cross(["cross_entropy", "cross_entropy_logq1", "bpr_max_l05", "top1_max"], [1, 2, 3, 7]);

    /// <summary>Every loss, its options varied; linear, since the activation is applied before a loss sees the scores.</summary>
    private static readonly Gru4RecOptions[] s_all =
    [
        .. Enum.GetValues<Loss>().Select(loss => new Gru4RecOptions { Loss = loss, FinalActivation = s_linear, ScoreRegularisation = 0.7f }),
        new() { FinalActivation = s_linear, LabelSmoothing = 0.2f },
        new() { FinalActivation = s_linear, LabelSmoothing = 0.2f, LogQ = 0.5f, SampleAlpha = 0.3f },
        new() { FinalActivation = s_linear, Loss = Loss.SigmoidCrossEntropy, SigmoidCalibration = 0.75f },
        new() { FinalActivation = s_linear, Loss = Loss.BprMax, ScoreRegularisation = 0 },
    ];

    public static TheoryData<int, bool> All => Cross(Enumerable.Range(0, s_all.Length), [false, true]);

    [Theory, MemberData(nameof(GoldenCases))]
    public void Gradient_GoldenScores_IsTheGolden(string name, int ranges)
    {
        // Positive of row i is column i: items 0..2 are the targets, 3 and 4 the drawn ones.
        var options = s_golden[name] with { SampleAlpha = (float)Golden.Number("alpha") };
        var (losses, gradient) = LossRun.Run(options, Golden.Integers("support"), Golden.Rows("scores"), [0, 1, 2], [3, 4], ranges);
        Assert.All(losses, value => Assert.Equal(Golden.Number(name, "loss_sum"), value, 3e-6));
        AssertClose(Golden.Rows(name, "grad"), gradient, 1e-6, name);
    }

    /// <summary>pyGRU4REC's is one mean over the square: ours, a sum over lanes of the mean over a row, is B times that.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Gradient_GoldenScoresOfPyGru4Rec_IsTheGoldenTimesTheLanes(int ranges)
    {
        var options = new Gru4RecOptions { Loss = Loss.Top1PyGru4Rec };
        var (losses, gradient) = LossRun.Run(options, Golden.Integers("support"), Golden.Rows("scores"), [0, 1, 2], [3, 4], ranges);
        Assert.All(losses, value => Assert.Equal(3 * Golden.Number("top1_pygru4rec", "loss_sum"), value, 3e-6));
        var expected = Golden.Rows("top1_pygru4rec", "grad").Select(row => row.Select(value => 3 * value).ToArray()).ToArray();
        AssertClose(expected, gradient, 1e-6, "top1_pygru4rec");
    }

    [Theory, MemberData(nameof(GoldenCollisions))]
    public void Gradient_GoldenCollisions_IsTheGolden(string name, int ranges)
    {
        var options = s_golden[name] with { SampleAlpha = (float)Golden.Number("collisions", "alpha") };
        var (losses, gradient) = LossRun.Run(
            options, Golden.Integers("collisions", "support"), Golden.Rows("collisions", "item_scores"), Golden.Integers("collisions", "targets"),
            Golden.Integers("collisions", "drawn"), ranges);
        Assert.All(losses, value => Assert.Equal(Golden.Number("collisions", name, "loss_sum"), value, 3e-6));
        AssertClose(Golden.Rows("collisions", name, "grad"), gradient, 1e-6, name);
    }

    /// <summary>The distinct-item form equals the form over all B + N columns, however targets and drawn items coincide.</summary>
    [Theory, MemberData(nameof(All))]
    public void Gradient_RandomCollisions_EqualsAllColumnsReference(int which, bool maskTargets) =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 20], Gen.Int[0, 30], Gen.Int[1, 4], Gen.Float[0.5f, 8], Gen.Int).Sample(
            (items, lanes, negatives, ranges, spread, seed) =>
            {
                var options = s_all[which] with { MaskTargets = maskTargets };
                var random = new Random(seed);
                var support = Enumerable.Range(0, items).Select(_ => random.Next(1, 1000)).ToArray();
                var targets = Enumerable.Range(0, lanes).Select(_ => random.Next(items)).ToArray();
                var drawn = Enumerable.Range(0, negatives).Select(_ => random.Next(items)).ToArray();
                var scores = RandomScores(random, lanes, items, spread);
                AssertIsTheReference(options, support, scores, targets, drawn, ranges, lanes + (seed & 15), 2e-6 * (1 + spread));
            },
            iter: 40);

    /// <summary>Scores far apart, level, or all negatives far below or above the positive: finite, and as the reference says.</summary>
    [Theory, MemberData(nameof(All))]
    public void Gradient_ExtremeScores_IsFiniteAndTheReferences(int which, bool maskTargets)
    {
        var options = s_all[which] with { MaskTargets = maskTargets };
        double[][][] cases =
        [
            [[0, 0, 0, 0], [0, 0, 0, 0]],
            [[1e4, -1e4, -1e4, -1e4], [-1e4, 1e4, -1e4, -1e4]],
            [[-1e4, -1e4, -1e4, -1e4], [-1e4, -1e4, -1e4, -1e4]],
            [[1e4, 1e4, 1e4, 1e4], [1e4, 1e4, 1e4, 1e4]],
            [[30, -95, -97, -99], [-200, 30, -89, -300]],
            [[-100, 5, 7, 90], [4, -120, 100, 100]],
            [[3, -1e20, 1, 2], [1, 3, -1e20, 2]],
        ];
        foreach (var scores in cases)
        {
            foreach (var ranges in new[] { 1, 2, 5 })
            {
                var (losses, gradient) = LossRun.Run(options, [5, 3, 2, 9], scores, [0, 1], [2, 3, 3], ranges, capacity: 5);
                Assert.All(losses, loss => Assert.True(double.IsFinite(loss), $"{options.Loss}: {loss}"));
                Assert.All(gradient.SelectMany(row => row), value => Assert.True(double.IsFinite(value), $"{options.Loss}: {value}"));
                var expected = DoubleLoss.Sum(options, scores, [0, 1], [2, 3, 3], [5, 3, 2, 9]);
                Assert.All(losses, loss => Assert.Equal(expected, loss, 2e-6 * (1 + Math.Abs(expected))));
            }
        }
    }

    /// <summary>Scores whose squares are infinite in single precision, of the target, of some negatives and of all of them.</summary>
    [Theory, MemberData(nameof(All))]
    public void Gradient_ScoresFarBelowEverything_IsFinite(int which, bool maskTargets)
    {
        var options = s_all[which] with { MaskTargets = maskTargets };
        double[][] scores = [[3, -1e20, -1e20, -1e20], [-1e20, -1e20, -1e20, -1e20], [1, -1e20, 2, -1e20]];
        foreach (var ranges in new[] { 1, 3 })
        {
            var (losses, gradient) = LossRun.Run(options, [5, 3, 2, 9], scores, [0, 1, 1], [2, 3, 1], ranges, capacity: 5);
            Assert.All(losses, loss => Assert.True(double.IsFinite(loss), $"{options.Loss}: {loss}"));
            Assert.All(gradient.SelectMany(row => row), value => Assert.True(double.IsFinite(value), $"{options.Loss}: {value}"));
        }
    }

    /// <summary>Another lane with the same target, and nothing else: with masking no negative is left, and nothing to learn.</summary>
    [Theory, MemberData(nameof(All))]
    public void Gradient_NoNegativeLeft_IsFinite(int which, bool maskTargets)
    {
        var options = s_all[which] with { MaskTargets = maskTargets };
        double[][] scores = [[3, 0], [-2, 0]];
        AssertIsTheReference(options, [4, 4], scores, [0, 0], [], ranges: 2, capacity: 3, tolerance: 2e-6);
        AssertIsTheReference(options, [4, 4], [[1.5, 0]], [0], [0, 0], ranges: 1, capacity: 3, tolerance: 2e-6);
    }

    /// <summary>
    /// A catalog of one item: every negative is the lane's own target. Whatever is left out or not, nothing of 33 times its term may stay behind
    /// as rounding.
    /// </summary>
    [Theory, MemberData(nameof(All))]
    public void Gradient_AllNegativesAreTheTarget_IsTheReferences(int which, bool maskTargets)
    {
        var options = s_all[which] with { MaskTargets = maskTargets };
        double[][] scores = [[0.61], [-0.29], [0.12], [-0.57], [0.33]];
        foreach (var ranges in new[] { 1, 3 })
            AssertIsTheReference(options, [7], scores, [0, 0, 0, 0, 0], new int[28], ranges, capacity: 18, tolerance: 1e-6);
    }

    private static void AssertIsTheReference(
        Gru4RecOptions options, int[] support, double[][] scores, int[] targets, int[] drawn, int ranges, int capacity, double tolerance)
    {
        var inDouble = Array.ConvertAll(support, s => (double)s);
        var expected = DoubleLoss.Sum(options, scores, targets, drawn, inDouble);
        var (losses, gradient) = LossRun.Run(options, support, scores, targets, drawn, ranges, capacity);
        Assert.All(losses, value => Assert.Equal(expected, value, tolerance * (1 + Math.Abs(expected))));
        AssertClose(DoubleLoss.Gradient(options, scores, targets, drawn, inDouble), gradient, tolerance * (1 + targets.Length), options.Loss.ToString());
    }

    private static double[][] RandomScores(Random random, int lanes, int items, float spread) =>
        [.. Enumerable.Range(0, lanes).Select(_ => Enumerable.Range(0, items).Select(_ => (double)(float)(((random.NextDouble() * 2) - 1) * spread)).ToArray())];

    private static TheoryData<T1, T2> Cross<T1, T2>(IEnumerable<T1> first, T2[] second)
    {
        var data = new TheoryData<T1, T2>();
        foreach (var a in first)
        {
            foreach (var b in second)
                data.Add(a, b);
        }

        return data;
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance, string what)
    {
        for (var lane = 0; lane < expected.Length; lane++)
        {
            for (var item = 0; item < expected[lane].Length; item++)
            {
                if (!(Math.Abs(expected[lane][item] - actual[lane][item]) <= tolerance))
                    Assert.Fail($"{what}, lane {lane}, item {item}: {actual[lane][item]}, expected {expected[lane][item]}");
            }
        }
    }
}
