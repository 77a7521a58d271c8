using System.Globalization;

namespace NextItem.Cli.Settings;

/// <content>The way back: options as names and values.</content>
internal static partial class HyperparameterNames
{
    /// <summary>
    /// The options that matter for the loss and the optimiser, under the official names where there are any, in the order of the
    /// table: <c>--set</c> with these gives the same training, whatever was set before.
    /// </summary>
    public static IEnumerable<(string Name, string Value)> Describe(Gru4RecOptions options) =>
        Network(options).Concat(LossAndNegatives(options)).Concat(Passes(options)).Concat(Updates(options)).Concat(Run(options));

    /// <summary>The metric that early stopping goes by, such as mrr@20.</summary>
    public static string MetricOf(Gru4RecOptions options) => $"{Choices.NameOf(Choices.ValidationMetrics, options.ValidationMetric)}@{Text(options.ValidationCutoff)}";

    private static IEnumerable<(string Name, string Value)> Network(Gru4RecOptions o)
    {
        yield return ("layers", string.Join('/', o.Layers));
        yield return ("variant", Choices.NameOf(Choices.Variants, o.Variant));
        yield return ("constrained_embedding", Text(o.Embedding == EmbeddingMode.Shared));
        yield return ("embedding", o.Embedding != EmbeddingMode.Separate ? "0" : o.EmbeddingSize == 0 ? "layersize" : Text(o.EmbeddingSize));
    }

    private static IEnumerable<(string Name, string Value)> LossAndNegatives(Gru4RecOptions o)
    {
        yield return ("loss", Choices.NameOf(Choices.Losses, o.Loss));
        yield return ("final_act", (o.FinalActivation ?? FinalActivation.UsualOf(o.Loss)).ToString());
        if (o.Loss == Loss.BprMax)
            yield return ("bpreg", Text(o.ScoreRegularisation));
        if (o.Loss == Loss.CrossEntropy)
        {
            yield return ("smoothing", Text(o.LabelSmoothing));
            yield return ("logq", Text(o.LogQ));
        }

        if (o.Loss == Loss.SigmoidCrossEntropy)
            yield return ("gbce_t", Text(o.SigmoidCalibration));
        yield return ("cosine_scale", Text(o.CosineScale));
        yield return ("distillation", Text(o.Distillation));
        yield return ("mask_targets", Text(o.MaskTargets));
        yield return ("n_sample", Text(o.NegativeSampleCount));
        if (o.Loss == Loss.CrossEntropy)
            yield return ("top_samples", Text(o.TopSamples));
        yield return ("sample_alpha", Text(o.SampleAlpha));
    }

    private static IEnumerable<(string Name, string Value)> Passes(Gru4RecOptions o)
    {
        yield return ("n_epochs", Text(o.Epochs));
        yield return ("batch_size", Text(o.BatchSize));
        yield return ("time_sort", Text(o.SessionOrder != SessionOrder.File));
        yield return ("train_random_order", Text(o.SessionOrder == SessionOrder.Random));
        yield return ("bptt", Text(o.BackpropagationSteps));
        yield return ("dropout_p_embed", Text(o.DropoutEmbedding));
        yield return ("dropout_p_hidden", Text(o.DropoutHidden));
    }

    private static IEnumerable<(string Name, string Value)> Updates(Gru4RecOptions o)
    {
        yield return ("adapt", Choices.NameOf(Choices.Optimizers, o.Optimizer));
        yield return ("adapt_params", o.Optimizer switch
        {
            Optimizer.RmsProp or Optimizer.Adadelta => Text(o.OptimizerDecay),
            Optimizer.Adam => $"{Text(o.AdamBeta1)}/{Text(o.AdamBeta2)}",
            _ => "[]",
        });
        if (o.Optimizer != Optimizer.Sgd)
            yield return ("optimizer_epsilon", Text(o.OptimizerEpsilon));
        yield return ("learning_rate", Text(o.LearningRate));
        yield return ("learning_rate_decay", Text(o.LearningRateDecay));
        yield return ("momentum", Text(o.Momentum));
        yield return ("lmbd", Text(o.L2Penalty));
        yield return ("grad_cap", Text(o.GradientCap));
        yield return ("sigma", Text(o.InitialScale));
        yield return ("init_as_normal", Text(o.InitialNormal));
    }

    private static IEnumerable<(string Name, string Value)> Run(Gru4RecOptions o)
    {
        yield return ("patience", Text(o.Patience));
        if (o.Patience > 0)
            yield return ("validation_metric", MetricOf(o));
        yield return ("seed", Text(o.Seed));
        yield return ("threads", Text(o.Threads));
    }

    private static string Text(IConvertible value) => value.ToString(CultureInfo.InvariantCulture);
}
