namespace NextItem.Preparation.Engine;

/// <summary>How the process's memory is divided.</summary>
internal static class MemoryBudget
{
    private const long RuntimeBytes = 100L << 20;

    /// <summary>
    /// What the database is told to keep to, in bytes. It counts its buffers and not all that it allocates, so it is given three
    /// fifths of what the runtime leaves: peak sizes as the operating system reports them stay below the whole (docs/preparation.md).
    /// </summary>
    /// <param name="processBytes">How large the process may become; 0 for half of what there is.</param>
    public static long ForDatabase(long processBytes)
    {
        var bytes = processBytes == 0 ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 : processBytes;
        return Math.Max(64L << 20, (bytes - RuntimeBytes) / 5 * 3);
    }
}
