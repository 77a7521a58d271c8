using System.Globalization;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests;

/// <summary>The numbers of docs/derivations and the tables of docs/notation.md, computed again: a stale page fails.</summary>
public partial class DerivationPagesTests
{
    private static readonly string[] s_gates = ["h", "r", "z"];
    private static readonly double[] s_gradient = [1, -2];

    [Theory, InlineData(false, 1), InlineData(true, 2)]
    public void Gru_ExampleTable_IsWhatTheFormulasGive(bool resetAfter, int column)
    {
        var table = Table("derivations/gru.md");
        double[] x = Golden.Row("gru", "x"), h = Golden.Row("gru", "h");
        AssertCell(Golden.Row("gru", "r"), table["r"][column]);
        AssertCell(Golden.Row("gru", "z"), table["z"][column]);
        var state = State(x, new double[1, 3, 2]);
        AssertCell(state, table["h'"][column]);
        var z = Golden.Row("gru", "z");
        AssertCell([.. state.Select((value, i) => (value - ((1 - z[i]) * h[i])) / z[i])], table["h~"][column]);

        // The gradient by a gate's pre-activation is the gradient by its bias.
        for (var gate = 0; gate < 3; gate++)
            AssertCell([Difference(biasOfGate: gate, 0), Difference(biasOfGate: gate, 1)], table[$"da{s_gates[gate]}"][column]);
        AssertCell([DifferenceByInput(0), DifferenceByInput(1)], table["dx"][column]);

        double[] State(double[] input, double[,,] biasChange)
        {
            var bias = new double[1, 3, 2];
            for (var gate = 0; gate < 3; gate++)
            {
                for (var i = 0; i < 2; i++)
                    bias[0, gate, i] = Golden.Row("gru", "b", s_gates[gate])[i] + biasChange[0, gate, i];
            }

            return DoubleGru.Step(input, h, Weights("w"), Weights("u"), bias, resetAfter ? new double[1, 3, 2] : null);
        }

        double Loss(double[] input, double[,,] biasChange) => State(input, biasChange).Zip(s_gradient, (value, g) => value * g).Sum();

        double Difference(int biasOfGate, int unit)
        {
            double[,,] up = new double[1, 3, 2], down = new double[1, 3, 2];
            (up[0, biasOfGate, unit], down[0, biasOfGate, unit]) = (1e-5, -1e-5);
            return (Loss(x, up) - Loss(x, down)) / 2e-5;
        }

        double DifferenceByInput(int i)
        {
            double[] up = [.. x], down = [.. x];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            return (Loss(up, new double[1, 3, 2]) - Loss(down, new double[1, 3, 2])) / 2e-5;
        }
    }

    [Theory, InlineData(false, 1), InlineData(true, 2)]
    public void Backpropagation_ExampleTable_IsWhatTheFormulasGive(bool resetAfter, int column)
    {
        var table = Table("derivations/bptt.md");
        double[] x1 = Golden.Row("gru", "x"), x2 = [-0.5, 0.25], none = [0, 0];
        double[,,] w = Weights("w"), u = Weights("u");
        var h1 = Step(x1, Golden.Row("gru", "h"), [none, none, none]);
        var h2 = Step(x2, h1, [none, none, none]);
        AssertCell(h1, table["h1"][column]);
        AssertCell(h2, table["h2"][column]);
        var z = Enumerable.Range(0, 2).Select(j => DoubleGru.Sigmoid(
            Golden.Row("gru", "b", "z")[j] + (x2[0] * w[0, 2, j]) + (x2[1] * w[1, 2, j]) + (h1[0] * u[0, 2, j]) + (h1[1] * u[1, 2, j]))).ToArray();
        AssertCell(z, table["z2"][column]);
        AssertCell([.. z.Select((value, j) => s_gradient[j] * (1 - value))], table["of it kept"][column]);
        AssertCell(Differences(d => Value(Step(x2, Sum(h1, d), [none, none, none]))), table["dL/dh1"][column]);
        for (var gate = 0; gate < 3; gate++)
        {
            AssertCell(Differences(d => Loss(x1, x2, Bias(gate, d), [none, none, none])), table[$"da{s_gates[gate]} of step 1"][column]);
            AssertCell(Differences(d => Loss(x1, x2, Bias(gate, d), Bias(gate, d))), table[$"db{s_gates[gate]}"][column]);
        }

        AssertCell(Differences(d => Loss(Sum(x1, d), x2, [none, none, none], [none, none, none])), table["dx1"][column]);
        AssertCell(Differences(d => Loss(x1, Sum(x2, d), [none, none, none], [none, none, none])), table["dx2"][column]);

        double Loss(double[] first, double[] second, double[][] biasOfFirst, double[][] biasOfSecond) =>
            Value(Step(second, Step(first, Golden.Row("gru", "h"), biasOfFirst), biasOfSecond));

        double[] Step(double[] x, double[] h, double[][] biasChange)
        {
            var bias = new double[1, 3, 2];
            for (var gate = 0; gate < 3; gate++)
            {
                for (var i = 0; i < 2; i++)
                    bias[0, gate, i] = Golden.Row("gru", "b", s_gates[gate])[i] + biasChange[gate][i];
            }

            return DoubleGru.Step(x, h, w, u, bias, resetAfter ? new double[1, 3, 2] : null);
        }

        double[][] Bias(int gate, double[] change) => [.. Enumerable.Range(0, 3).Select(other => other == gate ? change : none)];

        static double Value(double[] state) => state.Zip(s_gradient, (value, g) => value * g).Sum();

        static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (left, right) => left + right)];

        static double[] Differences(Func<double[], double> loss) =>
            [(loss([1e-5, 0]) - loss([-1e-5, 0])) / 2e-5, (loss([0, 1e-5]) - loss([0, -1e-5])) / 2e-5];
    }

    [Theory, InlineData(0, 1), InlineData(1, 2)]
    public void CrossEntropy_ExampleTable_IsWhatAllColumnsGive(double logQ, int column)
    {
        var table = Table("derivations/cross-entropy.md");
        var scores = Golden.Rows("collisions", "item_scores")[0];
        var support = Golden.Row("collisions", "support");
        var alpha = Golden.Number("collisions", "alpha");
        int[] targets = Golden.Integers("collisions", "targets"), drawn = Golden.Integers("collisions", "drawn");

        // All columns, one at a time.
        var weights = new double[scores.Length];
        foreach (var item in targets)
            weights[item] += Math.Pow(support[item], -logQ);
        foreach (var item in drawn)
            weights[item] += Math.Pow(support[item], -logQ * alpha);
        var z = scores.Select((score, item) => weights[item] * Math.Exp(score)).Sum();
        AssertCell([weights[0], weights[1], weights[2], weights[4]], table["w_0, w_1, w_2, w_4"][column]);
        AssertCell([z], table["Z"][column]);

        var (_, gradient) = DoubleCrossEntropy.OfItems([scores, scores, scores], targets, drawn, support, alpha, logQ);
        int[] columns = [.. targets, .. drawn];
        var corrected = columns.Select((item, j) => scores[item] - (logQ * (j < targets.Length ? 1 : alpha) * Math.Log(support[item]))).ToArray();
        var (loss, _) = DoubleCrossEntropy.OfRow(corrected, 0);
        AssertCell([loss], table["L"][column]);
        AssertCell([Math.Exp(-loss)], table["p"][column]);
        foreach (var item in new[] { 0, 1, 2, 4 })
            AssertCell([gradient[0][item]], table[$"dL/do_{item}"][column]);
    }

    [Fact]
    public void CrossEntropy_CapOfTheLoss_IsThePagesNumber() =>
        Assert.Contains((-Math.Log(1e-24)).ToString("F6", CultureInfo.InvariantCulture), File.ReadAllText(PathOf("derivations/cross-entropy.md")), StringComparison.Ordinal);

    [Fact]
    public void Notation_Hyperparameters_AreAllOptionsWithTheirDefaults()
    {
        var rows = File.ReadLines(PathOf("notation.md")).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && cells[2].StartsWith('`')).ToDictionary(cells => cells[2].Trim('`'), cells => (Official: cells[1], Default: cells[3]));
        var options = new Gru4RecOptions();
        var properties = typeof(Gru4RecOptions).GetProperties().Where(property => property.CanWrite).ToArray();
        Assert.Equal(properties.Select(property => property.Name).Order(), rows.Keys.Order());
        foreach (var property in properties)
        {
            var value = property.Name == nameof(Gru4RecOptions.Layers) ? string.Join('/', options.Layers) : Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture);
            Assert.Equal(value, rows[property.Name].Default);
        }
    }

    private static double[,,] Weights(string name)
    {
        var blocks = new double[2, 3, 2];
        for (var gate = 0; gate < 3; gate++)
        {
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 2; j++)
                    blocks[i, gate, j] = Golden.Rows("gru", name, s_gates[gate])[i][j];
            }
        }

        return blocks;
    }

    /// <summary>Each cell's numbers are those expected, to as many digits as the page gives.</summary>
    private static void AssertCell(double[] expected, string cell)
    {
        var written = cell.Split(',', StringSplitOptions.TrimEntries);
        Assert.Equal(expected.Length, written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            var digits = written[i].Contains('.', StringComparison.Ordinal) ? written[i].Length - written[i].IndexOf('.', StringComparison.Ordinal) - 1 : 0;
            Assert.Equal(expected[i], double.Parse(written[i], CultureInfo.InvariantCulture), 0.51 * Math.Pow(10, -digits));
        }
    }

    private static Dictionary<string, string[]> Table(string page) =>
        File.ReadLines(PathOf(page)).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| |", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToDictionary(cells => cells[0]);

    private static string PathOf(string page) => Path.Combine(Repository.Root, "docs", page.Replace('/', Path.DirectorySeparatorChar));
}
