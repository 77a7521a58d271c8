using System.Collections.Immutable;

namespace NextItem;

/// <summary>
/// Everything that shapes a GRU4Rec model and its training. Immutable; defaults are those of the authors' current version,
/// except that <see cref="LogQ"/> is 1, as the papers advise for cross-entropy.
/// </summary>
public sealed record Gru4RecOptions
{
    /// <summary>Units H of each GRU layer, the first layer first. Default: one layer of 100. Official name: layers.</summary>
    public ImmutableArray<int> Layers { get; init; } = [100];

    /// <summary>Where the reset gate acts. Default: before the recurrent product, as in the papers.</summary>
    public GruVariant Variant { get; init; } = GruVariant.ResetBefore;

    /// <summary>Passes over the training data. Default 10. Official name: n_epochs.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Lanes B of a mini-batch. Default 64. Official name: batch_size.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Probability of dropping each element of the first layer's input. Default 0. Official name: dropout_p_embed.</summary>
    public float DropoutEmbedding { get; init; }

    /// <summary>
    /// Probability of dropping each element of each layer's new hidden state; the dropped-out state is what carries on.
    /// Default 0. Official name: dropout_p_hidden.
    /// </summary>
    public float DropoutHidden { get; init; }

    /// <summary>Adagrad's learning rate. Default 0.05. Official name: learning_rate.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>Momentum on Adagrad's scaled gradient. Default 0: none. Official name: momentum.</summary>
    public float Momentum { get; init; }

    /// <summary>Additional negative samples N of a mini-batch, beside the other lanes' targets. Default 2048. Official name: n_sample.</summary>
    public int NegativeSampleCount { get; init; } = 2048;

    /// <summary>Popularity exponent of the negative sampler: 0 uniform, 1 by popularity. Default 0.5. Official name: sample_alpha.</summary>
    public float SampleAlpha { get; init; } = 0.5f;

    /// <summary>Strength of the sampled softmax's popularity correction, 0 to 1. Default 1. Official name: logq (default 0 there).</summary>
    public float LogQ { get; init; } = 1f;

    /// <summary>Seed of all randomness: initial parameters, negative samples, dropout. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>
    /// Threads of training. Default 1. The same seed, machine kind and thread count give the same bytes; another thread count
    /// adds in another order and differs in the last digits.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Layers.IsDefaultOrEmpty)
            faults.Add("Layers is empty; expected at least one layer.");
        else if (Layers.Any(units => units is < 1 or > 65536))
            faults.Add($"Layers is {string.Join('/', Layers)}; expected 1 to 65536 units in each.");
        if (!Enum.IsDefined(Variant))
            faults.Add($"Variant is {Variant}; expected ResetBefore or ResetAfter.");
        AtLeast(faults, nameof(Epochs), Epochs, 1);
        AtLeast(faults, nameof(BatchSize), BatchSize, 1);
        AtLeast(faults, nameof(NegativeSampleCount), NegativeSampleCount, 0);
        AtLeast(faults, nameof(Threads), Threads, 1);
        Between(faults, nameof(DropoutEmbedding), DropoutEmbedding, 0, 1, highIncluded: false);
        Between(faults, nameof(DropoutHidden), DropoutHidden, 0, 1, highIncluded: false);
        Between(faults, nameof(Momentum), Momentum, 0, 1, highIncluded: false);
        Between(faults, nameof(SampleAlpha), SampleAlpha, 0, 1, highIncluded: true);
        Between(faults, nameof(LogQ), LogQ, 0, 1, highIncluded: true);
        if (!(LearningRate > 0 && float.IsFinite(LearningRate)))
            faults.Add($"LearningRate is {LearningRate}; expected a number above 0.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(Gru4RecOptions), faults);
    }

    /// <summary>Compares by value, the layers' sizes included.</summary>
    public bool Equals(Gru4RecOptions? other) =>
        other is not null
        && (Layers.IsDefault ? other.Layers.IsDefault : !other.Layers.IsDefault && Layers.SequenceEqual(other.Layers))
        && (Variant, Epochs, BatchSize, DropoutEmbedding, DropoutHidden, LearningRate, Momentum)
            == (other.Variant, other.Epochs, other.BatchSize, other.DropoutEmbedding, other.DropoutHidden, other.LearningRate, other.Momentum)
        && (NegativeSampleCount, SampleAlpha, LogQ, Seed, Threads)
            == (other.NegativeSampleCount, other.SampleAlpha, other.LogQ, other.Seed, other.Threads);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Layers.IsDefaultOrEmpty ? 0 : Layers[0], Variant, Epochs, BatchSize, LearningRate, NegativeSampleCount, Seed);

    private static void AtLeast(List<string> faults, string name, int value, int least)
    {
        if (value < least)
            faults.Add($"{name} is {value}; expected at least {least}.");
    }

    private static void Between(List<string> faults, string name, float value, float low, float high, bool highIncluded)
    {
        if (!(value >= low && (highIncluded ? value <= high : value < high)))
            faults.Add($"{name} is {value}; expected {low} to {high}{(highIncluded ? "" : ", without the latter")}.");
    }
}
