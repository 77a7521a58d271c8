namespace NextItem.Cli.Settings;

/// <summary>One name of the table: what it is called and what its value does to the options.</summary>
/// <param name="Name">Our name.</param>
/// <param name="OtherNames">The official name, and others.</param>
/// <param name="Set">The options with the value in them.</param>
internal sealed record Hyperparameter(string Name, string[] OtherNames, Func<Gru4RecOptions, SettingValue, Gru4RecOptions> Set)
{
    /// <summary>
    /// When it is set: what others build on comes first, wherever it was written, so that the order of assignments does not
    /// matter. Within a turn they are set in the order in which they were written.
    /// </summary>
    public int Turn { get; init; } = Middle;

    /// <summary>Names of earlier assignments that one of this makes void: other words for the same thing.</summary>
    public string[] Replaces { get; init; } = [];

    /// <summary>Before what depends on it.</summary>
    public const int First = 0;

    /// <summary>Most of them.</summary>
    public const int Middle = 1;

    /// <summary>After what it decides over.</summary>
    public const int Last = 2;

    /// <summary>Our name and the others.</summary>
    public IEnumerable<string> Names => OtherNames.Prepend(Name);
}
