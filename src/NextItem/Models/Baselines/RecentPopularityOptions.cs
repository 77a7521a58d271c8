using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes a <see cref="RecentPopularityModel"/>: which events are recent. Immutable.</summary>
public sealed record RecentPopularityOptions
{
    /// <summary>How many of the last events count; those of the sessions that end last. Default 0: as <see cref="TimeShare"/> says.</summary>
    public int Events { get; init; }

    /// <summary>The last share of the training time, above 0 to 1: the sessions that end in it count. Default 0.1. Without effect where <see cref="Events"/> is set.</summary>
    public float TimeShare { get; init; } = 0.1f;

    /// <summary>How many of the most popular items get a score. Default 100, as for <see cref="PopularityModel"/>.</summary>
    public int ListLength { get; init; } = PopularityModel.DefaultListLength;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(nameof(Events), Events, 0);
        faults.Expect(nameof(TimeShare), TimeShare, TimeShare is > 0 and <= 1, "a number above 0, 1 at most");
        faults.AtLeast(nameof(ListLength), ListLength, 1);
        faults.ThrowIfAny(nameof(RecentPopularityOptions));
    }
}
