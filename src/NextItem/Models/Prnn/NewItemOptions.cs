namespace NextItem;

/// <summary>How items without any event get a place in a model by their features. Immutable.</summary>
public sealed record NewItemOptions
{
    /// <summary>Items of the model with the most similar features, whose mean a new item's vector is. Default 20.</summary>
    public int Neighbours { get; init; } = 20;

    /// <summary>Power of the similarity that a neighbour is weighted by; 0 counts all alike. Default 2.</summary>
    public float Sharpness { get; init; } = 2;

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Neighbours < 1)
            faults.Add($"Neighbours is {Neighbours}; expected at least 1.");
        if (!(Sharpness >= 0 && float.IsFinite(Sharpness)))
            faults.Add($"Sharpness is {Sharpness}; expected 0 or more.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(NewItemOptions), faults);
    }
}
