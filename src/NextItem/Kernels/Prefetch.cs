using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <summary>Asks for memory that will be needed soon. A hint: nothing happens where the processor has no such instruction in .NET (Arm).</summary>
internal static unsafe class Prefetch
{
    private const int FloatsOfLine = 16;

    /// <summary>The cache lines of a row.</summary>
    /// <param name="row">Its first float; where that does not begin a cache line, as in a mapped file, the row's last line may be left out.</param>
    /// <param name="length">Its floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* row, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (var i = 0; i < length; i += FloatsOfLine)
            Sse.Prefetch0(row + i);
    }
}
