namespace NextItem.Hosting;

/// <summary>Which model an application uses, and how it takes in new ones.</summary>
public sealed record NextItemOptions
{
    /// <summary>The model file; a new one under the same path is loaded while the old one is used.</summary>
    public required string ModelPath { get; init; }

    /// <summary>How often the file is looked at for a new one. Default: every second.</summary>
    public TimeSpan ReloadCheck { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(ModelPath))
            faults.Add("ModelPath is ''; expected the path of a model file.");
        if (ReloadCheck < TimeSpan.FromMilliseconds(10) || ReloadCheck > TimeSpan.FromDays(1))
            faults.Add($"ReloadCheck is {ReloadCheck}; expected 10 milliseconds to a day.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(NextItemOptions), faults);
    }
}
