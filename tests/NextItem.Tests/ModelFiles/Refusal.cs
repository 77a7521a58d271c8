namespace NextItem.Tests.ModelFiles;

/// <summary>Loads what must be refused.</summary>
internal static class Refusal
{
    /// <summary>What a refusal may allocate beyond some multiple of the file (its header as JSON takes the most): never what a header merely claims.</summary>
    public const long MostBytes = 2_000_000;

    /// <summary>Expects a <see cref="ModelFileException"/> and nothing else, at little cost, and returns its message.</summary>
    public static string Of(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<ModelFileException>(() => ModelFile.Load(stream));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostBytes + (40L * bytes.Length), $"The refusal of {bytes.Length:N0} bytes allocated {allocated:N0} bytes: {refusal.Message}");
        return refusal.Message;
    }
}
