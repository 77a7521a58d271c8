using System.Runtime.InteropServices;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Models;

public class Gru4RecOptionsTests
{
    private static readonly SessionSet s_train = Generated.Sessions(50, 40, seed: 4);

    private static readonly SessionSet s_validation = Generated.Sessions(30, 40, seed: 5, catalog: s_train.Catalog);

    private static readonly Gru4RecOptions s_base = new()
    {
        Layers = [8],
        Epochs = 2,
        BatchSize = 20,
        NegativeSampleCount = 12,
        LogQ = 0.5f,
        SampleAlpha = 0.25f,
    };

    private static readonly ISessionModel s_teacher = Trainer.Fit(s_train, s_base with { Epochs = 1, Layers = [5] }).Model;

    /// <summary>A different value for every option.</summary>
    private static readonly Dictionary<string, Func<Gru4RecOptions, Gru4RecOptions>> s_changes = new()
    {
        [nameof(Gru4RecOptions.Layers)] = options => options with { Layers = [8, 8] },
        [nameof(Gru4RecOptions.Variant)] = options => options with { Variant = GruVariant.ResetAfter },
        [nameof(Gru4RecOptions.Epochs)] = options => options with { Epochs = 3 },
        [nameof(Gru4RecOptions.BatchSize)] = options => options with { BatchSize = 19 },
        [nameof(Gru4RecOptions.DropoutEmbedding)] = options => options with { DropoutEmbedding = 0.2f },
        [nameof(Gru4RecOptions.DropoutHidden)] = options => options with { DropoutHidden = 0.2f },
        [nameof(Gru4RecOptions.BackpropagationSteps)] = options => options with { BackpropagationSteps = 2 },
        [nameof(Gru4RecOptions.LearningRate)] = options => options with { LearningRate = 0.06f },
        [nameof(Gru4RecOptions.Momentum)] = options => options with { Momentum = 0.1f },
        [nameof(Gru4RecOptions.NegativeSampleCount)] = options => options with { NegativeSampleCount = 13 },
        [nameof(Gru4RecOptions.SampleAlpha)] = options => options with { SampleAlpha = 0.75f },
        [nameof(Gru4RecOptions.LogQ)] = options => options with { LogQ = 1 },
        [nameof(Gru4RecOptions.Embedding)] = options => options with { Embedding = EmbeddingMode.None },
        [nameof(Gru4RecOptions.EmbeddingSize)] = options => options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 5 },
        [nameof(Gru4RecOptions.Loss)] = options => options with { Loss = Loss.Top1Max },
        [nameof(Gru4RecOptions.FinalActivation)] = options => options with { FinalActivation = FinalActivation.Tanh },
        [nameof(Gru4RecOptions.ScoreRegularisation)] = options => options with { Loss = Loss.BprMax, ScoreRegularisation = 0.5f },
        [nameof(Gru4RecOptions.LabelSmoothing)] = options => options with { LabelSmoothing = 0.1f },
        [nameof(Gru4RecOptions.SigmoidCalibration)] = options => options with { Loss = Loss.SigmoidCrossEntropy, SigmoidCalibration = 0.5f },
        [nameof(Gru4RecOptions.CosineScale)] = options => options with { CosineScale = 8 },
        [nameof(Gru4RecOptions.Distillation)] = options => options with { Distillation = 0.3f },
        [nameof(Gru4RecOptions.MaskTargets)] = options => options with { MaskTargets = true },
        [nameof(Gru4RecOptions.TopSamples)] = options => options with { TopSamples = 5 },
        [nameof(Gru4RecOptions.SessionOrder)] = options => options with { SessionOrder = SessionOrder.Random },
        [nameof(Gru4RecOptions.Optimizer)] = options => options with { Optimizer = Optimizer.Sgd },
        [nameof(Gru4RecOptions.LearningRateDecay)] = options => options with { LearningRateDecay = 0.5f },
        [nameof(Gru4RecOptions.OptimizerDecay)] = options => options with { Optimizer = Optimizer.RmsProp, OptimizerDecay = 0.8f },
        [nameof(Gru4RecOptions.AdamBeta1)] = options => options with { Optimizer = Optimizer.Adam, AdamBeta1 = 0.8f },
        [nameof(Gru4RecOptions.AdamBeta2)] = options => options with { Optimizer = Optimizer.Adam, AdamBeta2 = 0.9f },
        [nameof(Gru4RecOptions.OptimizerEpsilon)] = options => options with { OptimizerEpsilon = 1e-3f },
        [nameof(Gru4RecOptions.L2Penalty)] = options => options with { L2Penalty = 0.01f },
        [nameof(Gru4RecOptions.GradientCap)] = options => options with { GradientCap = 0.1f },
        [nameof(Gru4RecOptions.InitialScale)] = options => options with { InitialScale = 0.2f },
        [nameof(Gru4RecOptions.InitialNormal)] = options => options with { InitialNormal = true },
        [nameof(Gru4RecOptions.Patience)] = options => options with { Epochs = 8, LearningRate = 0.5f, Patience = 1 },
        [nameof(Gru4RecOptions.ValidationMetric)] = options => options with { Epochs = 4, Patience = 4, ValidationMetric = ValidationMetric.Recall, ValidationCutoff = 40 },
        [nameof(Gru4RecOptions.ValidationCutoff)] = options => options with { Epochs = 4, Patience = 4, ValidationMetric = ValidationMetric.Recall, ValidationCutoff = 40 },
        [nameof(Gru4RecOptions.Seed)] = options => options with { Seed = 43 },
        [nameof(Gru4RecOptions.Threads)] = options => options with { Threads = 2 },
    };

    public static TheoryData<string> Names => [.. typeof(Gru4RecOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    // Recall@40 of 40 items is 1 in every epoch, so that the first is the best by it.

    /// <summary>What an option needs beside it to have an effect; without it the same comparison would see the neighbour's.</summary>
    private static readonly Dictionary<string, Func<Gru4RecOptions, Gru4RecOptions>> s_neighbours = new()
    {
        [nameof(Gru4RecOptions.EmbeddingSize)] = options => options with { Embedding = EmbeddingMode.Separate },
        [nameof(Gru4RecOptions.ScoreRegularisation)] = options => options with { Loss = Loss.BprMax },
        [nameof(Gru4RecOptions.SigmoidCalibration)] = options => options with { Loss = Loss.SigmoidCrossEntropy },
        [nameof(Gru4RecOptions.Distillation)] = options => options with { Distillation = 0.6f },
        [nameof(Gru4RecOptions.OptimizerDecay)] = options => options with { Optimizer = Optimizer.RmsProp },
        [nameof(Gru4RecOptions.AdamBeta1)] = options => options with { Optimizer = Optimizer.Adam },
        [nameof(Gru4RecOptions.AdamBeta2)] = options => options with { Optimizer = Optimizer.Adam },
        [nameof(Gru4RecOptions.Patience)] = options => options with { Epochs = 8, LearningRate = 0.5f },
        [nameof(Gru4RecOptions.ValidationMetric)] = options => options with { Epochs = 4, Patience = 4, ValidationCutoff = 40 },
        [nameof(Gru4RecOptions.ValidationCutoff)] = options => options with { Epochs = 4, Patience = 4, ValidationMetric = ValidationMetric.Recall },
    };

    [Theory, MemberData(nameof(Names))]
    public void Fit_OptionChangedAndSetBack_DiffersIsFiniteAndComesBack(string name)
    {
        var baseOptions = s_neighbours.GetValueOrDefault(name, options => options)(s_base);
        var changedOptions = s_changes[name](baseOptions);
        var before = Parameters(baseOptions);
        var changed = Parameters(changedOptions);
        Assert.All(changed, value => Assert.True(float.IsFinite(value)));
        Assert.False(Same(before, changed), $"{name} changes nothing");
        Assert.True(Same(before, Parameters(baseOptions)), $"{name} set back does not give the same bytes");

        // The record's own equality sees every option too.
        Assert.NotEqual(baseOptions, changedOptions);
        Assert.Equal(changedOptions, s_changes[name](baseOptions with { }));
        Assert.Equal(changedOptions.GetHashCode(), s_changes[name](baseOptions with { }).GetHashCode());
    }

    [Fact]
    public void Defaults_AreThoseOfTheAuthorsCurrentVersion()
    {
        var options = new Gru4RecOptions();
        options.Validate();
        Assert.Equal([100], options.Layers);
        Assert.Equal((10, 64, 0f, 0f, 0.05f, 0f), (options.Epochs, options.BatchSize, options.DropoutEmbedding, options.DropoutHidden, options.LearningRate, options.Momentum));
        Assert.Equal((2048, 0.5f, 1f, 1), (options.NegativeSampleCount, options.SampleAlpha, options.LogQ, options.Threads));
    }

    public static TheoryData<string> Faults =>
    [
        "Layers is empty", "Layers is 5/0", "Layers is 65537", "Variant is 7", "Epochs is 0", "BatchSize is 0", "NegativeSampleCount is -1", "Threads is 0", "BatchSize is 1048577", "NegativeSampleCount is 16777217", "Threads is 1025",
        "DropoutEmbedding is 1;", "DropoutHidden is -0.1", "DropoutHidden is NaN", "Momentum is 1;", "SampleAlpha is 1.5", "SampleAlpha is -0.5", "LogQ is 1.1",
        "LogQ is NaN", "LearningRate is 0;", "LearningRate is NaN", "LearningRate is Infinity", "LearningRate is -1", "BackpropagationSteps is 0", "BackpropagationSteps is 65",
    ];

    [Theory, MemberData(nameof(Faults))]
    public void Validate_OneFault_NamesItWithItsValue(string fault)
    {
        Gru4RecOptions wrong = fault switch
        {
            "Layers is empty" => new() { Layers = [] },
            "Layers is 5/0" => new() { Layers = [5, 0] },
            "Layers is 65537" => new() { Layers = [65537] },
            "Variant is 7" => new() { Variant = (GruVariant)7 },
            "Epochs is 0" => new() { Epochs = 0 },
            "BatchSize is 0" => new() { BatchSize = 0 },
            "NegativeSampleCount is -1" => new() { NegativeSampleCount = -1 },
            "Threads is 0" => new() { Threads = 0 },
            "BatchSize is 1048577" => new() { BatchSize = 1_048_577 },
            "NegativeSampleCount is 16777217" => new() { NegativeSampleCount = 16_777_217 },
            "Threads is 1025" => new() { Threads = 1025 },
            "DropoutEmbedding is 1;" => new() { DropoutEmbedding = 1 },
            "DropoutHidden is -0.1" => new() { DropoutHidden = -0.1f },
            "DropoutHidden is NaN" => new() { DropoutHidden = float.NaN },
            "Momentum is 1;" => new() { Momentum = 1 },
            "SampleAlpha is 1.5" => new() { SampleAlpha = 1.5f },
            "SampleAlpha is -0.5" => new() { SampleAlpha = -0.5f },
            "LogQ is 1.1" => new() { LogQ = 1.1f },
            "LogQ is NaN" => new() { LogQ = float.NaN },
            "LearningRate is 0;" => new() { LearningRate = 0 },
            "BackpropagationSteps is 0" => new() { BackpropagationSteps = 0 },
            "BackpropagationSteps is 65" => new() { BackpropagationSteps = 65 },
            "LearningRate is NaN" => new() { LearningRate = float.NaN },
            "LearningRate is Infinity" => new() { LearningRate = float.PositiveInfinity },
            _ => new() { LearningRate = -1 },
        };
        var thrown = Assert.Throws<OptionsException>(wrong.Validate);
        Assert.StartsWith($"Gru4RecOptions: {fault}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("expected", Assert.Single(thrown.Faults), StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => Trainer.Fit(s_train, wrong));
    }

    private static readonly Dictionary<string, Gru4RecOptions> s_wrong = new()
    {
        ["BatchSize is 1 and NegativeSampleCount is 0"] = new() { BatchSize = 1, NegativeSampleCount = 0 },
        ["Embedding is 7"] = new() { Embedding = (EmbeddingMode)7 },
        ["EmbeddingSize is -1"] = new() { EmbeddingSize = -1 },
        ["EmbeddingSize is 8; only a separate embedding"] = new() { EmbeddingSize = 8 },
        ["DropoutEmbedding is 0.1, but Embedding is None"] = new() { DropoutEmbedding = 0.1f, Embedding = EmbeddingMode.None },
        ["InitialScale is -1"] = new() { InitialScale = -1 },
        ["Loss is 99"] = new() { Loss = (Loss)99 },
        ["ScoreRegularisation is NaN"] = new() { ScoreRegularisation = float.NaN },
        ["CosineScale is -1"] = new() { CosineScale = -1 },
        ["CosineScale is NaN"] = new() { CosineScale = float.NaN },
        ["CosineScale is 0.0001; expected 0.001 to 1000"] = new() { CosineScale = 0.0001f },
        ["CosineScale is 1001; expected 0.001 to 1000"] = new() { CosineScale = 1001 },
        ["Distillation is 1.1"] = new() { Distillation = 1.1f },
        ["Distillation is NaN"] = new() { Distillation = float.NaN },
        ["Distillation is 0.5; only CrossEntropy without LabelSmoothing and MaskTargets has it, Loss is BprMax"] = new() { Distillation = 0.5f, Loss = Loss.BprMax },
        ["Distillation is 0.5; only CrossEntropy without LabelSmoothing"] = new() { Distillation = 0.5f, LabelSmoothing = 0.1f },
        ["Distillation is 0.5; only CrossEntropy without LabelSmoothing and MaskTargets has it, Loss is CrossEntropy, LabelSmoothing 0, MaskTargets True"] = new() { Distillation = 0.5f, MaskTargets = true },
        ["LabelSmoothing is 1;"] = new() { LabelSmoothing = 1 },
        ["LabelSmoothing is 0.1; only CrossEntropy"] = new() { LabelSmoothing = 0.1f, Loss = Loss.BprMax },
        ["SigmoidCalibration is 2"] = new() { SigmoidCalibration = 2, Loss = Loss.SigmoidCrossEntropy },
        ["SigmoidCalibration is 0.5; only SigmoidCrossEntropy"] = new() { SigmoidCalibration = 0.5f },
        ["NegativeSampleCount is 2048; Top1PyGru4Rec"] = new() { Loss = Loss.Top1PyGru4Rec },
        ["FinalActivation is 9"] = new() { FinalActivation = new FinalActivation { Kind = (ActivationKind)9 } },
        ["FinalActivation is softmax"] = new() { Loss = Loss.Bpr, FinalActivation = FinalActivation.Softmax },
        ["FinalActivation's alpha is -1"] = new() { FinalActivation = FinalActivation.Elu(-1) },
        ["FinalActivation's lambda is 0"] = new() { FinalActivation = FinalActivation.Selu(0, 1) },
        ["Optimizer is 9"] = new() { Optimizer = (Optimizer)9 },
        ["LearningRateDecay is 0"] = new() { LearningRateDecay = 0 },
        ["LearningRateDecay is 1.1"] = new() { LearningRateDecay = 1.1f },
        ["Momentum is 0.1; Adam"] = new() { Momentum = 0.1f, Optimizer = Optimizer.Adam },
        ["OptimizerDecay is 1;"] = new() { OptimizerDecay = 1 },
        ["AdamBeta1 is -0.1"] = new() { AdamBeta1 = -0.1f },
        ["AdamBeta2 is 1;"] = new() { AdamBeta2 = 1 },
        ["OptimizerEpsilon is 0"] = new() { OptimizerEpsilon = 0 },
        ["L2Penalty is -1"] = new() { L2Penalty = -1 },
        ["GradientCap is Infinity"] = new() { GradientCap = float.PositiveInfinity },
        ["SessionOrder is 9"] = new() { SessionOrder = (SessionOrder)9 },
        ["Patience is -1"] = new() { Patience = -1 },
        ["ValidationMetric is 9"] = new() { ValidationMetric = (ValidationMetric)9 },
        ["ValidationCutoff is 0"] = new() { ValidationCutoff = 0 },
    };

    public static TheoryData<string> MoreFaults => [.. s_wrong.Keys];

    [Theory, MemberData(nameof(MoreFaults))]
    public void Validate_OneFaultOfLossOrTraining_NamesItWithItsValue(string fault)
    {
        var thrown = Assert.Throws<OptionsException>(s_wrong[fault].Validate);
        Assert.StartsWith($"Gru4RecOptions: {fault}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("xpected", Assert.Single(thrown.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SeveralFaults_NamesAll()
    {
        var wrong = new Gru4RecOptions { BatchSize = 0, LogQ = 2, Layers = default };
        var thrown = Assert.Throws<OptionsException>(wrong.Validate);
        Assert.Equal(
            ["Layers is empty; expected at least one layer.", "BatchSize is 0; expected at least 1.", "LogQ is 2; expected 0 to 1."], thrown.Faults);
        Assert.NotEqual(wrong, new Gru4RecOptions());
        Assert.Equal(wrong, wrong with { });
        Assert.Equal(wrong.GetHashCode(), (wrong with { }).GetHashCode());
    }

    private static float[] Parameters(Gru4RecOptions options)
    {
        var context = new TrainingContext { Validation = options.Patience > 0 ? s_validation : null, Teachers = options.Distillation > 0 ? [s_teacher] : [] };
        var model = (Gru4RecModel)Trainer.Fit(s_train, options, context).Model;
        var values = new List<float>();
        foreach (var table in model.Parameters.All.Tables)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var i = 0; i < table.Blocks * table.BlockColumns; i++)
                    values.Add(table.At(row, i / table.BlockColumns, i % table.BlockColumns));
            }
        }

        return [.. values];
    }

    private static bool Same(float[] a, float[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
