namespace NextItem.Synthetic;

/// <summary>
/// What feature shop to generate: its size, and how much each kind of an item's features decides what comes next. The defaults make a
/// log with few events an item, so that what is known of items beside their events matters. docs/synthetic.md.
/// </summary>
public sealed record FeatureShopOptions
{
    /// <summary>Decides the items, their features and all sessions. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Number of items, from 100 to 1,000,000. Default 3,000.</summary>
    public int Items { get; init; } = 3_000;

    /// <summary>Number of sessions, training and test together; from 2 to 10,000,000. Default 9,000.</summary>
    public int Sessions { get; init; } = 9_000;

    /// <summary>Mean number of events of a session, from 2 to 100; lengths are 2 plus a geometric number. Default 5.5.</summary>
    public double MeanLength { get; init; } = 5.5;

    /// <summary>Part of the sessions, the last by start time, that is the test set; more than 0, less than 1. Default 0.2.</summary>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>Number of themes, which the title tells; from 2 to 1,000. Default 60.</summary>
    public int Themes { get; init; } = 60;

    /// <summary>Number of styles, which the picture tells; from 2 to 1,000. Default 40.</summary>
    public int Styles { get; init; } = 40;

    /// <summary>Number of categories; from 2 to 1,000. Default 30.</summary>
    public int Categories { get; init; } = 30;

    /// <summary>Length of an item's picture vector; from 1 to 4,096. Default 32.</summary>
    public int ImageLength { get; init; } = 32;

    /// <summary>Zipf exponent of popularity; from 0 to 2. Default 0.5.</summary>
    public double PopularityExponent { get; init; } = 0.5;

    /// <summary>Relative share of steps to a successor of the last item, which no feature tells; from 0 to 1,000. Default 15.</summary>
    public int ItemShare { get; init; } = 15;

    /// <summary>Relative share of steps to an item of the theme that follows the last item's; from 0 to 1,000. Default 30.</summary>
    public int ThemeShare { get; init; } = 30;

    /// <summary>Relative share of steps to an item of the style of the session's FIRST item; from 0 to 1,000. Default 30.</summary>
    public int StyleShare { get; init; } = 30;

    /// <summary>Relative share of steps to an item of the last item's category; from 0 to 1,000. Default 10.</summary>
    public int CategoryShare { get; init; } = 10;

    /// <summary>Relative share of steps to any item, by popularity; from 0 to 1,000. Default 15.</summary>
    public int PopularityShare { get; init; } = 15;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public void Validate()
    {
        var faults = new FaultList();
        faults.Range(nameof(Items), Items, 100, 1_000_000);
        faults.Range(nameof(Sessions), Sessions, 2, 10_000_000);
        faults.Range(nameof(MeanLength), MeanLength, 2, 100);
        faults.Between(nameof(TestFraction), TestFraction, 0, 1);
        faults.Range(nameof(Themes), Themes, 2, 1_000);
        faults.Range(nameof(Styles), Styles, 2, 1_000);
        faults.Range(nameof(Categories), Categories, 2, 1_000);
        faults.Range(nameof(ImageLength), ImageLength, 1, 4_096);
        faults.Range(nameof(PopularityExponent), PopularityExponent, 0, 2);
        faults.Range(nameof(ItemShare), ItemShare, 0, 1_000);
        faults.Range(nameof(ThemeShare), ThemeShare, 0, 1_000);
        faults.Range(nameof(StyleShare), StyleShare, 0, 1_000);
        faults.Range(nameof(CategoryShare), CategoryShare, 0, 1_000);
        faults.Range(nameof(PopularityShare), PopularityShare, 0, 1_000);
        if (ItemShare == 0 && ThemeShare == 0 && StyleShare == 0 && CategoryShare == 0 && PopularityShare == 0)
            faults.Add("All five shares are 0; expected one above 0.");
        faults.ThrowIfAny(nameof(FeatureShopOptions));
    }
}
