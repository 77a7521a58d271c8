namespace NextItem.Synthetic;

/// <summary>
/// What shop to generate: its size, its visitors and how much each part of a visitor's memory decides the next item.
/// The defaults make a log that a recurrent network learns in seconds.
/// </summary>
public sealed record ShopOptions
{
    /// <summary>The most categories that a shop can have.</summary>
    public const int MaxCategories = ShopNames.CategoryCount;

    /// <summary>The fewest items that a category needs.</summary>
    public const int MinItemsPerCategory = 12;

    /// <summary>Decides the items, their transitions and all sessions. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>
    /// Number of items, spread evenly over the categories; at least <see cref="MinItemsPerCategory"/> each, at most 1,000,000.
    /// Default 1,200.
    /// </summary>
    public int Items { get; init; } = 1_200;

    /// <summary>Number of categories, from 2 to <see cref="MaxCategories"/>. Default 30.</summary>
    public int Categories { get; init; } = 30;

    /// <summary>Number of sessions, training and test together; at least 2, at most 10,000,000. Default 24,000.</summary>
    public int Sessions { get; init; } = 24_000;

    /// <summary>Mean number of events of a session, from 2 to 100; lengths are 2 plus a geometric number. Default 5.5.</summary>
    public double MeanLength { get; init; } = 5.5;

    /// <summary>Number of days over which sessions start, from <see cref="ShopGenerator.StartTime"/> on; from 1 to 3,650. Default 7.</summary>
    public int Days { get; init; } = 7;

    /// <summary>
    /// Part of the sessions, the last by start time, that is the test set; more than 0, less than 1. Default 0.15, about the
    /// last of seven days.
    /// </summary>
    public double TestFraction { get; init; } = 0.15;

    /// <summary>Zipf exponent of popularity within a category, from 0 to 2; between categories it is half of that. Default 0.7.</summary>
    public double PopularityExponent { get; init; } = 0.7;

    /// <summary>Relative share of steps to a successor of the last item; from 0 to 1,000. Default 24.</summary>
    public int LastItemShare { get; init; } = 24;

    /// <summary>
    /// Relative share of steps back to what the session came for, the favourites of the FIRST item's category; from 0 to
    /// 1,000. Default 40.
    /// </summary>
    public int FirstItemShare { get; init; } = 40;

    /// <summary>
    /// Relative share of steps to an accessory that follows from the last item's category and the collection of the item
    /// BEFORE it; a session of one item so far takes a successor of that item instead; from 0 to 1,000. Default 8.
    /// </summary>
    public int PairShare { get; init; } = 8;

    /// <summary>Relative share of steps to any item of the last item's category, by popularity; from 0 to 1,000. Default 2.</summary>
    public int CategoryShare { get; init; } = 2;

    /// <summary>Relative share of steps to any item of the shop, by popularity: a new search; from 0 to 1,000. Default 26.</summary>
    public int PopularityShare { get; init; } = 26;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public void Validate()
    {
        var faults = new FaultList();
        faults.Range(nameof(Categories), Categories, 2, MaxCategories);
        faults.Range(nameof(Items), Items, (long)MinItemsPerCategory * Math.Clamp(Categories, 2, MaxCategories), 1_000_000);
        faults.Range(nameof(Sessions), Sessions, 2, 10_000_000);
        faults.Range(nameof(MeanLength), MeanLength, 2, 100);
        faults.Range(nameof(Days), Days, 1, 3_650);
        faults.Between(nameof(TestFraction), TestFraction, 0, 1);
        faults.Range(nameof(PopularityExponent), PopularityExponent, 0, 2);
        faults.Range(nameof(LastItemShare), LastItemShare, 0, 1_000);
        faults.Range(nameof(FirstItemShare), FirstItemShare, 0, 1_000);
        faults.Range(nameof(PairShare), PairShare, 0, 1_000);
        faults.Range(nameof(CategoryShare), CategoryShare, 0, 1_000);
        faults.Range(nameof(PopularityShare), PopularityShare, 0, 1_000);
        if (LastItemShare == 0 && FirstItemShare == 0 && PairShare == 0 && CategoryShare == 0 && PopularityShare == 0)
            faults.Add("All five shares are 0; expected one above 0.");
        faults.ThrowIfAny(nameof(ShopOptions));
    }
}
