using System.Runtime.InteropServices;
using NextItem.Batches;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;
using NextItem.Sessions;

namespace NextItem.Tests.Models;

/// <summary>Vectors of an event's time and place beside that of its item: in training against the double network, and in what training makes.</summary>
public partial class InputIdeasTests
{
    private static readonly Gru4RecOptions s_both = new() { Layers = [6], NegativeSampleCount = 9, LogQ = 0.6f, SampleAlpha = 0.75f, TimeClasses = 7, PositionClasses = 4 };

    private static readonly Dictionary<string, Gru4RecOptions> s_cases = new()
    {
        ["products"] = s_both with { DropoutEmbedding = 0.2f, DropoutHidden = 0.3f },
        ["cosines"] = s_both with { CosineScale = 4, DropoutEmbedding = 0.2f },
        ["separate"] = s_both with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 17, Layers = [5, 3], DropoutEmbedding = 0.2f, DropoutHidden = 0.3f },
        ["separate, cosines"] = s_both with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 5, CosineScale = 3, Variant = GruVariant.ResetAfter },
        ["times"] = s_both with { PositionClasses = 0, Layers = [3, 5], CosineScale = 4, Variant = GruVariant.ResetAfter },
        ["places"] = s_both with { TimeClasses = 0, Loss = Loss.BprMax, ScoreRegularisation = 0.8f },
        ["one class"] = s_both with { TimeClasses = 1, PositionClasses = 1 },
        ["more places than lanes"] = s_both with { PositionClasses = 50 },
    };

    public static TheoryData<string, int, int> Cases =>
        new(from name in s_cases.Keys from shape in new[] { (1, 5), (2, 20), (3, 33) } select (name, shape.Item1, shape.Item2));

    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(string name, int threads, int lanes) =>
        Gru4RecGradientTests.AssertTwoSteps(s_cases[name] with { Threads = threads, BatchSize = lanes });

    /// <summary>Rows of classes that no lane has must not move, whatever momentum they have; a cap's norm counts those that lanes have.</summary>
    [Theory]
    [InlineData("products", 1, 0.3f, 0, 0)]
    [InlineData("cosines", 2, 0.3f, 0, 0.01f)]
    [InlineData("cosines", 1, 0, 0.05f, 0)]
    [InlineData("separate", 3, 0.3f, 0.05f, 0.01f)]
    [InlineData("more places than lanes", 2, 0.5f, 0.1f, 0)]
    public void Run_TenSteps_EqualsTheDoubleTrainer(string name, int threads, float momentum, float cap, float penalty)
    {
        var options = s_cases[name] with { Threads = threads, BatchSize = 19, Momentum = momentum, GradientCap = cap, L2Penalty = penalty };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, options.NegativeSampleCount, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Train(harness.ForReference(batch, drawn));
            Assert.Equal(expectedLoss, loss, 1e-4 * expectedLoss);
            harness.Carry(states);
        }

        foreach (var table in harness.Parameters.All.Tables)
            Gru4RecStepTests.AssertClose(table, harness.Reference[table.Name]);
    }

    /// <summary>Sums go by lanes in their order: the rows of classes have the same bits from any number of threads as far as the inputs' gradients have.</summary>
    [Theory, InlineData(0), InlineData(0.05f)]
    public unsafe void Run_TwiceOnThreeThreads_GivesTheSameBits(float cap)
    {
        var options = s_cases["cosines"] with { Threads = 3, BatchSize = 33, GradientCap = cap };
        Assert.Equal(Trained(), Trained());

        float[] Trained()
        {
            using var harness = new StepHarness(options, SmallBatches.Support);
            foreach (var (batch, drawn) in SmallBatches.Sequence(33, options.NegativeSampleCount, 20, seed: 4))
                harness.Run(batch, drawn);
            return [.. harness.Parameters.All.Tables.SelectMany(table =>
                Enumerable.Range(0, table.Rows).SelectMany(row => new ReadOnlySpan<float>(table.Row(row), (int)table.Stride).ToArray()))];
        }
    }

    [Theory, InlineData(0), InlineData(0.1f)]
    public void Run_FiftySteps_AllocateNothing(float cap)
    {
        using var harness = new StepHarness(s_cases["products"] with { BatchSize = 37, NegativeSampleCount = 50, GradientCap = cap }, SmallBatches.Support);
        AllocationTests.AssertNothing(harness);
    }

    /// <summary>Without classes a network starts with the same numbers, and with the same scores.</summary>
    [Fact]
    public void Specs_WithClasses_OtherParametersStartTheSameAndTheseAreZero()
    {
        using var with = new Gru4RecParameters(s_both, 20, states: 1);
        using var without = new Gru4RecParameters(s_both with { TimeClasses = 0, PositionClasses = 0 }, 20, states: 1);
        with.All.Initialise(seed: 3);
        without.All.Initialise(seed: 3);
        var values = with.All.Tables.Select(table => (table.Name, ValuesOf(table))).ToDictionary();
        Assert.All(without.All.Tables, table => Assert.Equal(ValuesOf(table), values[table.Name]));
        Assert.Equal((without.All.Tables.Length + 2, 7 * 6, 4 * 6), (values.Count, values["time_inputs"].Length, values["position_inputs"].Length));
        Assert.All(values["time_inputs"].Concat(values["position_inputs"]), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 1)]
    [InlineData(1, 1)]
    [InlineData(1.99, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(86_400, 17)]
    [InlineData(1e300, 63)]
    [InlineData(double.PositiveInfinity, 63)]
    [InlineData(double.NaN, 0)]
    public void TimeGap_OfSeconds_IsTheirPowerOfTwo(double seconds, int expected) => Assert.Equal(expected, TimeGap.Of(seconds));

    [Fact]
    public void TimeGap_UnknownItems_ArePassedOver() =>
        Assert.Equal([0, 0, 0, 5, 0, 0, 9, 2], TimeGap.OfKnown([-1, 3, -1, 3, -1, -1, 4, 4], [0, 8, 5, 3, 4, 9, 1, 2]));

    /// <summary>Sessions of any length on few lanes, events in any order: each lane's place and time are those of its event.</summary>
    [Theory, InlineData(1), InlineData(4), InlineData(50)]
    public void MoveNext_AnySessions_GivesEachEventsPlaceAndTime(int lanes)
    {
        var random = new Random(lanes);
        var expected = new Dictionary<string, (int Place, double Seconds)>();
        var events = new List<SessionEvent>();
        for (var session = 0; session < 30; session++)
        {
            var time = 1e9 + random.Next(1000);
            var length = random.Next(1, 12);
            for (var i = 0; i < length; i++)
            {
                var seconds = Math.Round(Math.Pow(2, random.NextDouble() * 20), 3);
                time += seconds;
                events.Add(new SessionEvent($"s{session}", $"{session}.{i}", time));
                expected[$"{session}.{i}"] = (i, seconds);
            }
        }

        random.Shuffle(CollectionsMarshal.AsSpan(events));
        var sessions = SessionSet.From(events);
        var batcher = new SessionParallelBatcher(sessions, lanes);
        var batch = new MiniBatch(lanes);
        batcher.Start(sessions.OrderByStartTime());
        var pairs = 0;
        for (; batcher.MoveNext(batch); pairs += batch.Lanes)
        {
            for (var lane = 0; lane < batch.Lanes; lane++)
            {
                var (place, seconds) = expected[sessions.Catalog.KeyOf(batch.Inputs[lane])];
                Assert.Equal(place, batch.Positions[lane]);
                Assert.Equal(place == 0 ? 0 : 1 + (int)Math.Floor(Math.Log2(Math.Max(1, seconds))), batch.Gaps[lane]);
            }
        }

        Assert.Equal(SessionParallelBatcher.PairCount(sessions), pairs);
    }

    private static float[] ValuesOf(ParameterTable table) =>
        [.. from row in Enumerable.Range(0, table.Rows) from column in Enumerable.Range(0, table.Blocks * table.BlockColumns) select table.At(row, column / table.BlockColumns, column % table.BlockColumns)];
}
