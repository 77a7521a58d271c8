using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Native memory for floats, 64-byte aligned and zeroed, with 64-bit length: item tables outgrow arrays and spans.
/// Freed by <see cref="Dispose"/> or the finalizer.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;

    /// <summary>Bytes that are cleared at once: the system gives the memory page by page as it is cleared, which for many gigabytes takes a while.</summary>
    private const int ClearedAtOnce = 1 << 24;

    [ThreadStatic]
    private static long s_allocatedBytesOfThread;

    private float* _data;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is allocated.</exception>
    public AlignedBuffer(long length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * sizeof(float));
        var huge = HugePages.IsWorthIt(bytes);
        _data = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), huge ? (nuint)HugePages.Size : Alignment);
        if (huge)
            HugePages.Ask(_data, bytes);
        for (nuint start = 0; start < bytes; start += ClearedAtOnce)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                NativeMemory.AlignedFree(_data);
                _data = null;
                GC.SuppressFinalize(this);
                throw new OperationCanceledException(cancellationToken);
            }

            NativeMemory.Clear((byte*)_data + start, Math.Min(bytes - start, ClearedAtOnce));
        }

        s_allocatedBytesOfThread += (long)bytes;
        GC.AddMemoryPressure(PressureOf(length));
    }

    /// <summary>Frees the memory of a buffer that nobody disposed of.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Bytes that the calling thread has allocated so far, freed ones too: the counterpart of <see cref="GC.GetAllocatedBytesForCurrentThread"/>.</summary>
    public static long AllocatedBytesForCurrentThread => s_allocatedBytesOfThread;

    /// <summary>Number of floats.</summary>
    public long Length { get; private set; }

    /// <summary>The first float. Valid as long as this object is reachable and not disposed.</summary>
    public float* Data => _data;

    /// <summary>A part of the buffer as a span.</summary>
    public Span<float> Span(long start, int length)
    {
        if (start < 0 || length < 0 || start > Length - length)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{length} floats from there do not lie inside the {Length} of the buffer.");
        return new Span<float>(_data + start, length);
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => NativeMemory.Clear(_data, (nuint)Length * sizeof(float));

    /// <summary>Keeps the first <paramref name="length"/> floats where they are, and gives the memory behind them back to the system.</summary>
    public void Shrink(long length)
    {
        if (length < 0 || length > Length)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"Expected 0 to {Length}, the length of the buffer.");
        if (length == Length)
            return;
        UnusedPages.GiveBack(_data + length, _data + Length);
        GC.RemoveMemoryPressure(PressureOf(Length) - PressureOf(length));
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the collector is told of so many floats; it takes no zero.</summary>
    private static long PressureOf(long length) => Math.Max(1, length * sizeof(float));

    private void Free()
    {
        if (_data == null)
            return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.RemoveMemoryPressure(PressureOf(Length));
    }
}
