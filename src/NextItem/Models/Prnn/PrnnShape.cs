using System.Collections.Immutable;
using NextItem.Features;

namespace NextItem.Models.Prnn;

/// <summary>How the hidden states of the subnets become scores.</summary>
internal enum PrnnOutput
{
    /// <summary>o = sum_k w_k h_k V_k^T + b: an output matrix for each subnet.</summary>
    Parallel,

    /// <summary>o = (sum_k w_k h_k) V^T + b: one for all, of subnets with as many units.</summary>
    SharedWeights,

    /// <summary>o = w_1 h_1 V_1^T + sum_k w_k (h_1 * h_k) V_k^T + b: the others' states multiplied by the first one's.</summary>
    Interaction,
}

/// <summary>One thing that a subnet reads of an item: its identity (one-hot), or a block of features.</summary>
/// <param name="Name">Unique within the subnet; part of its parameters' names.</param>
/// <param name="Rows">[I x F] the features; null for the identity.</param>
internal sealed record PrnnInput(string Name, FeatureRows? Rows = null)
{
    /// <summary>The item itself.</summary>
    public static PrnnInput Id { get; } = new("id");
}

/// <summary>A GRU with its inputs. Several inputs of one subnet are the concatenated input of the paper.</summary>
/// <param name="Name">Unique; part of its parameters' names.</param>
/// <param name="Inputs">At least one.</param>
/// <param name="Units">Hidden units, d.</param>
internal sealed record PrnnSubnet(string Name, ImmutableArray<PrnnInput> Inputs, int Units)
{
    /// <summary>Dropout of the hidden state while the subnet is trained. Default 0.</summary>
    public float DropoutHidden { get; init; }

    /// <summary>w_k. Default 1.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>The subnet's learning rate as a multiple of the training's. Default 1.</summary>
    public float RateFactor { get; init; } = 1;
}

/// <summary>A p-RNN: subnets, and what joins them. One subnet that reads the item alone is GRU4Rec with one-hot input.</summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016, section 3.</remarks>
/// <param name="Subnets">The first one has the items' bias.</param>
/// <param name="Output">How they are joined.</param>
/// <param name="Variant">Where the reset gates act.</param>
internal sealed record PrnnShape(ImmutableArray<PrnnSubnet> Subnets, PrnnOutput Output = PrnnOutput.Parallel, GruVariant Variant = GruVariant.ResetBefore)
{
    /// <summary>Passes name subnets by the bits of a word.</summary>
    public const int MostSubnets = 31;

    /// <summary>The network of options and blocks of features.</summary>
    /// <param name="options">Valid for the blocks.</param>
    /// <param name="blocks">Names and rows, [I x F] each.</param>
    public static PrnnShape Of(PrnnOptions options, IReadOnlyList<(string Name, FeatureRows Rows)> blocks)
    {
        PrnnInput[] features = [.. blocks.Select(block => new PrnnInput(block.Name, block.Rows))];
        ImmutableArray<PrnnSubnet> subnets = options.Architecture switch
        {
            PrnnArchitecture.IdOnly => [Subnet(PrnnOptions.Id, PrnnInput.Id)],
            PrnnArchitecture.FeatureOnly => [.. features.Select(block => Subnet(block.Name, block))],
            PrnnArchitecture.Concatenated => [Subnet(PrnnOptions.Concatenated, [PrnnInput.Id, .. features])],
            _ => [Subnet(PrnnOptions.Id, PrnnInput.Id), .. features.Select(block => Subnet(block.Name, block))],
        };
        var output = options.Architecture switch
        {
            PrnnArchitecture.SharedWeights => PrnnOutput.SharedWeights,
            PrnnArchitecture.Interaction => PrnnOutput.Interaction,
            _ => PrnnOutput.Parallel,
        };
        return new PrnnShape(subnets, output, options.Training.Variant);

        PrnnSubnet Subnet(string name, params ImmutableArray<PrnnInput> inputs)
        {
            var own = options.Of(name);
            return new PrnnSubnet(name, inputs, own.Units ?? options.Training.Layers[0])
            {
                DropoutHidden = own.DropoutHidden ?? options.Training.DropoutHidden,
                Weight = own.Weight,
                RateFactor = own.LearningRate is { } rate ? rate / options.Training.LearningRate : 1,
            };
        }
    }

    /// <summary>Length of what an item is scored by: the subnets' vectors side by side, or the one that they share.</summary>
    public int VectorLength => Output == PrnnOutput.SharedWeights ? Subnets[0].Units : Subnets.Sum(subnet => subnet.Units);

    /// <summary>Output matrices: one for each subnet, or one for all.</summary>
    public int Heads => Output == PrnnOutput.SharedWeights ? 1 : Subnets.Length;

    /// <summary>The output matrix that a subnet's state is scored by.</summary>
    public int HeadOf(int subnet) => Output == PrnnOutput.SharedWeights ? 0 : subnet;

    /// <summary>Checks the network.</summary>
    /// <exception cref="OptionsException">All faults: no subnets or more than 31, names twice, no inputs or units, other sizes where states are summed or multiplied.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Subnets.Length is < 1 or > MostSubnets)
            faults.Add($"There are {Subnets.Length} subnets; expected 1 to {MostSubnets}.");
        foreach (var name in Subnets.CountBy(subnet => subnet.Name).Where(count => count.Value > 1))
            faults.Add($"{name.Value} subnets are called '{name.Key}'; expected names of their own.");
        foreach (var subnet in Subnets)
        {
            if (subnet.Units < 1)
                faults.Add($"Subnet '{subnet.Name}' has {subnet.Units} units; expected at least 1.");
            if (subnet.Inputs.IsDefaultOrEmpty)
                faults.Add($"Subnet '{subnet.Name}' has no input; expected at least one.");
            else if (subnet.Inputs.Select(input => input.Name).Distinct().Count() < subnet.Inputs.Length)
                faults.Add($"Subnet '{subnet.Name}' has two inputs of one name; expected names of their own.");
        }

        if (Output != PrnnOutput.Parallel && Subnets.Select(subnet => subnet.Units).Distinct().Count() > 1)
            faults.Add($"The subnets have {string.Join(", ", Subnets.Select(subnet => subnet.Units))} units; expected as many in each where their states are {(Output == PrnnOutput.SharedWeights ? "summed" : "multiplied")}.");
        if (faults.Count > 0)
            throw new OptionsException("PrnnShape", faults);
    }
}
