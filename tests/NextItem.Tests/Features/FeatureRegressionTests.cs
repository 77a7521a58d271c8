using NextItem.Features;

namespace NextItem.Tests.Features;

public class FeatureRegressionTests
{
    /// <summary>The normal equations solved by elimination, in a matrix with all columns.</summary>
    [Theory, InlineData(0.01, 0), InlineData(1, 0), InlineData(50, 0), InlineData(0.01, 100), InlineData(1, 100), InlineData(50, 100)]
    public void Solve_SparseAndDenseBlocks_EqualsTheNormalEquations(double penalty, int mostFactored)
    {
        var features = Made(30);
        int[] items = [.. Enumerable.Range(0, 30).Where(item => item % 4 != 1)];
        var random = new Random(3);
        var confidence = Array.ConvertAll(items, _ => random.NextDouble() + 0.1);
        var targets = Array.ConvertAll(items, _ => (random.NextDouble() * 4) - 2);
        var regression = new FeatureRegression(features, items, confidence, penalty, mostFactored);

        var width = 1 + features.Blocks.Sum(block => block.Width);
        var system = new double[width, width + 1];
        for (var i = 0; i < items.Length; i++)
        {
            var row = Row(features, items[i], width);
            for (var a = 0; a < width; a++)
            {
                for (var b = 0; b < width; b++)
                    system[a, b] += confidence[i] * row[a] * row[b];
                system[a, width] += confidence[i] * row[a] * targets[i];
            }
        }

        for (var a = 0; a < width; a++)
            system[a, a] += a == 0 ? 1e-6 : penalty;
        var expected = Eliminate(system, width);
        for (var item = 0; item < 30; item++)
        {
            var found = regression.SharesOf(features, item).Zip(targets, (share, target) => share * target).Sum();
            Assert.Equal(Row(features, item, width).Zip(expected, (x, w) => x * w).Sum(), found, mostFactored == 0 ? 1e-4 : 1e-8);
        }
    }

    private static ItemFeatures Made(int count)
    {
        var random = new Random(5);
        var table = new FeatureTable(SmallFeatures.Items(count),
        [
            SmallFeatures.Texts("title", [.. Enumerable.Range(0, count).Select(item => item % 7 == 2 ? null : $"w{random.Next(6)} w{random.Next(6)}")]),
            SmallFeatures.Vectors("image", [.. Enumerable.Range(0, count).Select(item => item % 5 == 3 ? null : new[] { (float)random.NextDouble(), (float)random.NextDouble(), 1f })]),
        ]);
        return ItemFeatures.Fit(table, [SmallFeatures.Block("text", ("title", FeatureKind.Text)), SmallFeatures.Block("image", ("image", FeatureKind.Vector))]);
    }

    private static double[] Row(ItemFeatures features, int item, int width)
    {
        var row = new double[width];
        row[0] = 1;
        var start = 1;
        foreach (var block in features.Blocks)
        {
            foreach (var (feature, value) in block.FeaturesOf(item))
                row[start + feature] = value;
            start += block.Width;
        }

        return row;
    }

    private static double[] Eliminate(double[,] system, int n)
    {
        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = 0; row < n; row++)
            {
                if (row == pivot)
                    continue;
                var factor = system[row, pivot] / system[pivot, pivot];
                for (var column = pivot; column <= n; column++)
                    system[row, column] -= factor * system[pivot, column];
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}
