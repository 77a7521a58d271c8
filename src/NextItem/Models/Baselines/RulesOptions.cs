using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes a <see cref="RulesModel"/>. Immutable; the defaults are sequential rules as Ludewig and Jannach have them.</summary>
public sealed record RulesOptions
{
    /// <summary>Whether only what came after an item counts (sequential rules), or what came before it too (association rules). Default true.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>Whether a pair of events d places apart weighs 1/d, or 1. Default true.</summary>
    public bool DistanceWeight { get; init; } = true;

    /// <summary>The greatest distance at which two events are a pair. Default 10.</summary>
    public int MaxDistance { get; init; } = 10;

    /// <summary>How many rules each item keeps: those of the highest weight. Default 100.</summary>
    public int RulesPerItem { get; init; } = 100;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(nameof(MaxDistance), MaxDistance, 1);
        faults.AtLeast(nameof(RulesPerItem), RulesPerItem, 1);
        faults.ThrowIfAny(nameof(RulesOptions));
    }
}
