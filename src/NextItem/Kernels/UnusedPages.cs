using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Tells Linux that it can have the pages of a stretch of memory back, which stays allocated: what is read there afterwards is zero.
/// Elsewhere nothing happens, and the pages go when the memory is freed.
/// </summary>
internal static unsafe partial class UnusedPages
{
    /// <summary>Bytes that are whole pages on every Linux: 4, 16 or 64 KB are usual.</summary>
    private const nuint Page = 64 << 10;

    private const int DoNotNeed = 4; // MADV_DONTNEED in linux/mman.h

    /// <summary>Gives back the whole pages from <paramref name="start"/> to <paramref name="end"/>; what they hold is lost.</summary>
    public static void GiveBack(void* start, void* end)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var first = ((nuint)start + Page - 1) / Page * Page;
        var last = (nuint)end / Page * Page;
        if (last <= first)
            return;
        try
        {
            _ = Advise((void*)first, last - first, DoNotNeed); // refused: nothing is lost but the saving
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without it keeps the pages.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
