namespace NextItem;

/// <content>What the options can be.</content>
public sealed partial record PrnnOptions
{
    private const int MostEpochs = 1_000_000;

    /// <summary>Checks every option, those of <see cref="Training"/> too.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate() => Validate(FaultsOf());

    /// <summary>Checks every option against the features that there are.</summary>
    /// <param name="blocks">Names of the blocks of features.</param>
    /// <exception cref="OptionsException">At least one is out of range, or does not fit them; all faults are listed.</exception>
    internal void Validate(IReadOnlyList<string> blocks)
    {
        var faults = FaultsOf();
        Validate(faults); // names and units below rest on them
        if (HasFeatures && blocks.Count == 0)
            faults.Add($"Architecture is {Architecture}, but there are no item features; expected some, or IdOnly.");
        if (!HasFeatures && blocks.Count > 0)
            faults.Add($"Architecture is IdOnly, which has no use for the item features that are given ({string.Join(", ", blocks)}); expected none, or another architecture.");
        if (blocks.Contains(Id) && Architecture is not PrnnArchitecture.FeatureOnly)
            faults.Add($"A block of features is called '{Id}', as the item's subnet is; expected another name.");
        string[] names = [.. NamesOf(blocks)];
        foreach (var subnet in Subnets.Select(subnet => subnet.Name).Where(name => !names.Contains(name)))
            faults.Add($"There is no subnet '{subnet}'; expected one of {string.Join(", ", names)}.");
        var units = names.Select(name => Of(name).Units ?? Training.Layers[0]).ToArray();
        if (Architecture is PrnnArchitecture.SharedWeights or PrnnArchitecture.Interaction && units.Distinct().Count() > 1)
            faults.Add($"The subnets {string.Join(", ", names)} have {string.Join(", ", units)} units; expected as many in each, for {Architecture} {(Architecture == PrnnArchitecture.SharedWeights ? "sums" : "multiplies")} their states.");
        if (Strategy is TrainingStrategy.Alternating or TrainingStrategy.Residual && names.Sum(name => (long)(Of(name).Epochs ?? Training.Epochs)) > MostEpochs)
            faults.Add($"Epochs of all subnets together are {names.Sum(name => (long)(Of(name).Epochs ?? Training.Epochs))}; expected {MostEpochs} at most, for {Strategy} trains one subnet an epoch.");
        if (Strategy == TrainingStrategy.Alternating && Training.Patience > 0 && Training.Patience < names.Length)
            faults.Add($"Patience is {Training.Patience}; expected at least {names.Length}, the number of subnets, for Alternating trains one of them an epoch (or 0).");
        if (names.Length > Models.Prnn.PrnnShape.MostSubnets)
            faults.Add($"There are {names.Length} subnets; expected {Models.Prnn.PrnnShape.MostSubnets} at most.");
        Validate(faults);
    }

    private static void Validate(List<string> faults)
    {
        if (faults.Count > 0)
            throw new OptionsException(nameof(PrnnOptions), faults);
    }

    private List<string> FaultsOf()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Architecture))
            faults.Add($"Architecture is {Architecture}; expected one of {string.Join(", ", Enum.GetNames<PrnnArchitecture>())}.");
        if (!Enum.IsDefined(Strategy))
            faults.Add($"Strategy is {Strategy}; expected one of {string.Join(", ", Enum.GetNames<TrainingStrategy>())}.");
        ValidateTraining(faults);
        ValidateSubnets(faults);
        if (InterleavingSumsAll && Strategy != TrainingStrategy.Interleaving)
            faults.Add($"InterleavingSumsAll is for the strategy Interleaving, Strategy is {Strategy}: expected false.");
        if (ResidualTrainsOutput && (Strategy != TrainingStrategy.Residual || Architecture != PrnnArchitecture.SharedWeights))
            faults.Add($"ResidualTrainsOutput is for Residual training of SharedWeights, here it is {Strategy} of {Architecture}: expected false.");
        if (FrozenDropout && Strategy == TrainingStrategy.Simultaneous)
            faults.Add("FrozenDropout is for strategies that freeze subnets, Strategy is Simultaneous: expected false.");
        if (InteractionTrainsId && (Architecture != PrnnArchitecture.Interaction || Strategy == TrainingStrategy.Simultaneous))
            faults.Add($"InteractionTrainsId is for the architecture Interaction and strategies that freeze subnets, here it is {Strategy} of {Architecture}: expected false.");
        if (BiasInEveryPass && (Strategy == TrainingStrategy.Simultaneous || Architecture is PrnnArchitecture.IdOnly or PrnnArchitecture.Concatenated))
            faults.Add($"BiasInEveryPass is for several subnets and strategies that freeze some, here it is {Strategy} of {Architecture}: expected false.");
        return faults;
    }

    private void ValidateTraining(List<string> faults)
    {
        if (Training is null)
        {
            faults.Add("Training is null; expected options.");
            return;
        }

        try
        {
            Training.Validate();
        }
        catch (OptionsException e)
        {
            faults.AddRange(e.Faults);
        }

        if (Training.Embedding != EmbeddingMode.None)
            faults.Add($"Embedding is {Training.Embedding}; expected None (constrained_embedding=False, embedding=0), for the item is a one-hot input of a p-RNN.");
        if (!Training.Layers.IsDefaultOrEmpty && Training.Layers.Length > 1)
            faults.Add($"Layers is {string.Join('/', Training.Layers)}; expected one, the units of every subnet.");
        if (Training.Distillation != 0)
            faults.Add($"Distillation is {Training.Distillation}; expected 0, only GRU4Rec learns from teachers.");
        if (Training.CosineScale != 0)
            faults.Add($"CosineScale is {Training.CosineScale}; expected 0, a p-RNN scores by products.");
        if (Training.TopSamples != 0)
            faults.Add($"TopSamples is {Training.TopSamples}; expected 0, a p-RNN's loss counts all negatives.");
        if (Training.BackpropagationSteps != 1)
            faults.Add($"BackpropagationSteps is {Training.BackpropagationSteps}; expected 1, a p-RNN has no other.");
        if (Training.GradientCap != 0)
            faults.Add($"GradientCap is {Training.GradientCap}; expected 0, a p-RNN has none.");
        if (Training.Patience > 0 && Strategy == TrainingStrategy.Residual)
            faults.Add($"Patience is {Training.Patience}; expected 0 with Residual training, whose later subnets would never be trained if it stopped early.");
    }

    private void ValidateSubnets(List<string> faults)
    {
        if (Training is null)
            return;
        if (Subnets.IsDefault)
        {
            faults.Add("Subnets is an array that was never made; expected one, even if empty.");
            return;
        }

        foreach (var twice in Subnets.CountBy(subnet => subnet?.Name ?? "").Where(count => count.Value > 1))
            faults.Add($"Subnets has '{twice.Key}' {twice.Value} times; expected it once.");
        foreach (var subnet in Subnets)
        {
            if (string.IsNullOrWhiteSpace(subnet?.Name))
            {
                faults.Add("Subnets has one without a name; expected 'id' or the name of a block of features.");
                continue;
            }

            if (subnet.Units is < 1 or > 65536)
                faults.Add($"Units of subnet '{subnet.Name}' is {subnet.Units}; expected 1 to 65536.");
            if (subnet.DropoutHidden is { } dropout && !(dropout >= 0 && dropout < 1))
                faults.Add($"DropoutHidden of subnet '{subnet.Name}' is {dropout}; expected 0 to 1, without the latter.");
            if (subnet.LearningRate is { } rate && !(rate > 0 && float.IsFinite(rate)))
                faults.Add($"LearningRate of subnet '{subnet.Name}' is {rate}; expected a number above 0.");
            if (!float.IsFinite(subnet.Weight) || subnet.Weight == 0)
                faults.Add($"Weight of subnet '{subnet.Name}' is {subnet.Weight}; expected a number other than 0.");
            if (subnet.Epochs < 1)
                faults.Add($"Epochs of subnet '{subnet.Name}' is {subnet.Epochs}; expected at least 1.");
            if (subnet.Epochs is { } epochs && epochs != Training.Epochs && Strategy is TrainingStrategy.Simultaneous or TrainingStrategy.Interleaving)
                faults.Add($"Epochs of subnet '{subnet.Name}' is {epochs}; expected {Training.Epochs} as for all, for {Strategy} trains them in the same epochs.");
        }
    }
}
