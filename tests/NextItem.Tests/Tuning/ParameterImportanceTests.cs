using NextItem.Kernels;
using NextItem.Tuning;

namespace NextItem.Tests.Tuning;

public class ParameterImportanceTests
{
    private static readonly SearchSpace s_space = SearchFunctions.Space(
        SearchFunctions.Real("much", 0, 1), SearchFunctions.Real("little", 0, 1), SearchFunctions.Real("nothing", 0, 1), new SearchParameter("word", SearchKind.Choice) { Values = ["a", "b", "c"] });

    [Fact]
    public void Of_AKnownFunction_TellsWhatMattered()
    {
        var shares = ParameterImportance.Of(s_space, Trials(60, x => (3 * x[0]) + (1.5 * x[1]), fails: 6), seed: 1);
        Assert.True(shares[0] > 0.5 && shares[1] > 2 * shares[2] && shares[0] > 2 * shares[1] && shares[3] < 0.1, string.Join(' ', shares));
        Assert.True(shares.Sum() <= 1);

        var words = ParameterImportance.Of(s_space, Trials(60, x => x[3] == 1 ? 1 : 0.01 * x[2]), seed: 1);
        Assert.True(words[3] > 1.5 * words[2] && words[2] > 5 * words[0], string.Join(' ', words)); // a third of the places is the word's, two thirds are in the other's order
        Assert.Equal(words, ParameterImportance.Of(s_space, Trials(60, x => x[3] == 1 ? 1 : 0.01 * x[2]), seed: 1));
    }

    [Fact]
    public void Of_TooFewTrialsOrNoDifference_IsEmpty()
    {
        Assert.Empty(ParameterImportance.Of(s_space, Trials(7, x => x[0]), seed: 1));
        Assert.Empty(ParameterImportance.Of(s_space, Trials(20, x => double.NaN), seed: 1));
        Assert.Equal(4, ParameterImportance.Of(s_space, Trials(8, x => x[0]), seed: 1).Length);
    }

    /// <summary>The parts of the variance, taken from the boxes, are those of a fine grid.</summary>
    [Fact]
    public void VarianceOf_ATree_IsThatOfAGrid()
    {
        var random = new SearchRandom(9, RandomStream.SearchForest, 0);
        double[][] places = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.Unit(), random.Unit() })];
        var tree = new RegressionTree(places, [.. places.Select(place => (2 * place[0]) + (place[0] * place[1]))], random);
        const int Grid = 400;
        var values = Enumerable.Range(0, Grid).Select(i => Enumerable.Range(0, Grid).Select(j => tree.At([(i + 0.5) / Grid, (j + 0.5) / Grid])).ToArray()).ToArray();
        var mean = values.Average(row => row.Average());
        Assert.Equal(mean, tree.Mean, 5e-3);
        Assert.Equal(values.Average(row => row.Average(value => (value - mean) * (value - mean))), tree.Variance, 5e-3);
        Assert.Equal(values.Average(row => Math.Pow(row.Average() - mean, 2)), tree.VarianceOf(0), 5e-3);
        Assert.Equal(Enumerable.Range(0, Grid).Average(j => Math.Pow(values.Average(row => row[j]) - mean, 2)), tree.VarianceOf(1), 5e-3);
        Assert.True(tree.VarianceOf(0) > 3 * tree.VarianceOf(1), $"{tree.VarianceOf(0)} and {tree.VarianceOf(1)}");
    }

    private static SearchTrial[] Trials(int count, Func<double[], double> value, int fails = 0)
    {
        var halton = new HaltonSequence(4, 2);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var point = s_space.Point(i => s_space.Parameters[i].At(halton.At(number, i)));
            return new SearchTrial(number, point) { Values = [number < fails ? double.NaN : value([.. point])] };
        })];
    }
}
