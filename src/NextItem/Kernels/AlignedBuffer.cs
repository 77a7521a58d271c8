using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Native memory for floats, 64-byte aligned and zeroed, with 64-bit length: item tables outgrow arrays and spans.
/// Freed by <see cref="Dispose"/> or the finalizer.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static long s_allocatedBytesOfThread;

    private float* _data;

    /// <summary>Allocates <paramref name="length"/> zeros.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked((nuint)length * sizeof(float));
        var huge = HugePages.IsWorthIt(bytes);
        _data = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), huge ? (nuint)HugePages.Size : Alignment);
        if (huge)
            HugePages.Ask(_data, bytes);
        NativeMemory.Clear(_data, bytes);
        s_allocatedBytesOfThread += (long)bytes;
        GC.AddMemoryPressure(Math.Max(1, (long)bytes));
    }

    /// <summary>Frees the memory of a buffer that nobody disposed of.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Bytes that the calling thread has allocated so far, freed ones too: the counterpart of <see cref="GC.GetAllocatedBytesForCurrentThread"/>.</summary>
    public static long AllocatedBytesForCurrentThread => s_allocatedBytesOfThread;

    /// <summary>Number of floats.</summary>
    public long Length { get; }

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

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data == null)
            return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.RemoveMemoryPressure(Math.Max(1, Length * sizeof(float)));
    }
}
