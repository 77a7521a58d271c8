namespace NextItem.Fuzz.Targets;

/// <summary>What became of an input.</summary>
internal enum Outcome
{
    /// <summary>It was read, and what it holds works.</summary>
    Read,

    /// <summary>It was refused with an exception that the door documents.</summary>
    Refused,
}

/// <summary>A door that takes bytes from strangers.</summary>
internal abstract class FuzzTarget : IDisposable
{
    /// <summary>Its name, and the name of its folders below corpus/ and regressions/.</summary>
    public abstract string Name { get; }

    /// <summary>Pieces of text or bytes that mean something to it.</summary>
    public abstract IReadOnlyList<byte[]> Pieces { get; }

    /// <summary>Bytes that it may allocate for an input: 64 for each byte and 64 MB, where it does not say otherwise.</summary>
    public virtual long MostAllocated(ReadOnlySpan<byte> input) => (64L * input.Length) + (64 << 20);

    /// <summary>Makes an input that passes the first checks, such as a checksum, so that those behind them are reached.</summary>
    public virtual byte[] Repaired(byte[] input) => input;

    /// <summary>Changes an input in a way of its own kind; the ways of all kinds come on top.</summary>
    public virtual byte[] Changed(byte[] input, Random random) => input;

    /// <summary>Takes an input. Whatever it throws is a fault of the product.</summary>
    public abstract Outcome Take(byte[] input);

    /// <summary>Takes an input, and is told how much it has allocated.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="MostAllocated"/>.</exception>
    public (Outcome Outcome, long Allocated) TakeMeasured(byte[] input)
    {
        var before = GC.GetTotalAllocatedBytes();
        var outcome = Take(input);
        var allocated = GC.GetTotalAllocatedBytes() - before;
        return allocated <= MostAllocated(input)
            ? (outcome, allocated)
            : throw new InvalidOperationException($"It allocates {allocated:N0} bytes for an input of {input.Length:N0}; expected at most {MostAllocated(input):N0}.");
    }

    /// <summary>Inputs to begin with, by their file names.</summary>
    public abstract IEnumerable<(string Name, byte[] Bytes)> Seeds();

    /// <summary>Ends what it has begun.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>A fault of a refusal itself: no text, or one that quotes the whole input.</summary>
    protected static Outcome Refusal(Exception e) =>
        e.Message is { Length: > 0 and < 100_000 } ? Outcome.Refused : throw new InvalidOperationException($"The message of the refusal has {e.Message.Length} characters.", e);
}
