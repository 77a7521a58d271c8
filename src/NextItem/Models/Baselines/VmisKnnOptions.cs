using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes a <see cref="VmisKnnModel"/>. Immutable; the defaults are Serenade's.</summary>
public sealed record VmisKnnOptions
{
    /// <summary>k: how many of the most similar sessions score. Default 500. Official name: k.</summary>
    public int Neighbours { get; init; } = 500;

    /// <summary>m: of how many of the most recent sessions that share an item they are taken. Default 500. Official name: m.</summary>
    public int RecentSessions { get; init; } = 500;

    /// <summary>Weight of the inverse document frequency, which an item's score is multiplied by; 0 leaves it out. Default 1.</summary>
    public float IdfWeight { get; init; } = 1;

    /// <summary>How many of the session's latest events are looked at. Default 2, at most 10,000.</summary>
    public int SessionLength { get; init; } = 2;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Neighbours(Neighbours, RecentSessions, SessionLength);
        faults.Expect(nameof(IdfWeight), IdfWeight, IdfWeight is >= 0 and <= 1_000_000, "0 to 1000000");
        faults.ThrowIfAny(nameof(VmisKnnOptions));
    }
}
