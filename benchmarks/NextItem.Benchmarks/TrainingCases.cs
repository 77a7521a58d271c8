namespace NextItem.Benchmarks;

/// <summary>A setting whose training is timed.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Options">2,048 samples and shared embedding where nothing else is said.</param>
/// <param name="Steps">Steps of a run, after a fifth of them as warm-up.</param>
/// <param name="AuthorsRate">Mini-batches/s of the authors' PyTorch version at its better thread count (one) on such a machine; NaN where not known.</param>
internal sealed record TrainingCase(string Name, Gru4RecOptions Options, int Steps, double AuthorsRate = double.NaN)
{
    /// <summary>How many models of the same options it learns from.</summary>
    public int Teachers { get; init; }
}

/// <summary>What is timed.</summary>
internal static class TrainingCases
{
    /// <summary>The published sizes, dropout and momentum as in the settings they stand for.</summary>
    public static readonly TrainingCase[] Published =
    [
        new("cross-entropy, 100 units, batch 32", new() { Layers = [100], BatchSize = 32, DropoutHidden = 0.4f, Momentum = 0.2f, LearningRate = 0.2f }, 1500, 237),
        new("bpr-max, 100 units, batch 32", new() { Loss = Loss.BprMax, Layers = [100], BatchSize = 32, DropoutHidden = 0.4f, Momentum = 0.2f, LearningRate = 0.1f }, 1500, 250),
        new("cross-entropy, 224 units, batch 80", new() { Layers = [224], BatchSize = 80, DropoutEmbedding = 0.5f, DropoutHidden = 0.05f, Momentum = 0.4f, LearningRate = 0.05f }, 400),
        new("bpr-max, 224 units, batch 80", new() { Loss = Loss.BprMax, ScoreRegularisation = 1.95f, Layers = [224], BatchSize = 80, DropoutEmbedding = 0.5f, DropoutHidden = 0.05f, Momentum = 0.4f, LearningRate = 0.05f }, 400, 82),
        new("cross-entropy, 512 units, batch 240", new() { Layers = [512], BatchSize = 240, DropoutEmbedding = 0.45f, LearningRate = 0.065f }, 100, 19.5),
    ];

    private static readonly Gru4RecOptions s_plain = new() { Layers = [100], BatchSize = 32, LearningRate = 0.05f };

    /// <summary>One setting, changed in one thing at a time: no loss, embedding, optimiser or option may be left on a slow path.</summary>
    public static readonly TrainingCase[] Variants =
    [
        new("plain: cross-entropy, shared, Adagrad", s_plain, 1500),
        .. Enum.GetValues<Loss>().Where(loss => loss != Loss.CrossEntropy).Select(loss => new TrainingCase($"loss {loss}", s_plain with { Loss = loss }, 1500)),
        .. Enum.GetValues<Optimizer>().Where(optimizer => optimizer != Optimizer.Adagrad).Select(optimizer => new TrainingCase($"optimiser {optimizer}", s_plain with { Optimizer = optimizer, LearningRate = 0.001f }, 1500)),
        new("momentum 0.2", s_plain with { Momentum = 0.2f }, 1500),
        new("embedding separate, 100", s_plain with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 100 }, 1500),
        new("embedding none (one-hot)", s_plain with { Embedding = EmbeddingMode.None }, 1500),
        new("reset after", s_plain with { Variant = GruVariant.ResetAfter }, 1500),
        new("two layers, 100 and 100", s_plain with { Layers = [100, 100] }, 1000),
        new("dropout, both 0.5", s_plain with { DropoutEmbedding = 0.5f, DropoutHidden = 0.5f }, 1500),
        new("final activation elu", s_plain with { Loss = Loss.BprMax, FinalActivation = FinalActivation.Elu(0.5f) }, 1500),
        new("final activation tanh", s_plain with { Loss = Loss.BprMax, FinalActivation = FinalActivation.Tanh }, 1500),
        new("negatives equal to the target masked", s_plain with { MaskTargets = true }, 1500),
        new("scores by cosine", s_plain with { CosineScale = 12 }, 1500),
        new("best 500 of the samples (needs two passes)", s_plain with { TopSamples = 500 }, 1500),
        new("distillation, three teachers of its size", s_plain with { Distillation = 0.5f }, 700) { Teachers = 3 },
        new("L2 penalty", s_plain with { L2Penalty = 1e-5f }, 1500),
        new("no samples, batch 32", s_plain with { NegativeSampleCount = 0 }, 6000),
        new("batch 16", s_plain with { BatchSize = 16 }, 2000),
        new("back-propagation through 4 steps", s_plain with { BackpropagationSteps = 4 }, 1000),
        new("gradient cap (needs two passes)", s_plain with { GradientCap = 5 }, 1000),
        new("label smoothing (needs two passes)", s_plain with { LabelSmoothing = 0.1f }, 500),
    ];
}
