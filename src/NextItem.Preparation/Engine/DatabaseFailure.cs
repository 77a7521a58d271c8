using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace NextItem.Preparation.Engine;

/// <summary>What a failure of the database means for the user.</summary>
internal static class DatabaseFailure
{
    /// <summary>The exception to throw where memory or disk do not suffice; null where they do.</summary>
    public static PreparationException? OfResources(DuckDBException e)
    {
        var text = Text(e);
        if (text.Contains("No space left", StringComparison.OrdinalIgnoreCase) || text.Contains("not enough disk", StringComparison.OrdinalIgnoreCase))
            return new PreparationException($"The disk is full: {text}. A temporary folder on a larger disk helps (--temp).", e);
        if (text.Contains("max_temp_directory_size", StringComparison.Ordinal) || text.Contains("failed to offload data block", StringComparison.Ordinal))
            return new PreparationException($"The temporary files are larger than allowed: {text}. More memory (--memory) or a higher limit (--temp-limit) helps.", e);
        if (e.ErrorType == DuckDBErrorType.OutOfMemory || text.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            return new PreparationException($"The memory does not suffice: {text}. More memory (--memory) or fewer threads (--threads 1) help.", e);
        return null;
    }

    /// <summary>The exception to throw for any other failure.</summary>
    public static PreparationException Other(DuckDBException e) => new(Text(e), e);

    private static string Text(DuckDBException e) => e.Message.Split('\n')[0].Trim();
}
