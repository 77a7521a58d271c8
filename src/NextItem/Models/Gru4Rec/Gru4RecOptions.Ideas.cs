namespace NextItem;

/// <content>Ideas of later work on trial. Each is off by default; what does not win on two data sets goes again, and docs/results.md keeps what it gave.</content>
public sealed partial record Gru4RecOptions
{
    /// <summary>
    /// How many of a lane's negative columns its loss counts: those with the best corrected scores. Default 0: all of them. Only for
    /// cross-entropy without label smoothing, masked targets and teachers.
    /// </summary>
    /// <remarks>TRON, RecSys 2023.</remarks>
    public int TopSamples { get; init; }

    /// <summary>Share of the negative samples that is drawn uniformly instead of by <see cref="SampleAlpha"/>; the rest is drawn as before. Default 0.</summary>
    public float UniformShare { get; init; }

    /// <summary>
    /// Every mini-batch scores every item once, as an exact softmax does: no samples are drawn, and no popularity is corrected for.
    /// Default false. Only for cross-entropy, with <see cref="NegativeSampleCount"/> 0.
    /// </summary>
    public bool FullSoftmax { get; init; }

    /// <summary>The mean of a hidden state's elements is taken off them before its cosine: a layer normalisation of the output. Default false. Only with <see cref="CosineScale"/>.</summary>
    public bool CentredStates { get; init; }

    /// <summary>
    /// Scores are the product of an item's vector, as it is, and the hidden state's elements less their mean, scaled to this length, and the item's bias: a
    /// layer normalisation in place of cosines. Default 0: none. Not with <see cref="CosineScale"/>.
    /// </summary>
    public float LayerNormScale { get; init; }

    /// <summary>
    /// So many times the last item's direction is added to the hidden state before its cosine: a residual connection around the network. Default 0. Only
    /// with <see cref="CosineScale"/> and a shared embedding.
    /// </summary>
    public float ResidualWeight { get; init; }

    /// <summary>
    /// Classes of the time since the session's event before, each with a vector of its own that is added to the input: the first event's class, then
    /// powers of two of seconds. Default 0: time is no input.
    /// </summary>
    public int TimeClasses { get; init; }

    /// <summary>Classes of the event's place in its session, each with a vector of its own that is added to the input; the last one stands for all later places. Default 0: place is no input.</summary>
    public int PositionClasses { get; init; }

    /// <summary>The finished model's parameters are the mean of those after each of so many last epochs. Default 0: those after the last. Not with <see cref="Patience"/>.</summary>
    public int AveragedEpochs { get; init; }

    /// <summary>Whether any idea is on trial.</summary>
    internal bool HasIdeas =>
        TopSamples > 0 || UniformShare > 0 || FullSoftmax || CentredStates || LayerNormScale > 0 || ResidualWeight > 0 || TimeClasses > 0 || PositionClasses > 0 || AveragedEpochs > 0;

    /// <summary>Whether an idea on trial changes what a finished network computes, and not only how it is trained.</summary>
    internal bool HasIdeasOfNetwork => CentredStates || LayerNormScale > 0 || ResidualWeight > 0 || TimeClasses > 0 || PositionClasses > 0;

    /// <summary>Whether a mini-batch of one lane has nothing to learn from: a lane's negatives are the other lanes' targets alone.</summary>
    internal bool NeedsOtherLanes => NegativeSampleCount == 0 && !FullSoftmax;

    /// <summary>The most distinct items that a step scores.</summary>
    internal int MostColumns(int itemCount) => FullSoftmax ? itemCount : Math.Min(itemCount, BatchSize + NegativeSampleCount);

    private void ValidateIdeas(List<string> faults)
    {
        var isPlain = Loss == Loss.CrossEntropy && LabelSmoothing == 0 && !MaskTargets && Distillation == 0;
        AtLeast(faults, nameof(TopSamples), TopSamples, 0);
        if (TopSamples > 0 && !isPlain)
            faults.Add($"TopSamples is {TopSamples}; only CrossEntropy without LabelSmoothing, MaskTargets and Distillation has it: expected 0.");
        Between(faults, nameof(UniformShare), UniformShare, 0, 1, highIncluded: true);
        if (UniformShare > 0 && Distillation > 0)
            faults.Add($"UniformShare is {UniformShare} with Distillation {Distillation}; expected one of them, teachers are corrected for the sampler's popularity alone.");
        if (FullSoftmax && !(isPlain && NegativeSampleCount == 0 && TopSamples == 0))
            faults.Add("FullSoftmax is true; expected CrossEntropy without LabelSmoothing, MaskTargets, Distillation and TopSamples, and a NegativeSampleCount of 0.");
        if (CentredStates && CosineScale == 0)
            faults.Add("CentredStates is true and CosineScale 0; expected a CosineScale above 0.");
        NotNegative(faults, nameof(LayerNormScale), LayerNormScale);
        if (LayerNormScale > 0 && CosineScale > 0)
            faults.Add($"LayerNormScale is {LayerNormScale} and CosineScale {CosineScale}; expected one of them.");
        NotNegative(faults, nameof(ResidualWeight), ResidualWeight);
        if (ResidualWeight > 0 && !(CosineScale > 0 && Embedding == EmbeddingMode.Shared && !CentredStates && BackpropagationSteps == 1))
            faults.Add($"ResidualWeight is {ResidualWeight}; expected a CosineScale above 0, a Shared embedding, no CentredStates, and BackpropagationSteps 1.");
        if (TimeClasses is < 0 or > 64)
            faults.Add($"TimeClasses is {TimeClasses}; expected 0 to 64.");
        if (PositionClasses is < 0 or > 1024)
            faults.Add($"PositionClasses is {PositionClasses}; expected 0 to 1024.");
        if ((TimeClasses > 0 || PositionClasses > 0) && (Embedding == EmbeddingMode.None || BackpropagationSteps > 1))
            faults.Add($"TimeClasses is {TimeClasses} and PositionClasses {PositionClasses}; expected an embedding, to whose vectors theirs are added, and BackpropagationSteps 1.");
        AtLeast(faults, nameof(AveragedEpochs), AveragedEpochs, 0);
        if (AveragedEpochs > 0 && (Patience > 0 || AveragedEpochs > Epochs))
            faults.Add($"AveragedEpochs is {AveragedEpochs}, Patience {Patience} and Epochs {Epochs}; expected no Patience, and no more than there are Epochs.");
    }
}
