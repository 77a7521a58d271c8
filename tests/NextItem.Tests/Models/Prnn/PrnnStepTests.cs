using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;
using NextItem.Optimizers;

namespace NextItem.Tests.Models.Prnn;

public unsafe class PrnnStepTests
{
    private static readonly Gru4RecOptions s_options = new() { BatchSize = 5, NegativeSampleCount = 6, SampleAlpha = 0.75f, LogQ = 0.6f, Seed = 3 };

    private static readonly PrnnPass s_all = new(7, 7);

    public static TheoryData<string, string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string, int>();
            foreach (var output in Enum.GetValues<PrnnOutput>())
            {
                foreach (var variant in Enum.GetValues<GruVariant>())
                {
                    // All trained; one of the three trained while the others are frozen; the second on the residual of the first.
                    foreach (var (included, active) in new[] { (7, 7), (7, 1), (7, 4), (3, 2) })
                        cases.Add(output.ToString(), variant.ToString(), $"{included}/{active}", 1 + (active % 2));
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_EveryOutputAndPass_EqualsCentralDifferences(string output, string variant, string bits, int threads)
    {
        var pass = new PrnnPass(uint.Parse(bits.Split('/')[0]), uint.Parse(bits.Split('/')[1]), TrainsOutput: bits != "3/2");
        AssertGradients(ThreeSubnets(Enum.Parse<PrnnOutput>(output), Enum.Parse<GruVariant>(variant)), s_options with { Threads = threads, BatchSize = threads == 2 ? 20 : 5 }, pass);
    }

    /// <summary>
    /// The first subnet's GRU learns through the products alone while its output matrix is frozen. With weight 0 it is scored through them
    /// alone, so that central differences are of nothing else.
    /// </summary>
    [Theory, InlineData(GruVariant.ResetBefore, 1), InlineData(GruVariant.ResetAfter, 2)]
    public void Run_ThroughProducts_EqualsCentralDifferences(GruVariant variant, int threads)
    {
        var shape = ThreeSubnets(PrnnOutput.Interaction, variant);
        shape = shape with { Subnets = [shape.Subnets[0] with { Weight = 0 }, .. shape.Subnets[1..]] };
        AssertGradients(shape, s_options with { Threads = threads, BatchSize = 20 }, new PrnnPass(7, 0b101, FrozenHeads: 1));
    }

    /// <summary>With its own scores too, they are no part of its gradient: doubling them changes the loss's gradient, but adds nothing of their own.</summary>
    [Fact]
    public void Run_ThroughProducts_TakesNothingFromItsOwnOutput()
    {
        var shape = ThreeSubnets(PrnnOutput.Interaction, GruVariant.ResetBefore);
        using var whole = new PrnnHarness<StoreGradient>(shape, s_options, new StoreGradient(0));
        using var through = new PrnnHarness<StoreGradient>(shape, s_options, new StoreGradient(0));
        using var own = new PrnnHarness<StoreGradient>(shape with { Output = PrnnOutput.Parallel }, s_options, new StoreGradient(0));
        foreach (var (batch, drawn) in SmallBatches.Sequence(s_options.BatchSize, s_options.NegativeSampleCount, 1, seed: 4))
        {
            foreach (var harness in new[] { whole, through })
                harness.Begin(batch, drawn);
            whole.Step.Run(new PrnnPass(7, 0b101), 1);
            through.Step.Run(new PrnnPass(7, 0b101, FrozenHeads: 1), 1);
        }

        var table = whole.Parameters.All["id.input_bias"];
        Assert.NotEqual(States(table), States(through.Parameters.All["id.input_bias"]));
        Assert.Contains(States(through.Parameters.All["id.input_bias"]), value => value != 0);
        Assert.Contains(States(whole.Parameters.All["id.items"]), value => value != 0);
        Assert.All(States(through.Parameters.All["id.items"]), value => Assert.Equal(0, value));

        static float[] States(ParameterTable table) => [.. from row in Enumerable.Range(0, table.Rows) from block in Enumerable.Range(0, table.Blocks) from column in Enumerable.Range(0, table.BlockColumns) select table.StateAt(0, row, block, column)];
    }

    /// <summary>The bias is trained although the vectors before it are frozen, whatever the output.</summary>
    [Theory, InlineData("Parallel"), InlineData("SharedWeights"), InlineData("Interaction")]
    public void Run_BiasAlone_EqualsCentralDifferences(string output) =>
        AssertGradients(ThreeSubnets(Enum.Parse<PrnnOutput>(output), GruVariant.ResetBefore), s_options with { BatchSize = 20, Threads = 2 }, new PrnnPass(7, 4, TrainsOutput: false, TrainsBias: true));

    /// <summary>With a rule that moves rows without a gradient, momentum, the frozen part of the row stays to the bit.</summary>
    [Fact]
    public void Run_BiasAlone_LeavesTheVectorsAndTheirStates()
    {
        var options = s_options with { Momentum = 0.5f };
        var rule = new MomentumDescent<Adagrad>(new Adagrad(options.OptimizerEpsilon), options.Momentum, 0.01f);
        using var harness = new PrnnHarness<MomentumDescent<Adagrad>>(ThreeSubnets(PrnnOutput.Parallel, GruVariant.ResetBefore), options, rule);
        var moved = false;
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 3, seed: 6))
        {
            harness.Begin(batch, drawn);
            harness.Step.Run(new PrnnPass(7, 7), 0.1f); // so that there is momentum to go on with
            var before = Whole(harness.Parameters.Heads[0]);
            harness.Step.Run(new PrnnPass(7, 2, TrainsBias: true), 0.1f);
            var after = Whole(harness.Parameters.Heads[0]);
            var (bias, width) = (harness.Parameters.VectorLength(0), harness.Parameters.Heads[0].Width);
            for (var i = 0; i < before.Length; i++)
            {
                if (i % harness.Parameters.Heads[0].Stride % width != bias)
                    Assert.Equal(before[i], after[i]);
                else
                    moved |= before[i] != after[i];
            }
        }

        Assert.True(moved);

        static float[] Whole(ParameterTable table) => new ReadOnlySpan<float>(table.Row(0), (int)(table.Rows * table.Stride)).ToArray();
    }

    [Fact]
    public void Run_ConcatenatedInput_EqualsCentralDifferences()
    {
        var subnet = new PrnnSubnet("all", [PrnnInput.Id, new("text", SmallFeatures.Sparse), new("image", SmallFeatures.Dense)], 4);
        AssertGradients(new PrnnShape([subnet]), s_options, new PrnnPass(1, 1));
    }

    [Fact]
    public void Run_FeaturesOnly_EqualsCentralDifferences()
    {
        AssertGradients(new PrnnShape([new PrnnSubnet("text", [new("text", SmallFeatures.Sparse)], 4)]), s_options, new PrnnPass(1, 1));
        AssertGradients(new PrnnShape([new PrnnSubnet("image", [new("image", SmallFeatures.Dense)], 17)]), s_options with { BatchSize = 20, Threads = 2 }, new PrnnPass(1, 1));
    }

    [Theory]
    [InlineData(GruVariant.ResetBefore, 1)]
    [InlineData(GruVariant.ResetAfter, 2)]
    public void Run_IdOnly_IsGru4RecToTheBit(GruVariant variant, int threads)
    {
        var options = s_options with
        {
            Embedding = EmbeddingMode.None,
            Layers = [13],
            Variant = variant,
            Threads = threads,
            BatchSize = 20,
            Momentum = 0.3f,
            DropoutHidden = 0.3f,
        };
        var rule = new MomentumDescent<Adagrad>(new Adagrad(options.OptimizerEpsilon), options.Momentum, 0);
        using var team = new WorkerTeam(threads);
        using var parameters = new Gru4RecParameters(options, SmallBatches.Items, TrainingSteps.States(options));
        parameters.All.Initialise(options.Seed);
        using var step = TrainingSteps.WithRule(parameters, options, SmallBatches.Support, team, rule);

        var shape = new PrnnShape([new PrnnSubnet("id", [PrnnInput.Id], 13) { DropoutHidden = 0.3f }], Variant: variant);
        using var parallel = new PrnnParameters(shape, SmallBatches.Items, TrainingSteps.States(options));
        parallel.All.Initialise(options.Seed);
        using var prnn = new PrnnStep<CrossEntropy, MomentumDescent<Adagrad>>(
            parallel, options, new CrossEntropy(SmallBatches.Support, options.SampleAlpha, options.LogQ), rule, team, aside: false);

        long number = 0;
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 12, seed: 1))
        {
            var expected = step.Run(batch, drawn, number, 0.1f);
            prnn.Begin(batch, drawn, number++);
            Assert.Equal(expected, prnn.Run(new PrnnPass(1, 1), 0.1f));
        }

        Assert.Equal(parameters.All.Tables.Length, parallel.All.Tables.Length);
        for (var t = 0; t < parameters.All.Tables.Length; t++)
        {
            for (var row = 0; row < parameters.All.Tables[t].Rows; row++)
                Assert.Equal(Gru4RecStepTests.RowBytes(parameters.All.Tables[t], row), Gru4RecStepTests.RowBytes(parallel.All.Tables[t], row));
        }
    }

    [Theory]
    [InlineData("Parallel")]
    [InlineData("SharedWeights")]
    [InlineData("Interaction")]
    public void Run_Interleaving_TakesEachGradientAtTheWeightsThatTheOthersHaveByThen(string architecture)
    {
        var output = Enum.Parse<PrnnOutput>(architecture);
        const float Rate = 0.5f;
        var options = s_options with { LearningRate = Rate };
        using var harness = new PrnnHarness<Descent<Sgd>>(ThreeSubnets(output, GruVariant.ResetBefore, dropout: 0.3f), options, new Descent<Sgd>(default, 0));
        var schedule = new PrnnSchedule(TrainingStrategy.Interleaving, 3, epochsOfSubnet: 1);
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 2, seed: 4))
        {
            harness.Begin(batch, drawn);
            foreach (var pass in schedule.PassesOf(1))
            {
                harness.Reference.CopyFrom(harness.Parameters);
                var before = harness.Parameters.All.Tables.ToDictionary(table => table.Name, Values);
                var loss = harness.Step.Run(pass, Rate);
                var expectedLoss = harness.ReferenceLoss(pass);
                Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));
                foreach (var table in harness.Parameters.All.Tables)
                {
                    var after = Values(table);
                    if (!IsTrained(harness.Shape, pass, table.Name))
                    {
                        Assert.Equal(before[table.Name], after);
                        continue;
                    }

                    var expected = harness.Reference.Gradient(table.Name, () => harness.ReferenceLoss(pass)).Cast<double>().ToArray();
                    var largest = expected.Max(Math.Abs);
                    for (var i = 0; i < after.Length; i++)
                        Assert.Equal(expected[i], ((double)before[table.Name][i] - after[i]) / Rate, 1e-6 + (1e-5 * largest));
                }

                // What carries on was computed before this pass's update.
                harness.Carry(pass);
            }
        }
    }

    [Fact]
    public void Run_SparseFeatures_TrainLikeTheSameNumbersDense()
    {
        PrnnShape Shape(NextItem.Features.FeatureRows rows) => new([new PrnnSubnet("id", [PrnnInput.Id], 6), new PrnnSubnet("text", [new("text", rows)], 6)]);
        var rule = new Descent<Adagrad>(new Adagrad(1e-6f), 0);
        using var sparse = new PrnnHarness<Descent<Adagrad>>(Shape(SmallFeatures.Sparse), s_options, rule);
        using var dense = new PrnnHarness<Descent<Adagrad>>(Shape(SmallFeatures.SparseAsDense), s_options, rule);
        foreach (var (batch, drawn) in SmallBatches.Sequence(s_options.BatchSize, s_options.NegativeSampleCount, 6, seed: 2))
        {
            sparse.Step.Begin(batch, drawn, 0);
            dense.Step.Begin(batch, drawn, 0);
            Assert.Equal(dense.Step.Run(s_all, 0.1f), sparse.Step.Run(s_all, 0.1f), 1e-5);
        }

        foreach (var (a, b) in sparse.Parameters.All.Tables.Zip(dense.Parameters.All.Tables))
        {
            foreach (var (x, y) in Values(a).Zip(Values(b)))
                Assert.Equal(x, y, 2e-4f);
        }
    }

    [Fact]
    public void Run_WeightAndRateOfASubnet_ChangeTheResult()
    {
        float[] Train(float weight, float rate)
        {
            var shape = new PrnnShape(
                [new PrnnSubnet("id", [PrnnInput.Id], 6), new PrnnSubnet("image", [new("image", SmallFeatures.Dense)], 6) { Weight = weight, RateFactor = rate }]);
            using var harness = new PrnnHarness<Descent<Adagrad>>(shape, s_options, new Descent<Adagrad>(new Adagrad(1e-6f), 0));
            foreach (var (batch, drawn) in SmallBatches.Sequence(s_options.BatchSize, s_options.NegativeSampleCount, 3, seed: 2))
            {
                harness.Step.Begin(batch, drawn, 0);
                harness.Step.Run(s_all, 0.1f);
            }

            return [.. harness.Parameters.All.Tables.SelectMany(Values)];
        }

        var plain = Train(1, 1);
        Assert.Equal(plain, Train(1, 1));
        Assert.NotEqual(plain, Train(0.5f, 1));
        Assert.NotEqual(plain, Train(1, 0.5f));
        Assert.All(Train(0.5f, 0.5f), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Parameters_ShapeThatCannotBe_AreRefusedWithEveryFault()
    {
        var shape = new PrnnShape(
            [new PrnnSubnet("a", [PrnnInput.Id, PrnnInput.Id], 4), new PrnnSubnet("a", [], 0)], PrnnOutput.SharedWeights);
        var faults = Assert.Throws<OptionsException>(() => new PrnnParameters(shape, 10, states: 0)).Faults;
        Assert.Equal(5, faults.Count);
        Assert.Contains("expected 1 to 31", Assert.Throws<OptionsException>(() => new PrnnParameters(new PrnnShape([]), 10, states: 0)).Message, StringComparison.Ordinal);
    }

    private static PrnnShape ThreeSubnets(PrnnOutput output, GruVariant variant, float dropout = 0)
    {
        // Different sizes where the architecture allows them.
        var units = output == PrnnOutput.Parallel ? new[] { 4, 6, 3 } : [4, 4, 4];
        return new PrnnShape(
            [
                new PrnnSubnet("id", [PrnnInput.Id], units[0]) { DropoutHidden = dropout },
                new PrnnSubnet("text", [new("text", SmallFeatures.Sparse)], units[1]) { Weight = 0.7f },
                new PrnnSubnet("image", [new("image", SmallFeatures.Dense)], units[2]) { Weight = 1.3f, DropoutHidden = dropout },
            ],
            output,
            variant);
    }

    /// <summary>Two mini-batches, the second with carried states: gradients of what is trained, and nothing of what is not.</summary>
    private static void AssertGradients(PrnnShape shape, Gru4RecOptions options, PrnnPass pass)
    {
        using var harness = new PrnnHarness<StoreGradient>(shape, options, new StoreGradient(0));
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 2, seed: options.BatchSize))
        {
            foreach (var table in harness.Parameters.All.Tables)
                table.ClearStates();
            harness.Begin(batch, drawn);
            var loss = harness.Step.Run(pass, 1);
            var expectedLoss = harness.ReferenceLoss(pass);
            Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));
            foreach (var table in harness.Parameters.All.Tables)
            {
                var expected = IsTrained(shape, pass, table.Name)
                    ? harness.Reference.Gradient(table.Name, () => harness.ReferenceLoss(pass))
                    : new double[table.Rows, table.Blocks, table.BlockColumns];
                if (pass.TrainsBias && table == harness.Parameters.Heads[0])
                {
                    var whole = harness.Reference.Gradient(table.Name, () => harness.ReferenceLoss(pass));
                    for (var row = 0; row < table.Rows; row++)
                        expected[row, 0, table.BlockColumns - 1] = whole[row, 0, table.BlockColumns - 1];
                }

                Gru4RecGradientTests.AssertGradient(table, expected);
            }

            harness.Carry(pass);
        }
    }

    private static bool IsTrained(PrnnShape shape, PrnnPass pass, string table)
    {
        if (table == "items")
            return pass.TrainsOutput;
        if (table == "id.items" && pass.FreezesHead(0))
            return false;
        return pass.Trains(shape.Subnets.Select((subnet, k) => (subnet, k)).Single(of => table.StartsWith(of.subnet.Name + ".", StringComparison.Ordinal)).k);
    }

    private static float[] Values(ParameterTable table) =>
    [
        .. from row in Enumerable.Range(0, table.Rows)
           from block in Enumerable.Range(0, table.Blocks)
           from column in Enumerable.Range(0, table.BlockColumns)
           select table.At(row, block, column),
    ];
}
