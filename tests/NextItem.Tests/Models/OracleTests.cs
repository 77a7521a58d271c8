using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models;

/// <summary>
/// Ten steps of training against the same training written a second time, from the papers, with automatic differentiation in
/// double precision (tests/oracle): the loss of every step and every recorded parameter.
/// </summary>
public class OracleTests
{
    /// <summary>Parameters may be so far off; relative for losses. The Python scripts in single precision end within a quarter of it, this engine within 6e-6.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Cases => [.. Oracle.Cases.Keys];

    /// <summary>With one thread, then with two, which add in another order.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Run_TenSteps_GivesTheOraclesLossesAndParameters(string name)
    {
        var (file, oracle) = Oracle.Cases[name];
        Compare(file, oracle, threads: 1);
        Compare(file, oracle, threads: 2);
    }

    [Fact]
    public void Cases_OfTheLosses_CoverEveryLossInEveryNetwork()
    {
        var present = Oracle.Cases.Values.Select(pair => Options(pair.File, pair.Case)).ToArray();
        foreach (var loss in Enum.GetValues<Loss>())
        {
            foreach (var embedding in Enum.GetValues<EmbeddingMode>())
            {
                foreach (var variant in Enum.GetValues<GruVariant>())
                {
                    foreach (var depth in new[] { 1, 2 })
                    {
                        Assert.True(
                            present.Any(o => o.Loss == loss && o.Embedding == embedding && o.Variant == variant && o.Layers.Length == depth),
                            $"no case has {loss}, {embedding}, {variant}, {depth} layers");
                    }
                }
            }
        }

        // What changes a loss: each is on in some case, and each activation that the losses use is there.
        Assert.Contains(present, o => o.Loss == Loss.CrossEntropy && o.LogQ == 1);
        Assert.Contains(present, o => o.Loss == Loss.CrossEntropy && o.LogQ == 0);
        Assert.Contains(present, o => o.LabelSmoothing > 0);
        Assert.Contains(present, o => o.SigmoidCalibration > 0);
        Assert.Contains(present, o => o.Loss == Loss.BprMax && o.ScoreRegularisation > 0);
        Assert.Contains(present, o => o.Loss == Loss.CrossEntropy && o.MaskTargets);
        Assert.Contains(present, o => o.Loss == Loss.BprMax && o.MaskTargets);
        Assert.Equal(
            Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.Softmax),
            present.Select(o => o.FinalActivation!.Kind).Distinct().Order());
    }

    [Fact]
    public void Cases_OfTheOptimizers_CoverEveryOptimizerWithEveryAddition()
    {
        var present = Oracle.Cases.Values.Select(pair => Options(pair.File, pair.Case)).ToArray();
        foreach (var optimizer in Enum.GetValues<Optimizer>())
        {
            foreach (var loss in new[] { Loss.CrossEntropy, Loss.BprMax })
            {
                foreach (var embedding in new[] { EmbeddingMode.Shared, EmbeddingMode.Separate })
                {
                    var of = present.Where(o => o.Optimizer == optimizer && o.Loss == loss && o.Embedding == embedding).ToArray();
                    var what = $"{optimizer}, {loss}, {embedding}";
                    Assert.True(of.Any(o => o is { Momentum: 0, L2Penalty: 0, GradientCap: 0 }), $"no plain case: {what}");
                    Assert.True(of.Any(o => o is { Momentum: 0, L2Penalty: > 0 }), $"no case with an L2 penalty: {what}");
                    Assert.True(of.Any(o => o.GradientCap > 0), $"no case with a cap: {what}");
                    Assert.True(optimizer == Optimizer.Adam || of.Any(o => o is { Momentum: > 0, L2Penalty: 0 }), $"no case with momentum: {what}");
                    Assert.True(optimizer == Optimizer.Adam || of.Any(o => o is { Momentum: > 0, L2Penalty: > 0 }), $"no case with both: {what}");
                }
            }
        }
    }

    [Fact]
    public void Cases_Recorded_AreTenStepsWithParametersAlongTheWay()
    {
        foreach (var (name, (file, oracle)) in Oracle.Cases)
        {
            var kept = Enumerable.Range(1, oracle.Steps.Length).Where(step => oracle.Steps[step - 1].Parameters is not null).ToArray();
            Assert.True(oracle.Steps.Length == 10 && file.Streams[oracle.Stream].Steps.Length == 10, $"{name}: {oracle.Steps.Length} steps");
            Assert.True(new[] { 1, 2, 5, 10 }.All(kept.Contains), $"{name}: parameters after steps {string.Join(", ", kept)}");
        }
    }

    /// <summary>A fixture names the digest of each script that decides its numbers; the list of those stands in ten_steps.py.</summary>
    [Fact]
    public void Fixtures_Digests_AreThoseOfTheScripts()
    {
        var scripts = Path.Combine(Repository.Root, "tests", "oracle");
        var list = Regex.Match(File.ReadAllText(Path.Combine(scripts, "ten_steps.py")), @"^SOURCES = \(([^)]*)\)", RegexOptions.Multiline);
        var sources = Regex.Matches(list.Groups[1].Value, "'([^']+)'").Select(match => match.Groups[1].Value).ToArray();
        Assert.Contains("ten_steps.py", sources);
        Assert.Equal(["losses-1-layer.json.gz", "losses-2-layers.json.gz", "optimizers.json.gz"], Oracle.Files.Keys);
        foreach (var (name, file) in Oracle.Files)
        {
            Assert.Equal(sources.Order(), file.Sha256.Keys.Order());
            foreach (var source in sources)
            {
                var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(scripts, source))));
                Assert.True(digest == file.Sha256[source], $"{name} is stale: {source} has changed since. Run tests/oracle/make.sh.");
            }
        }
    }

    /// <summary>Runs the step of training over the case's mini-batches.</summary>
    private static void Compare(OracleFile file, OracleCase oracle, int threads)
    {
        var options = Options(file, oracle) with { Threads = threads };
        options.Validate();
        var stream = file.Streams[oracle.Stream];
        using var parameters = new Gru4RecParameters(options, stream.Items, TrainingSteps.States(options));
        var initial = file.Networks[oracle.Network];
        Assert.Equal(initial.Keys.Order(), parameters.All.Tables.Select(table => table.Name).Order());
        foreach (var table in parameters.All.Tables)
            Set(table, initial[table.Name].Values);

        using var team = new WorkerTeam(threads);
        using var step = TrainingSteps.Create(parameters, options, stream.Support, team);
        for (var number = 0; number < stream.Steps.Length; number++)
        {
            var recorded = stream.Steps[number];
            var batch = new MiniBatch(options.BatchSize) { Lanes = recorded.Inputs.Length };
            recorded.Inputs.CopyTo(batch.Inputs, 0);
            recorded.Targets.CopyTo(batch.Targets, 0);
            recorded.ContinuesLane.CopyTo(batch.ContinuesLane, 0);

            var loss = step.Run(batch, recorded.Negatives, number, options.LearningRate);
            var (expectedLoss, expected) = oracle.Steps[number];
            var at = $"{threads} threads, step {number + 1}";
            if (!(Math.Abs(loss - expectedLoss) <= Tolerance * Math.Abs(expectedLoss)))
                Assert.Fail($"{at}: the loss is {loss:G9}, expected {expectedLoss:G9}");
            if (expected is null)
                continue;
            Assert.Equal(initial.Keys.Order(), expected.Keys.Order());
            foreach (var table in parameters.All.Tables)
                AssertIs(expected[table.Name], table, at);
        }
    }

    private static void Set(ParameterTable table, double[] values) =>
        Each(table, values, (row, block, column, value) => table.At(row, block, column) = (float)value);

    private static void AssertIs(double[] expected, ParameterTable table, string at) => Each(table, expected, (row, block, column, wanted) =>
    {
        var found = table.At(row, block, column);
        if (!(Math.Abs(found - wanted) <= Tolerance))
            Assert.Fail($"{at}: {table.Name} [{row}, block {block}, {column}] is {found:G9}, expected {wanted:G9}");
    });

    /// <summary>Goes through row-major values beside the table's own places.</summary>
    private static void Each(ParameterTable table, double[] values, Action<int, int, int, double> visit)
    {
        Assert.Equal(table.Rows * table.Blocks * table.BlockColumns, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (place, column) = Math.DivRem(i, table.BlockColumns);
            visit(place / table.Blocks, place % table.Blocks, column, values[i]);
        }
    }

    /// <summary>The settings in our words. Every one has to be known.</summary>
    private static Gru4RecOptions Options(OracleFile file, OracleCase oracle)
    {
        var size = oracle.Settings["embedding"].GetInt32();
        var shared = oracle.Settings["constrained_embedding"].GetBoolean();
        var options = new Gru4RecOptions
        {
            OptimizerEpsilon = file.Epsilon,
            Embedding = shared ? EmbeddingMode.Shared : size > 0 ? EmbeddingMode.Separate : EmbeddingMode.None,
            EmbeddingSize = size,
        };
        foreach (var (name, value) in oracle.Settings)
            options = With(options, name, value);
        return options;
    }

    private static Gru4RecOptions With(Gru4RecOptions o, string name, JsonElement value) => name switch
    {
        "embedding" or "constrained_embedding" => o,
        "layers" => o with { Layers = [.. value.EnumerateArray().Select(units => units.GetInt32())] },
        "variant" => o with { Variant = value.GetString() switch { "reset-before" => GruVariant.ResetBefore, "reset-after" => GruVariant.ResetAfter, _ => throw Unknown(name, value) } },
        "batch_size" => o with { BatchSize = value.GetInt32() },
        "n_sample" => o with { NegativeSampleCount = value.GetInt32() },
        "sample_alpha" => o with { SampleAlpha = value.GetSingle() },
        "loss" => o with { Loss = LossOf(value.GetString()) ?? throw Unknown(name, value) },
        "final_act" => o with { FinalActivation = FinalActivation.Parse(value.GetString()!) ?? throw Unknown(name, value) },
        "logq" => o with { LogQ = value.GetSingle() },
        "smoothing" => o with { LabelSmoothing = value.GetSingle() },
        "bpreg" => o with { ScoreRegularisation = value.GetSingle() },
        "gbce_t" => o with { SigmoidCalibration = value.GetSingle() },
        "mask_targets" => o with { MaskTargets = value.GetBoolean() },
        "adapt" => o with { Optimizer = OptimizerOf(value.GetString()) ?? throw Unknown(name, value) },
        "learning_rate" => o with { LearningRate = value.GetSingle() },
        "momentum" => o with { Momentum = value.GetSingle() },
        "lmbd" => o with { L2Penalty = value.GetSingle() },
        "grad_cap" => o with { GradientCap = value.GetSingle() },
        "rho" => o with { OptimizerDecay = value.GetSingle() },
        "beta1" => o with { AdamBeta1 = value.GetSingle() },
        "beta2" => o with { AdamBeta2 = value.GetSingle() },
        _ => throw Unknown(name, value),
    };

    private static InvalidDataException Unknown(string name, JsonElement value) =>
        new($"The fixture has {name} = {value}, which this test does not know.");

    private static Loss? LossOf(string? name) => name switch
    {
        "cross-entropy" => Loss.CrossEntropy,
        "bpr-max" => Loss.BprMax,
        "top1-max" => Loss.Top1Max,
        "bpr" => Loss.Bpr,
        "bpr-sum" => Loss.BprSum,
        "top1" => Loss.Top1,
        "sigmoid-cross-entropy" => Loss.SigmoidCrossEntropy,
        "top1-pygru4rec" => Loss.Top1PyGru4Rec,
        _ => null,
    };

    private static Optimizer? OptimizerOf(string? name) => name switch
    {
        "adagrad" => Optimizer.Adagrad,
        "rmsprop" => Optimizer.RmsProp,
        "adadelta" => Optimizer.Adadelta,
        "adam" => Optimizer.Adam,
        "sgd" => Optimizer.Sgd,
        _ => null,
    };
}
