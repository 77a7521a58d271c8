using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes a <see cref="VSknnModel"/>. Immutable.</summary>
public sealed record VSknnOptions
{
    /// <summary>k: how many of the most similar sessions score. Default 100.</summary>
    public int Neighbours { get; init; } = 100;

    /// <summary>m: of how many of the most recent sessions that share an item they are taken. Default 1000. Official name: sample_size.</summary>
    public int RecentSessions { get; init; } = 1000;

    /// <summary>Weight of the inverse document frequency: an item's score is multiplied by 1 + this * idf. Default 1. Official name: idf_weighting.</summary>
    public float IdfWeight { get; init; } = 1;

    /// <summary>How many of the session's latest events are looked at. Default 100, at most 10,000.</summary>
    public int SessionLength { get; init; } = 100;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Neighbours(Neighbours, RecentSessions, SessionLength);
        faults.Expect(nameof(IdfWeight), IdfWeight, IdfWeight is >= 0 and <= 1_000_000, "0 to 1000000");
        faults.ThrowIfAny(nameof(VSknnOptions));
    }
}
