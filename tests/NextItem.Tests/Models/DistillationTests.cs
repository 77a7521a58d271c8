using NextItem.Batches;
using NextItem.Models.Gru4Rec;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

/// <summary>What a network in training learns from teachers, against double networks of both.</summary>
public class DistillationTests
{
    private static readonly Gru4RecOptions s_student = new()
    {
        Layers = [4],
        BatchSize = 5,
        NegativeSampleCount = 6,
        LogQ = 0.6f,
        SampleAlpha = 0.75f,
        Distillation = 0.4f,
    };

    private static readonly Dictionary<string, (Gru4RecOptions Student, Gru4RecOptions[] Teachers)> s_cases = new()
    {
        ["one teacher of its own shape"] = (s_student, [s_student]),
        ["three of other shapes"] = (s_student with { DropoutHidden = 0.2f }, [
            new() { Layers = [7, 5], Embedding = EmbeddingMode.None },
            new() { Layers = [3], Variant = GruVariant.ResetAfter, CosineScale = 5 },
            new() { Layers = [6], Embedding = EmbeddingMode.Separate, EmbeddingSize = 9 }]),
        ["teachers alone"] = (s_student with { Distillation = 1, LogQ = 1 }, [new() { Layers = [5] }]),
        ["cosines"] = (s_student with { CosineScale = 4, DropoutEmbedding = 0.2f }, [new() { Layers = [5], CosineScale = 7 }, new() { Layers = [5] }]),
        ["a final activation"] = (s_student with { FinalActivation = FinalActivation.Tanh }, [new() { Layers = [5] }]),
        ["through time"] = (s_student with { BackpropagationSteps = 3, Layers = [3, 5], DropoutHidden = 0.3f }, [new() { Layers = [6] }, new() { Layers = [2, 8] }]),
    };

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var name in s_cases.Keys)
            {
                cases.Add(name, 1, 5);
                cases.Add(name, 2, 20);
                cases.Add(name, 3, 37);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(string name, int threads, int lanes)
    {
        var (student, teachers) = s_cases[name];
        var options = student with { Threads = threads, BatchSize = lanes };
        using var school = new School(options, teachers);
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true, distillation: school.Distillation);
        var number = 0;
        foreach (var (batch, drawn) in SmallBatches.Sequence(lanes, options.NegativeSampleCount, 5, seed: 3))
        {
            foreach (var table in harness.Parameters.All.Tables)
                table.ClearStates();
            var loss = harness.Run(batch, drawn);
            var forReference = harness.ForReference(batch, drawn) with { TeacherScores = school.Read(batch) };
            var (expectedLoss, afterFirst) = harness.Reference.Forward(forReference);
            Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));
            if (number++ is 0 or 4)
            {
                var expected = harness.Reference.Gradients(forReference);
                foreach (var table in harness.Parameters.All.Tables)
                    Gru4RecGradientTests.AssertGradient(table, expected[table.Name]);
            }

            harness.Carry(afterFirst);
        }
    }

    [Theory]
    [InlineData("three of other shapes", 2, 0.3f, 0)]
    [InlineData("cosines", 1, 0, 0.05f)]
    [InlineData("through time", 3, 0.3f, 0)]
    public void Run_TenSteps_EqualsTheDoubleTrainer(string name, int threads, float momentum, float cap)
    {
        var (student, teachers) = s_cases[name];
        var options = student with { Threads = threads, BatchSize = 19, Momentum = momentum, GradientCap = cap };
        using var school = new School(options, teachers);
        using var harness = new StepHarness(options, SmallBatches.Support, distillation: school.Distillation);
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, options.NegativeSampleCount, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Train(harness.ForReference(batch, drawn) with { TeacherScores = school.Read(batch) });
            Assert.Equal(expectedLoss, loss, 1e-4 * expectedLoss);
            harness.Carry(states);
        }

        foreach (var table in harness.Parameters.All.Tables)
            Gru4RecStepTests.AssertClose(table, harness.Reference[table.Name]);
    }

    /// <summary>A student that agrees with its teacher, and learns from it alone, has nothing to learn.</summary>
    [Fact]
    public void Run_TheTeacherIsTheStudent_GradientIsZero()
    {
        var options = s_student with { Distillation = 1, BatchSize = 19 };
        using var school = new School(options, [options], sameItems: true, seed: 1);
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true, parameterSeed: 1, distillation: school.Distillation);
        var (batch, drawn) = SmallBatches.Sequence(19, 6, 1, seed: 3).Single();
        harness.Run(batch, drawn);
        foreach (var table in harness.Parameters.All.Tables)
            Gru4RecGradientTests.AssertGradient(table, new double[table.Rows, table.Blocks, table.BlockColumns]);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Run_FiftySteps_AllocateNothing(int backpropagationSteps)
    {
        var options = s_student with { BatchSize = 37, NegativeSampleCount = 50, BackpropagationSteps = backpropagationSteps };
        using var school = new School(options, [new() { Layers = [24, 20] }, new() { Layers = [9], CosineScale = 4 }]);
        using var harness = new StepHarness(options, SmallBatches.Support, distillation: school.Distillation);
        AllocationTests.AssertNothing(harness);
    }

    /// <summary>Teachers with random parameters, who call the items by other indices and know more of them; and their double twins.</summary>
    private sealed class School : IDisposable
    {
        private const int More = 7;
        private readonly Gru4RecModel[] _models;
        private readonly DoubleNetwork[] _twins;
        private readonly int[] _itemOf;
        private double[][][][] _states; // [teacher][lane][layer][H]

        public School(Gru4RecOptions student, Gru4RecOptions[] teachers, bool sameItems = false, int seed = 40)
        {
            var items = sameItems ? SmallBatches.Items : SmallBatches.Items + More;
            _itemOf = [.. Enumerable.Range(0, SmallBatches.Items).Select(item => sameItems ? item : items - 1 - item)];
            var catalog = SessionSet.From(Enumerable.Range(0, items).Select(item => new SessionEvent("s", $"i{item}", item))).Catalog;
            _models = [.. teachers.Select((options, t) =>
            {
                var parameters = new Gru4RecParameters(options, items, states: 0);
                StepHarness.Randomise(parameters, seed + t);
                if (options.CosineScale > 0)
                    CosineScores.Normalise(parameters.Items, parameters.VectorLength); // as finished models have them
                return new Gru4RecModel(catalog, options, parameters);
            })];
            _twins = [.. _models.Zip(teachers, (model, options) => new DoubleNetwork(model.Parameters.All, options, new int[items]))];
            _states = [.. teachers.Select(_ => Array.Empty<double[][]>())];
            Distillation = new Distillation(_models, [.. _models.Select(_ => _itemOf)], student, SmallBatches.Support);
        }

        public Distillation Distillation { get; }

        /// <summary>The twins read a mini-batch: [teacher][lane][item] scores of the student's items.</summary>
        public double[][][] Read(MiniBatch batch)
        {
            var scores = new double[_models.Length][][];
            for (var t = 0; t < _models.Length; t++)
            {
                var states = new double[batch.Lanes][][];
                for (var lane = 0; lane < batch.Lanes; lane++)
                {
                    var source = batch.ContinuesLane[lane];
                    var before = source == MiniBatch.NewSession ? [.. _models[t].Options.Layers.Select(units => new double[units])] : _states[t][source];
                    states[lane] = _twins[t].Next(before, new DoubleEvent(_itemOf[batch.Inputs[lane]], null, null));
                }

                _states[t] = states;
                scores[t] = [.. states.Select(state =>
                {
                    var all = _twins[t].Scores(state[^1]);
                    return Array.ConvertAll(_itemOf, item => all[item]);
                })];
            }

            return scores;
        }

        public void Dispose()
        {
            foreach (var model in _models)
                model.Dispose();
        }
    }
}
