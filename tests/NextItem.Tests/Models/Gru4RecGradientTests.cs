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
        AssertTwoSteps(options);
    }

    /// <summary>The first step starts every session, the second carries states: both are checked.</summary>
    internal static void AssertTwoSteps(Gru4RecOptions options)
    {
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 2, seed: options.BatchSize))
        {
            foreach (var table in harness.Parameters.All.Tables)
                table.ClearStates();
            var loss = harness.Run(batch, drawn);
            var forReference = harness.ForReference(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Forward(forReference);
            Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));

            var expected = harness.Reference.Gradients(forReference);
            foreach (var table in harness.Parameters.All.Tables)
                AssertGradient(table, expected[table.Name]);
            harness.Carry(states);
        }
    }

    /// <summary>Loss, final activation and their numbers: each with every embedding mode, one and two layers, and both variants.</summary>
    private static readonly Gru4RecOptions[] s_losses =
    [
        new() { LogQ = 0.6f },
        new() { LogQ = 1, LabelSmoothing = 0.15f },
        new() { LogQ = 0, FinalActivation = FinalActivation.Tanh },
        new() { Loss = Loss.BprMax, ScoreRegularisation = 0.8f },
        new() { Loss = Loss.BprMax, ScoreRegularisation = 0, FinalActivation = FinalActivation.Linear, MaskTargets = true },
        new() { Loss = Loss.Top1Max, FinalActivation = FinalActivation.Selu(1.05f, 1.67f) },
        new() { Loss = Loss.Bpr },
        new() { Loss = Loss.BprSum, FinalActivation = FinalActivation.Leaky(0.2f) },
        new() { Loss = Loss.Top1 },
        new() { Loss = Loss.SigmoidCrossEntropy, SigmoidCalibration = 0.5f, FinalActivation = FinalActivation.Linear },
        new() { Loss = Loss.Top1PyGru4Rec, NegativeSampleCount = 0 },
        new() { CosineScale = 4 },
        new() { Loss = Loss.BprMax, ScoreRegularisation = 0.8f, CosineScale = 2.5f },
        new() { LogQ = 0.5f, LabelSmoothing = 0.15f, FinalActivation = FinalActivation.Tanh, CosineScale = 3 },
        new() { Loss = Loss.BprMax, FinalActivation = FinalActivation.Linear, MaskTargets = true, CosineScale = 3 },
    ];

    public static TheoryData<int, EmbeddingMode, GruVariant, string> Combinations
    {
        get
        {
            var cases = new TheoryData<int, EmbeddingMode, GruVariant, string>();
            for (var loss = 0; loss < s_losses.Length; loss++)
            {
                foreach (var embedding in Enum.GetValues<EmbeddingMode>())
                {
                    foreach (var variant in Enum.GetValues<GruVariant>())
                    {
                        cases.Add(loss, embedding, variant, "4");
                        cases.Add(loss, embedding, variant, "3/5");
                    }
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Run_EveryLossAndNetwork_EqualsCentralDifferences(int loss, EmbeddingMode embedding, GruVariant variant, string layers)
    {
        var options = s_losses[loss] with
        {
            Embedding = embedding,
            EmbeddingSize = embedding == EmbeddingMode.Separate && layers == "3/5" ? 6 : 0,
            Variant = variant,
            Layers = [.. layers.Split('/').Select(int.Parse)],
            BatchSize = 5,
            NegativeSampleCount = s_losses[loss].NegativeSampleCount == 0 ? 0 : 6,
            DropoutHidden = 0.2f,
            DropoutEmbedding = embedding == EmbeddingMode.None ? 0 : 0.2f,
            Threads = 1 + (loss % 2),
        };
        AssertTwoSteps(options);
    }

    internal static void AssertGradient(ParameterTable table, double[,,] expected)
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
