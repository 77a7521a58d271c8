namespace NextItem;

/// <summary>How items without any event get a place in a model by their features. Immutable.</summary>
public sealed record NewItemOptions
{
    /// <summary>Ridge penalty of the regression from features to what the model has learned of items: larger, and new items are more alike. Default 1.</summary>
    public double Penalty { get; init; } = 1;

    /// <summary>
    /// Events from which on an item's learned vectors are half trusted: an item of n events counts n / (n + this) in the regression. Default 10;
    /// 0 trusts all alike.
    /// </summary>
    public double HalfTrust { get; init; } = 10;

    /// <summary>The most items that the regression learns from, those of the most events. Default 20,000.</summary>
    public int MostItems { get; init; } = 20_000;

    /// <summary>
    /// Added to the scores of new items, in units of a logit: above 0, and they are recommended more often than their features alone would
    /// have it. Default 0.
    /// </summary>
    public float Boost { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(Penalty > 0 && double.IsFinite(Penalty)))
            faults.Add($"Penalty is {Penalty}; expected a number above 0.");
        if (!(HalfTrust >= 0 && double.IsFinite(HalfTrust)))
            faults.Add($"HalfTrust is {HalfTrust}; expected 0 or more.");
        if (MostItems < 1)
            faults.Add($"MostItems is {MostItems}; expected at least 1.");
        if (!float.IsFinite(Boost))
            faults.Add($"Boost is {Boost}; expected a finite number.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(NewItemOptions), faults);
    }
}
