using CsCheck;
using NextItem.Losses;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Losses;

public class CrossEntropyTests
{
    /// <summary>-log(1e-24): the most that one lane can lose.</summary>
    private const double LargestLoss = 55.262042231857095;

    public static TheoryData<int> Ranges => [1, 2, 3, 7];

    [Theory, MemberData(nameof(Ranges))]
    public void Gradient_GoldenScores_IsTheGolden(int ranges)
    {
        // Positive of row i is column i: items 0..2 are the targets, 3 and 4 the drawn ones.
        AssertGolden(ranges, logQ: 0, "cross_entropy");
        AssertGolden(ranges, logQ: 1, "cross_entropy_logq1");

        static void AssertGolden(int ranges, float logQ, string name)
        {
            var loss = new CrossEntropy(Golden.Integers("support"), (float)Golden.Number("alpha"), logQ);
            var (losses, gradient) = LossRun.Run(loss, Golden.Rows("scores"), [0, 1, 2], [3, 4], ranges);
            Assert.All(losses, value => Assert.Equal(Golden.Number(name, "loss_sum"), value, 2e-6));
            AssertClose(Golden.Rows(name, "grad"), gradient, 1e-6);
        }
    }

    [Theory, MemberData(nameof(Ranges))]
    public void Gradient_GoldenCollisions_IsTheGolden(int ranges)
    {
        foreach (var (logQ, name) in new[] { (0f, "cross_entropy"), (1f, "cross_entropy_logq1") })
        {
            var loss = new CrossEntropy(Golden.Integers("collisions", "support"), (float)Golden.Number("collisions", "alpha"), logQ);
            var (losses, gradient) = LossRun.Run(
                loss, Golden.Rows("collisions", "item_scores"), Golden.Integers("collisions", "targets"), Golden.Integers("collisions", "drawn"), ranges);
            Assert.All(losses, value => Assert.Equal(Golden.Number("collisions", name, "loss_sum"), value, 2e-6));
            AssertClose(Golden.Rows("collisions", name, "grad"), gradient, 1e-6);
        }
    }

    /// <summary>The distinct-item form equals the form over all B + N columns, however targets and drawn items coincide.</summary>
    [Fact]
    public void Gradient_RandomCollisions_EqualsAllColumnsReference() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 20], Gen.Int[0, 30], Gen.Int[1, 4], Gen.Float[0, 1], Gen.Float[0, 1], Gen.Int).Sample(
            (items, lanes, negatives, ranges, alpha, logQ, seed) =>
            {
                var random = new Random(seed);
                var support = Enumerable.Range(0, items).Select(_ => random.Next(1, 1000)).ToArray();
                var targets = Enumerable.Range(0, lanes).Select(_ => random.Next(items)).ToArray();
                var drawn = Enumerable.Range(0, negatives).Select(_ => random.Next(items)).ToArray();
                var scores = Enumerable.Range(0, lanes).Select(_ =>
                    Enumerable.Range(0, items).Select(_ => (double)(float)((random.NextDouble() * 8) - 4)).ToArray()).ToArray();
                var (expected, expectedGradient) = DoubleCrossEntropy.OfItems(scores, targets, drawn, Array.ConvertAll(support, s => (double)s), alpha, logQ);
                var (losses, gradient) = LossRun.Run(new CrossEntropy(support, alpha, logQ), scores, targets, drawn, ranges, capacity: lanes + (seed & 15));
                Assert.All(losses, value => Assert.Equal(expected, value, 1e-6 * (1 + expected)));
                AssertClose(expectedGradient, gradient, 1e-6);
            });

    [Fact]
    public void Gradient_OfTheReference_EqualsCentralDifferences()
    {
        double[] scores = [0.3, -1.2, 2, 0.3, 0.9];
        var (_, gradient) = DoubleCrossEntropy.OfRow(scores, 3);
        for (var j = 0; j < scores.Length; j++)
        {
            double[] up = [.. scores], down = [.. scores];
            up[j] += 1e-5;
            down[j] -= 1e-5;
            var difference = (DoubleCrossEntropy.OfRow(up, 3).Loss - DoubleCrossEntropy.OfRow(down, 3).Loss) / 2e-5;
            Assert.Equal(difference, gradient[j], 1e-9);
        }
    }

    [Fact]
    public void Gradient_Scale_MultipliesTheGradientAndNotTheLoss()
    {
        var loss = new CrossEntropy([1, 1, 1], 0, 0);
        double[][] scores = [[0.1, 0.2, 0.3], [1, 0, -1]];
        var (whole, gradient) = LossRun.Run(loss, scores, [0, 1], [2], ranges: 1);
        var (same, scaled) = LossRun.Run(loss, scores, [0, 1], [2], ranges: 1, scale: 0.25f);
        Assert.Equal(whole, same);
        AssertClose(Array.ConvertAll(gradient, row => Array.ConvertAll(row, value => value / 4)), scaled, 1e-8);
    }

    [Theory, MemberData(nameof(Ranges))]
    public void Gradient_TargetFarAbove_IsFiniteAndVanishes(int ranges)
    {
        var (losses, gradient) = LossRun.Run(new CrossEntropy([5, 3, 2, 9], 0.5f, 1), [[1e4, -1e4, -1e4, -1e4], [-1e4, 1e4, 0, 0]], [0, 1], [2, 3], ranges);
        Assert.All(losses, value => Assert.Equal(0, value, 1e-6));
        Assert.All(gradient.SelectMany(row => row), value => Assert.Equal(0, value, 1e-6));
    }

    /// <summary>A lane gone astray, its target at a probability far below 1e-24, costs 55.26 and moves nothing.</summary>
    [Theory, MemberData(nameof(Ranges))]
    public void Gradient_TargetFarBelow_LossIsCappedAndGradientVanishes(int ranges)
    {
        var (losses, gradient) = LossRun.Run(new CrossEntropy([5, 3, 2, 9], 0.5f, 1), [[-1e4, 1e4, 0, 0], [0, 0, 1e4, -1e4]], [0, 1], [2, 3], ranges);
        Assert.All(losses, value => Assert.Equal(2 * LargestLoss, value, 1e-6));
        Assert.All(gradient.SelectMany(row => row), value => Assert.Equal(0, value, 1e-12));
    }

    [Fact]
    public void Gradient_ProbabilityOfTheEpsilon_IsHalved()
    {
        // Two columns, p of the target = 1e-24: the loss is -log(2e-24), the gradient -1/2 and +1/2.
        var gap = Math.Log(1e24);
        var (losses, gradient) = LossRun.Run(new CrossEntropy([1, 1], 0, 0), [[-gap / 2, gap / 2]], [0], [1], ranges: 2);
        Assert.Equal(LargestLoss - Math.Log(2), losses[0], 1e-4);
        Assert.Equal(-0.5, gradient[0][0], 1e-4);
        Assert.Equal(0.5, gradient[0][1], 1e-4);
    }

    [Fact]
    public void Gradient_AllScoresEqual_IsUniform()
    {
        foreach (var level in new[] { -1e4, 0, 1e4 })
        {
            var (losses, gradient) = LossRun.Run(new CrossEntropy([1, 1, 1, 1], 0, 0), [[level, level, level, level]], [2], [0, 1, 3], ranges: 3);
            Assert.Equal(Math.Log(4), losses[0], 1e-6);
            AssertClose([[0.25, 0.25, -0.75, 0.25]], gradient, 1e-6);
        }
    }

    [Fact]
    public void Gradient_OneColumnOnly_IsZero()
    {
        // Two lanes with the same target and nothing drawn: a single distinct column, nothing to tell apart.
        var (losses, gradient) = LossRun.Run(new CrossEntropy([4, 4], 0.5f, 1), [[3.0, 0], [-2.0, 0]], [0, 0], [], ranges: 2);
        Assert.All(losses, value => Assert.Equal(2 * Math.Log(2), value, 1e-6));
        AssertClose(DoubleCrossEntropy.OfItems([[3.0, 0], [-2.0, 0]], [0, 0], [], [4, 4], 0.5, 1).GradientByItem, gradient, 1e-6);
    }

    [Fact]
    public void Gradient_SumOverAnItemsLane_IsZero()
    {
        var random = new Random(8);
        var scores = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 9).Select(_ => random.NextDouble()).ToArray()).ToArray();
        var (_, gradient) = LossRun.Run(new CrossEntropy([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.75f, 1), scores, [1, 1, 3, 5, 0], [1, 8, 8, 2], ranges: 2);
        Assert.All(gradient, row => Assert.Equal(0, row.Sum(), 1e-6));
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance)
    {
        for (var lane = 0; lane < expected.Length; lane++)
        {
            for (var item = 0; item < expected[lane].Length; item++)
            {
                if (!(Math.Abs(expected[lane][item] - actual[lane][item]) <= tolerance))
                    Assert.Fail($"lane {lane}, item {item}: {actual[lane][item]}, expected {expected[lane][item]}");
            }
        }
    }
}
