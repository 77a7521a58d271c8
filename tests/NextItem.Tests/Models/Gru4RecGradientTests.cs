using NextItem.Optimizers;

namespace NextItem.Tests.Models;

/// <summary>
/// The gradient of every parameter, from the very step that training runs (only its rule keeps the gradient instead of
/// applying it), against central differences of the double network.
/// </summary>
public class Gru4RecGradientTests
{
    public static TheoryData<GruVariant, string, float, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<GruVariant, string, float, int, int>();
            foreach (var variant in Enum.GetValues<GruVariant>())
            {
                foreach (var layers in new[] { "6", "5/7", "3/17/4" })
                {
                    foreach (var dropout in new[] { 0, 0.4f })
                    {
                        // More lanes than one vector and fewer; more threads than lanes.
                        (int, int)[] shapes = layers == "3/17/4" ? [(2, 5)] : [(1, 20), (2, 20), (3, 33), (2, 11), (1, 1), (3, 3)];
                        foreach (var (threads, lanes) in shapes)
                            cases.Add(variant, layers, dropout, threads, lanes);
                    }
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(GruVariant variant, string layers, float dropout, int threads, int lanes)
    {
        var options = new Gru4RecOptions
        {
            Layers = [.. layers.Split('/').Select(int.Parse)],
            Variant = variant,
            BatchSize = lanes,
            DropoutEmbedding = dropout / 2,
            DropoutHidden = dropout,
            NegativeSampleCount = 9,
            SampleAlpha = 0.75f,
            LogQ = 0.6f,
            Threads = threads,
        };
        using var harness = new StepHarness<StoreGradient>(options, default, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(lanes, 9, 2, seed: lanes))
        {
            foreach (var table in harness.Parameters.All.Tables)
                table.ClearStates();
            var loss = harness.Run(batch, drawn);
            var forReference = harness.ForReference(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Forward(forReference);
            Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));

            // The first step starts every session, the second carries states: both are checked.
            var expected = harness.Reference.Gradients(forReference);
            foreach (var table in harness.Parameters.All.Tables)
                AssertGradient(table, expected[table.Name]);
            harness.Carry(states);
        }
    }

    private static void AssertGradient(ParameterTable table, double[,,] expected)
    {
        var largest = 0.0;
        foreach (var value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (var row = 0; row < table.Rows; row++)
        {
            for (var block = 0; block < table.Blocks; block++)
            {
                for (var column = 0; column < table.BlockColumns; column++)
                {
                    var (found, wanted) = (table.StateAt(0, row, block, column), expected[row, block, column]);
                    if (!(Math.Abs(found - wanted) <= 1e-7 + (3e-6 * largest)))
                        Assert.Fail($"{table.Name} [{row}, block {block}, {column}]: {found}, expected {wanted} (largest {largest})");
                }
            }
        }
    }
}
