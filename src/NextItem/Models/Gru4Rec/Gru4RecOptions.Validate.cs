namespace NextItem;

/// <content>What the options can be.</content>
public sealed partial record Gru4RecOptions
{
    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        ValidateNetwork(faults);
        ValidateLoss(faults);
        ValidateOptimizer(faults);
        AtLeast(faults, nameof(Epochs), Epochs, 1);
        AtLeast(faults, nameof(BatchSize), BatchSize, 1);
        AtMost(faults, nameof(BatchSize), BatchSize, 1 << 20); // so that no product of two sizes leaves its type, whatever file the options come from
        AtLeast(faults, nameof(NegativeSampleCount), NegativeSampleCount, 0);
        AtMost(faults, nameof(NegativeSampleCount), NegativeSampleCount, 1 << 24);
        if (BatchSize == 1 && NegativeSampleCount == 0)
            faults.Add("BatchSize is 1 and NegativeSampleCount is 0: no mini-batch would have a negative to learn from; expected at least 2 lanes, or 1 sample.");
        AtLeast(faults, nameof(Threads), Threads, 1);
        AtMost(faults, nameof(Threads), Threads, 1024);
        AtLeast(faults, nameof(Patience), Patience, 0);
        AtLeast(faults, nameof(ValidationCutoff), ValidationCutoff, 1);
        Known(faults, nameof(ValidationMetric), ValidationMetric);
        Known(faults, nameof(SessionOrder), SessionOrder);
        Between(faults, nameof(SampleAlpha), SampleAlpha, 0, 1, highIncluded: true);
        Between(faults, nameof(LogQ), LogQ, 0, 1, highIncluded: true);
        if (faults.Count > 0)
            throw new OptionsException(nameof(Gru4RecOptions), faults);
    }

    private void ValidateNetwork(List<string> faults)
    {
        if (Layers.IsDefaultOrEmpty)
            faults.Add("Layers is empty; expected at least one layer.");
        else if (Layers.Any(units => units is < 1 or > 65536))
            faults.Add($"Layers is {string.Join('/', Layers)}; expected 1 to 65536 units in each.");
        Known(faults, nameof(Variant), Variant);
        Known(faults, nameof(Embedding), Embedding);
        if (EmbeddingSize is < 0 or > 65536)
            faults.Add($"EmbeddingSize is {EmbeddingSize}; expected 1 to 65536, or 0 for as many as the first layer has units.");
        else if (EmbeddingSize > 0 && Embedding != EmbeddingMode.Separate)
            faults.Add($"EmbeddingSize is {EmbeddingSize}; only a separate embedding has a size of its own, Embedding is {Embedding}: expected 0.");
        Between(faults, nameof(DropoutEmbedding), DropoutEmbedding, 0, 1, highIncluded: false);
        Between(faults, nameof(DropoutHidden), DropoutHidden, 0, 1, highIncluded: false);
        if (DropoutEmbedding > 0 && Embedding == EmbeddingMode.None)
            faults.Add($"DropoutEmbedding is {DropoutEmbedding}, but Embedding is None: there is nothing to drop. Expected 0 (dropout_p_embed=0), or an embedding: Shared (constrained_embedding=True) or Separate (embedding=layersize).");
        NotNegative(faults, nameof(InitialScale), InitialScale);
        if (BackpropagationSteps is < 1 or > 64)
            faults.Add($"BackpropagationSteps is {BackpropagationSteps}; expected 1 to 64.");
    }

    private void ValidateLoss(List<string> faults)
    {
        Known(faults, nameof(Loss), Loss);
        NotNegative(faults, nameof(ScoreRegularisation), ScoreRegularisation);
        if (!(CosineScale is 0 or (>= 0.001f and <= 1000)))
            faults.Add($"CosineScale is {CosineScale}; expected 0.001 to 1000, or 0 for scores by product.");
        Between(faults, nameof(LabelSmoothing), LabelSmoothing, 0, 1, highIncluded: false);
        if (LabelSmoothing > 0 && Loss != Loss.CrossEntropy)
            faults.Add($"LabelSmoothing is {LabelSmoothing}; only CrossEntropy has it, Loss is {Loss}: expected 0.");
        Between(faults, nameof(Distillation), Distillation, 0, 1, highIncluded: true);
        if (Distillation > 0 && (Loss != Loss.CrossEntropy || LabelSmoothing > 0 || MaskTargets))
            faults.Add($"Distillation is {Distillation}; only CrossEntropy without LabelSmoothing and MaskTargets has it, Loss is {Loss}, LabelSmoothing {LabelSmoothing}, MaskTargets {MaskTargets}: expected 0.");
        ValidateTopSamples(faults);
        Between(faults, nameof(SigmoidCalibration), SigmoidCalibration, 0, 1, highIncluded: true);
        if (SigmoidCalibration > 0 && Loss != Loss.SigmoidCrossEntropy)
            faults.Add($"SigmoidCalibration is {SigmoidCalibration}; only SigmoidCrossEntropy has it, Loss is {Loss}: expected 0.");
        if (Loss == Loss.Top1PyGru4Rec && NegativeSampleCount != 0)
            faults.Add($"NegativeSampleCount is {NegativeSampleCount}; Top1PyGru4Rec compares with the mini-batch's own targets alone: expected 0.");
        if (FinalActivation is not { } activation)
            return;
        Known(faults, "FinalActivation", activation.Kind);
        if (activation.Kind == ActivationKind.Softmax && Loss != Loss.CrossEntropy)
            faults.Add($"FinalActivation is softmax, which is part of CrossEntropy; Loss is {Loss}: expected linear, relu, tanh, leaky-X, elu-X or selu-L-A.");
        NotNegative(faults, "FinalActivation's alpha", activation.Alpha);
        if (!(activation.Lambda > 0 && float.IsFinite(activation.Lambda)))
            faults.Add($"FinalActivation's lambda is {activation.Lambda}; expected a number above 0.");
    }

    private void ValidateTopSamples(List<string> faults)
    {
        AtLeast(faults, nameof(TopSamples), TopSamples, 0);
        var other = this switch
        {
            { Loss: not Loss.CrossEntropy } => $"Loss {Loss}",
            { LabelSmoothing: > 0 } => $"LabelSmoothing {LabelSmoothing}",
            { MaskTargets: true } => "MaskTargets True",
            { Distillation: > 0 } => $"Distillation {Distillation}",
            _ => null,
        };
        if (TopSamples > 0 && other is not null)
            faults.Add($"TopSamples is {TopSamples} and {other}; expected only one of them.");
    }

    private void ValidateOptimizer(List<string> faults)
    {
        Known(faults, nameof(Optimizer), Optimizer);
        Above(faults, nameof(LearningRate), LearningRate);
        if (!(LearningRateDecay > 0 && LearningRateDecay <= 1))
            faults.Add($"LearningRateDecay is {LearningRateDecay}; expected a number above 0, 1 at most.");
        Between(faults, nameof(Momentum), Momentum, 0, 1, highIncluded: false);
        if (Momentum > 0 && Optimizer == Optimizer.Adam)
            faults.Add($"Momentum is {Momentum}; Adam has its own, AdamBeta1: expected 0.");
        Between(faults, nameof(OptimizerDecay), OptimizerDecay, 0, 1, highIncluded: false);
        Between(faults, nameof(AdamBeta1), AdamBeta1, 0, 1, highIncluded: false);
        Between(faults, nameof(AdamBeta2), AdamBeta2, 0, 1, highIncluded: false);
        Above(faults, nameof(OptimizerEpsilon), OptimizerEpsilon);
        NotNegative(faults, nameof(L2Penalty), L2Penalty);
        NotNegative(faults, nameof(GradientCap), GradientCap);
    }

    private static void Known<TEnum>(List<string> faults, string name, TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            faults.Add($"{name} is {value}; expected one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
    }

    private static void AtLeast(List<string> faults, string name, int value, int least)
    {
        if (value < least)
            faults.Add($"{name} is {value}; expected at least {least}.");
    }

    private static void AtMost(List<string> faults, string name, int value, int most)
    {
        if (value > most)
            faults.Add($"{name} is {value}; expected at most {most}.");
    }

    private static void Above(List<string> faults, string name, float value)
    {
        if (!(value > 0 && float.IsFinite(value)))
            faults.Add($"{name} is {value}; expected a number above 0.");
    }

    private static void NotNegative(List<string> faults, string name, float value)
    {
        if (!(value >= 0 && float.IsFinite(value)))
            faults.Add($"{name} is {value}; expected 0 or more.");
    }

    private static void Between(List<string> faults, string name, float value, float low, float high, bool highIncluded)
    {
        if (!(value >= low && (highIncluded ? value <= high : value < high)))
            faults.Add($"{name} is {value}; expected {low} to {high}{(highIncluded ? "" : ", without the latter")}.");
    }
}
