using System.Collections.Immutable;
using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>How a <see cref="FusionModel"/> weighs its models. Immutable.</summary>
public sealed record FusionOptions
{
    /// <summary>The weight of each model, in their order, above 0; none gives all the same. Default: none.</summary>
    public ImmutableArray<float> Weights { get; init; } = [];

    /// <summary>c: what is added to a rank, so that the first places do not decide all. Default 60, that of the paper.</summary>
    public float RankOffset { get; init; } = 60;

    /// <summary>How many of each model's best items score; 0 for all items of the catalog. Default 1000.</summary>
    public int Depth { get; init; } = 1000;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        foreach (var weight in Weights.IsDefault ? [] : Weights)
            faults.Expect(nameof(Weights), weight, weight > 0 && float.IsFinite(weight), "finite numbers above 0");
        faults.Expect(nameof(RankOffset), RankOffset, RankOffset >= 0 && float.IsFinite(RankOffset), "a finite number of at least 0");
        faults.AtLeast(nameof(Depth), Depth, 0);
        faults.ThrowIfAny(nameof(FusionOptions));
    }

    /// <summary>Value equality: two lists of the same weights are the same.</summary>
    public bool Equals(FusionOptions? other) =>
        other is not null && RankOffset.Equals(other.RankOffset) && Depth == other.Depth
        && (Weights.IsDefault ? [] : Weights).AsSpan().SequenceEqual((other.Weights.IsDefault ? [] : other.Weights).AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weights.IsDefault ? 0 : Weights.Length, RankOffset, Depth);
}
