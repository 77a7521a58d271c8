using CsCheck;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

/// <summary>The options as they are printed: all that matter, and nothing lost on the way back.</summary>
public class DescribeTests
{
    private static readonly Gru4RecOptions s_standard = new();
    private static readonly FinalActivation[] s_constant = [FinalActivation.Linear, FinalActivation.Relu, FinalActivation.Tanh, FinalActivation.Softmax, FinalActivation.Elu(0.5f)];

    [Fact]
    public void Describe_RandomOptions_PastedBackAreTheSameInAllThatMatters() =>
        RandomOptions().Sample(
            options =>
            {
                options.Validate();
                var line = string.Join(", ", HyperparameterNames.Describe(options).Select(option => $"{option.Name}={option.Value}"));

                Assert.Equal(WhatMatters(options), new TrainingSettings(null, null, [line], null, null).Resolve());
            },
            iter: 3000,
            print: options => string.Join(", ", HyperparameterNames.Describe(options)));

    [Fact]
    public void Describe_PastedOverAnotherSetting_ReplacesIt()
    {
        var coveo = new TrainingSettings("coveo", null, [], 3, null).Resolve();
        var line = string.Join(',', HyperparameterNames.Describe(coveo).Select(option => $"{option.Name}={option.Value}"));

        var pasted = new TrainingSettings(null, null, ["embedding=64,embedding_mode=separate,adapt=adam,adapt_params=0.1/0.2,train_random_order=True,elu_param=3", line], null, null).Resolve();

        Assert.Equal(WhatMatters(coveo), pasted);
    }

    [Theory]
    [InlineData("loss=cross-entropy", "final_act=softmax smoothing=0 logq=1", "bpreg gbce_t")]
    [InlineData("loss=bpr-max", "final_act=elu-0.5 bpreg=1", "smoothing logq gbce_t")]
    [InlineData("loss=sigmoid-cross-entropy", "final_act=linear gbce_t=0", "bpreg smoothing logq")]
    [InlineData("loss=top1", "final_act=tanh", "bpreg smoothing logq gbce_t")]
    [InlineData("adapt=adagrad", "adapt_params=[] optimizer_epsilon=1E-06 momentum=0", "adam_beta1")]
    [InlineData("adapt=adam", "adapt_params=0.9/0.999 optimizer_epsilon=1E-06", "optimizer_decay")]
    [InlineData("adapt=adadelta", "adapt_params=0.9", "adam_beta1")]
    [InlineData("adapt=None", "adapt=sgd adapt_params=[]", "optimizer_epsilon")]
    [InlineData("embedding=layersize", "constrained_embedding=False embedding=layersize", "")]
    [InlineData("constrained_embedding=False", "constrained_embedding=False embedding=0", "")]
    [InlineData("session_order=file", "time_sort=False train_random_order=False", "session_order")]
    [InlineData("patience=2", "patience=2 validation_metric=mrr@20", "")]
    [InlineData("patience=0", "patience=0", "validation_metric")]
    public void Describe_WhatDoesNotMatter_IsLeftOut(string set, string printed, string leftOut)
    {
        var described = HyperparameterNames.Describe(new TrainingSettings(null, null, [set], 3, null).Resolve()).ToArray();

        Assert.Empty(printed.Split(' ').Except(described.Select(option => $"{option.Name}={option.Value}")));
        Assert.Empty(described.Select(option => option.Name).Intersect(leftOut.Split(' ')));
    }

    /// <summary>README shows what <c>train</c> prints; a new option makes its line stale.</summary>
    [Fact]
    public void Describe_OfReadmesTraining_IsTheLineThere()
    {
        var options = new TrainingSettings("rsc15-table", null, ["n_epochs=3"], 1, 42).Resolve();

        Assert.Contains($"\ngru4rec: {string.Join(", ", HyperparameterNames.Describe(options).Select(option => $"{option.Name}={option.Value}"))}\n", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    /// <summary>The options with the defaults where the loss, the optimiser or the lack of patience makes no difference of them.</summary>
    private static Gru4RecOptions WhatMatters(Gru4RecOptions options)
    {
        var isAdam = options.Optimizer == Optimizer.Adam;
        return options with
        {
            FinalActivation = options.FinalActivation == FinalActivation.UsualOf(options.Loss) ? null : options.FinalActivation,
            ScoreRegularisation = options.Loss == Loss.BprMax ? options.ScoreRegularisation : s_standard.ScoreRegularisation,
            LogQ = options.Loss == Loss.CrossEntropy ? options.LogQ : s_standard.LogQ,
            OptimizerDecay = options.Optimizer is Optimizer.RmsProp or Optimizer.Adadelta ? options.OptimizerDecay : s_standard.OptimizerDecay,
            AdamBeta1 = isAdam ? options.AdamBeta1 : s_standard.AdamBeta1,
            AdamBeta2 = isAdam ? options.AdamBeta2 : s_standard.AdamBeta2,
            OptimizerEpsilon = options.Optimizer == Optimizer.Sgd ? s_standard.OptimizerEpsilon : options.OptimizerEpsilon,
            ValidationMetric = options.Patience > 0 ? options.ValidationMetric : s_standard.ValidationMetric,
            ValidationCutoff = options.Patience > 0 ? options.ValidationCutoff : s_standard.ValidationCutoff,
        };
    }

    /// <summary>Options that are valid together; numbers of every magnitude, since they go through text.</summary>
    private static Gen<Gru4RecOptions> RandomOptions()
    {
        var share = Gen.OneOf(Gen.Float[0, 0.999f], Gen.Const(0f), Gen.Const(1e-7f));
        var positive = Gen.OneOf(Gen.Float[1e-9f, 1e9f], Gen.Const(1e-9f), Gen.Const(0.1f));
        var activation = Gen.OneOf(
            Gen.Const((FinalActivation?)null),
            Gen.Int[0, 4].Select(which => (FinalActivation?)s_constant[which]),
            positive.Select(alpha => (FinalActivation?)FinalActivation.Elu(alpha)),
            positive.Select(alpha => (FinalActivation?)FinalActivation.Leaky(alpha)),
            Gen.Select(positive, positive, (lambda, alpha) => (FinalActivation?)FinalActivation.Selu(lambda, alpha)));

        var network = Gen.Select(
            Gen.Int[1, 65536].Array[1, 4], Gen.Enum<GruVariant>(), Gen.Enum<EmbeddingMode>(), Gen.Int[0, 3], share, share, share, Gen.Bool,
            (layers, variant, embedding, size, dropout, dropoutHidden, scale, normal) => s_standard with
            {
                Layers = [.. layers],
                Variant = variant,
                Embedding = embedding,
                EmbeddingSize = embedding == EmbeddingMode.Separate ? size * 77 : 0,
                DropoutEmbedding = embedding == EmbeddingMode.None ? 0 : dropout,
                DropoutHidden = dropoutHidden,
                InitialScale = scale,
                InitialNormal = normal,
            });
        var loss = Gen.Select(Gen.Enum<Loss>(), activation, positive, share, share, share, Gen.Bool, Gen.Int[0, 5000]);
        var updates = Gen.Select(Gen.Enum<Optimizer>(), positive, share, share, share, share, positive, Gen.Select(positive, share));
        var run = Gen.Select(Gen.Int[1, 99], Gen.Int[1, 999], Gen.Enum<SessionOrder>(), Gen.Int[0, 3], Gen.Enum<ValidationMetric>(), Gen.Int[1, 99], Gen.ULong, Gen.Int[1, 64]);

        return Gen.Select(network, loss, updates, run, (o, l, u, r) => o with
        {
            Loss = l.Item1,
            FinalActivation = l.Item2?.Kind == ActivationKind.Softmax && l.Item1 != Loss.CrossEntropy ? FinalActivation.Linear : l.Item2,
            BackpropagationSteps = 1 + (l.Item8 % 7),
            ScoreRegularisation = l.Item3,
            LabelSmoothing = l.Item1 == Loss.CrossEntropy ? l.Item4 : 0,
            SigmoidCalibration = l.Item1 == Loss.SigmoidCrossEntropy ? l.Item5 : 0,
            LogQ = l.Item6,
            CosineScale = l.Item4 < 0.01f ? 0 : 100 * l.Item4,
            Distillation = l.Item1 == Loss.CrossEntropy && l.Item4 == 0 && !l.Item7 ? l.Item5 : 0,
            SampleAlpha = l.Item4,
            MaskTargets = l.Item7,
            TopSamples = l.Item1 == Loss.CrossEntropy && l.Item4 == 0 && l.Item5 == 0 && !l.Item7 ? l.Item8 % 3 : 0,
            NegativeSampleCount = l.Item1 == Loss.Top1PyGru4Rec ? 0 : l.Item8,
            Optimizer = u.Item1,
            LearningRate = u.Item2,
            Momentum = u.Item1 == Optimizer.Adam ? 0 : u.Item3,
            OptimizerDecay = u.Item4,
            AdamBeta1 = u.Item5,
            AdamBeta2 = u.Item6,
            OptimizerEpsilon = u.Item7,
            L2Penalty = u.Item8.Item1,
            GradientCap = u.Item8.Item2,
            LearningRateDecay = 1 - u.Item8.Item2,
            Epochs = r.Item1,
            BatchSize = Math.Max(2, r.Item2), // one lane without samples is refused
            SessionOrder = r.Item3,
            Patience = r.Item4,
            ValidationMetric = r.Item5,
            ValidationCutoff = r.Item6,
            Seed = r.Item7,
            Threads = r.Item8,
        });
    }
}
