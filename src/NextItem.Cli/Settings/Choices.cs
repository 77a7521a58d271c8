namespace NextItem.Cli.Settings;

/// <summary>The words for the values of the options that have named ones. Of several for one value, the first is printed.</summary>
internal static class Choices
{
    public static readonly (string Name, Loss Value)[] Losses =
    [
        ("cross-entropy", Loss.CrossEntropy), ("xe_logit", Loss.CrossEntropy), ("bpr-max", Loss.BprMax), ("top1-max", Loss.Top1Max), ("bpr", Loss.Bpr),
        ("bpr-sum", Loss.BprSum), ("top1", Loss.Top1), ("sigmoid-cross-entropy", Loss.SigmoidCrossEntropy), ("top1-pygru4rec", Loss.Top1PyGru4Rec),
    ];

    public static readonly (string Name, GruVariant Value)[] Variants =
        [("reset-before", GruVariant.ResetBefore), ("reset-after", GruVariant.ResetAfter)];

    public static readonly (string Name, EmbeddingMode Value)[] EmbeddingModes =
        [("shared", EmbeddingMode.Shared), ("separate", EmbeddingMode.Separate), ("none", EmbeddingMode.None)];

    /// <summary>The official code writes None, and a JSON file null, for the gradient as it is.</summary>
    public static readonly (string Name, Optimizer Value)[] Optimizers =
    [
        ("adagrad", Optimizer.Adagrad), ("rmsprop", Optimizer.RmsProp), ("adadelta", Optimizer.Adadelta), ("adam", Optimizer.Adam), ("sgd", Optimizer.Sgd),
        ("None", Optimizer.Sgd), ("null", Optimizer.Sgd),
    ];

    public static readonly (string Name, SessionOrder Value)[] SessionOrders =
        [("by-time", SessionOrder.ByTime), ("random", SessionOrder.Random), ("file", SessionOrder.File)];

    public static readonly (string Name, ValidationMetric Value)[] ValidationMetrics = [("mrr", ValidationMetric.Mrr), ("recall", ValidationMetric.Recall)];

    public static readonly (string Name, BprNegatives Value)[] BprNegatives = [("events", NextItem.BprNegatives.Events), ("items", NextItem.BprNegatives.Items)];

    public static readonly (string Name, PrnnArchitecture Value)[] Architectures =
    [
        ("parallel", PrnnArchitecture.Parallel), ("id-only", PrnnArchitecture.IdOnly), ("feature-only", PrnnArchitecture.FeatureOnly),
        ("concatenated", PrnnArchitecture.Concatenated), ("shared-weights", PrnnArchitecture.SharedWeights), ("interaction", PrnnArchitecture.Interaction),
    ];

    public static readonly (string Name, TrainingStrategy Value)[] Strategies =
    [
        ("interleaving", TrainingStrategy.Interleaving), ("residual", TrainingStrategy.Residual), ("alternating", TrainingStrategy.Alternating),
        ("simultaneous", TrainingStrategy.Simultaneous),
    ];

    /// <summary>The word for a value.</summary>
    public static string NameOf<T>((string Name, T Value)[] choices, T value)
        where T : struct, Enum => Array.Find(choices, choice => choice.Value.Equals(value)).Name;
}
