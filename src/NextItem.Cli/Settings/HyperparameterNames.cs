using NextItem.Cli.Output;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>
/// Hyperparameters by name: ours and the official GRU4Rec's, so that a published setting can be pasted in. Case, '_' and '-'
/// do not matter. An unknown name is an error that suggests the nearest one.
/// </summary>
internal static partial class HyperparameterNames
{
    private static readonly Hyperparameter[] s_all =
    [
        new("layers", [], (o, v) => o with { Layers = v.Ints() }),
        new("variant", ["gru_variant"], (o, v) => o with { Variant = v.OneOf(Choices.Variants) }),
        new("hidden_act", [], (o, v) => Plain(v.Text) == "tanh" ? o : throw v.Expected("tanh, the only activation of a GRU's candidate state here; the authors advise to leave it")),

        // Before the mode: an embedding alone is a separate one, and constrained_embedding and embedding_mode have the last word.
        new("embedding_size", ["embedding"], SetEmbeddingSize) { Turn = Hyperparameter.First },
        new("constrained_embedding", [], SetConstrainedEmbedding) { Replaces = ["embedding_mode"] },
        new("embedding_mode", [], (o, v) => o with { Embedding = v.OneOf(Choices.EmbeddingModes) }) { Replaces = ["constrained_embedding"] },

        new("loss", [], (o, v) => o with { Loss = v.OneOf(Choices.Losses) }) { Turn = Hyperparameter.First },
        new("final_activation", ["final_act"], SetFinalActivation),
        new("elu_param", [], SetEluParameter),
        new("score_regularisation", ["bpreg"], (o, v) => o with { ScoreRegularisation = v.Float() }),
        new("label_smoothing", ["smoothing"], (o, v) => o with { LabelSmoothing = v.Float() }),
        new("sigmoid_calibration", ["gbce_t"], (o, v) => o with { SigmoidCalibration = v.Float() }),
        new("mask_targets", [], (o, v) => o with { MaskTargets = v.Bool() }),
        new("cosine_scale", [], (o, v) => o with { CosineScale = v.Float() }),
        new("distillation", [], (o, v) => o with { Distillation = v.Float() }),
        new("negative_sample_count", ["n_sample"], (o, v) => o with { NegativeSampleCount = v.Int() }),
        new("top_samples", [], (o, v) => o with { TopSamples = v.Int() }),
        new("sample_alpha", [], (o, v) => o with { SampleAlpha = v.Float() }),
        new("logq", [], (o, v) => o with { LogQ = v.Float() }),

        new("epochs", ["n_epochs"], (o, v) => o with { Epochs = v.Int() }),
        new("batch_size", [], (o, v) => o with { BatchSize = v.Int() }),
        new("session_order", [], (o, v) => o with { SessionOrder = v.OneOf(Choices.SessionOrders) }) { Replaces = ["time_sort", "train_random_order"] },
        new("time_sort", [], (o, v) => o with { SessionOrder = v.Bool() ? SessionOrder.ByTime : SessionOrder.File }) { Replaces = ["session_order"] },
        new("train_random_order", [], SetRandomOrder) { Replaces = ["session_order"], Turn = Hyperparameter.Last },
        new("bptt", ["backpropagation_steps"], (o, v) => o with { BackpropagationSteps = v.Int() }),
        new("dropout_embedding", ["dropout_p_embed"], (o, v) => o with { DropoutEmbedding = v.Float() }),
        new("dropout_hidden", ["dropout_p_hidden"], (o, v) => o with { DropoutHidden = v.Float() }),

        new("optimizer", ["adapt"], (o, v) => o with { Optimizer = v.OneOf(Choices.Optimizers) }) { Turn = Hyperparameter.First },
        new("adapt_params", [], SetOptimizerParameters),
        new("optimizer_decay", [], (o, v) => o with { OptimizerDecay = v.Float() }),
        new("adam_beta1", [], (o, v) => o with { AdamBeta1 = v.Float() }),
        new("adam_beta2", [], (o, v) => o with { AdamBeta2 = v.Float() }),
        new("optimizer_epsilon", [], (o, v) => o with { OptimizerEpsilon = v.Float() }),
        new("learning_rate", ["lr"], (o, v) => o with { LearningRate = v.Float() }),
        new("learning_rate_decay", [], (o, v) => o with { LearningRateDecay = v.Float() }),
        new("momentum", [], (o, v) => o with { Momentum = v.Float() }),
        new("l2_penalty", ["lmbd"], (o, v) => o with { L2Penalty = v.Float() }),
        new("gradient_cap", ["grad_cap"], (o, v) => o with { GradientCap = v.Float() }),
        new("initial_scale", ["sigma"], (o, v) => o with { InitialScale = v.Float() }),
        new("initial_normal", ["init_as_normal"], (o, v) => o with { InitialNormal = v.Bool() }),

        new("patience", [], (o, v) => o with { Patience = v.Int() }),
        new("validation_metric", [], SetValidationMetric),
        new("validation_cutoff", [], (o, v) => o with { ValidationCutoff = v.Int() }),
        new("seed", [], (o, v) => o with { Seed = v.ULong() }),
        new("threads", [], (o, v) => o with { Threads = v.Int() }),
    ];

    /// <summary>Every name that is understood.</summary>
    public static IEnumerable<string> All => s_all.SelectMany(hyperparameter => hyperparameter.Names);

    /// <summary>Which hyperparameter a name means.</summary>
    /// <exception cref="UsageException">None; the message suggests the nearest.</exception>
    public static Hyperparameter Find(string name)
    {
        var plain = Plain(name);
        if (Array.Find(s_all, hyperparameter => hyperparameter.Names.Any(known => Plain(known) == plain)) is { } found)
            return found;
        var nearest = All.MinBy(candidate => EditDistance.Between(Plain(candidate), plain))!;
        var isNear = EditDistance.Between(Plain(nearest), plain) <= Math.Max(2, plain.Length / 3);
        throw new UsageException($"There is no hyperparameter '{name}'. {(isNear ? $"Did you mean '{nearest}'?" : $"All: {string.Join(", ", All)}.")}");
    }

    /// <summary>A name without what does not matter in it.</summary>
    public static string Plain(string name) => name.Trim().Replace("_", "").Replace("-", "").ToLowerInvariant();

    private static Gru4RecOptions SetEmbeddingSize(Gru4RecOptions options, SettingValue value)
    {
        if (Plain(value.Text) == "layersize")
            return options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 0 };
        if (!int.TryParse(value.Text, out _))
            throw value.Expected("0, a whole number or layersize (as many as the first layer has units)");
        var size = value.Int();
        return (size, options.Embedding) switch
        {
            (not 0, _) => options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = size },
            (0, EmbeddingMode.Separate) => options with { Embedding = EmbeddingMode.None, EmbeddingSize = 0 },
            _ => options,
        };
    }

    /// <summary>As in the official code, True wins over any embedding.</summary>
    private static Gru4RecOptions SetConstrainedEmbedding(Gru4RecOptions options, SettingValue value) => (value.Bool(), options.Embedding) switch
    {
        (true, _) => options with { Embedding = EmbeddingMode.Shared, EmbeddingSize = 0 },
        (false, EmbeddingMode.Separate) => options,
        (false, _) => options with { Embedding = EmbeddingMode.None },
    };

    /// <summary>As in the official code, True wins over time_sort, and False leaves it to that.</summary>
    private static Gru4RecOptions SetRandomOrder(Gru4RecOptions options, SettingValue value) => (value.Bool(), options.SessionOrder) switch
    {
        (true, _) => options with { SessionOrder = SessionOrder.Random },
        (false, SessionOrder.Random) => options with { SessionOrder = SessionOrder.ByTime },
        _ => options,
    };

    private static Gru4RecOptions SetFinalActivation(Gru4RecOptions options, SettingValue value) => options with
    {
        FinalActivation = FinalActivation.Parse(value.Text)
            ?? throw value.Expected("linear, relu, tanh, softmax, leaky-X, elu-X or selu-L-A with numbers of at least 0, as in elu-0.5"),
    };

    /// <summary>The PyTorch version's word for BPR-max's final activation; its other loss does not look at it.</summary>
    private static Gru4RecOptions SetEluParameter(Gru4RecOptions options, SettingValue value)
    {
        var alpha = value.Float();
        if (options.Loss != Loss.BprMax)
            return options;
        return options with { FinalActivation = alpha == 0 ? FinalActivation.Linear : FinalActivation.Elu(alpha) };
    }

    private static Gru4RecOptions SetOptimizerParameters(Gru4RecOptions options, SettingValue value) => (options.Optimizer, value.Floats()) switch
    {
        (_, []) => options,
        (Optimizer.RmsProp or Optimizer.Adadelta, [var decay]) => options with { OptimizerDecay = decay },
        (Optimizer.Adam, [var beta1]) => options with { AdamBeta1 = beta1 },
        (Optimizer.Adam, [var beta1, var beta2]) => options with { AdamBeta1 = beta1, AdamBeta2 = beta2 },
        (Optimizer.Adam, _) => throw value.Expected("beta1/beta2 at most, what adam has"),
        (Optimizer.RmsProp or Optimizer.Adadelta, _) => throw value.Expected($"one number at most, the decay of {Choices.NameOf(Choices.Optimizers, options.Optimizer)}"),
        _ => throw value.Expected($"none, for {Choices.NameOf(Choices.Optimizers, options.Optimizer)} has no parameters of its own: adapt_params=[]"),
    };

    private static Gru4RecOptions SetValidationMetric(Gru4RecOptions options, SettingValue value)
    {
        var parts = value.Text.Split('@', 2);
        var metric = Array.Find(Choices.ValidationMetrics, choice => choice.Name == Plain(parts[0]));
        var cutoff = options.ValidationCutoff;
        if (metric.Name is null || (parts.Length == 2 && !int.TryParse(parts[1], out cutoff)))
            throw value.Expected("mrr@K or recall@K, as in mrr@20");
        return options with { ValidationMetric = metric.Value, ValidationCutoff = cutoff };
    }
}
