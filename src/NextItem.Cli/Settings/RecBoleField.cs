namespace NextItem.Cli.Settings;

/// <summary>What became of one field of a RecBole configuration.</summary>
/// <param name="Name">The field.</param>
/// <param name="Value">Its value as it was read, or RecBole's default.</param>
/// <param name="IsDefault">Whether no file has it.</param>
/// <param name="Settings">What it sets here, name and value; none where it has no counterpart.</param>
/// <param name="Note">What differs, where it belongs instead, or why there is no counterpart; empty where it is the same.</param>
internal sealed record RecBoleField(string Name, string Value, bool IsDefault, IReadOnlyList<(string Name, string Value)> Settings, string Note)
{
    /// <summary>Whether nothing here does what the field does.</summary>
    public bool HasNoCounterpart { get; init; }
}
