namespace NextItem.Cli.Output;

/// <summary>What a command returns to the shell: scripts rely on it.</summary>
internal static class ExitCodes
{
    /// <summary>The command did what it was asked.</summary>
    public const int Success = 0;

    /// <summary>The command failed in running: a file, its content, a full disk, Ctrl+C.</summary>
    public const int Failure = 1;

    /// <summary>The command was called wrongly.</summary>
    public const int WrongUsage = 2;
}
