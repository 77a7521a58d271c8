using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Tells Linux that it can have the pages of a stretch of memory back, which stays allocated: what is read there afterwards is zero.
/// Elsewhere nothing happens, and the pages go when the memory is freed.
/// </summary>
internal static unsafe partial class UnusedPages
{
    private const int DoNotNeed = 4; // MADV_DONTNEED in linux/mman.h

    /// <summary>Gives back the whole pages from <paramref name="start"/> to <paramref name="end"/>; what they hold is lost.</summary>
    public static void GiveBack(void* start, void* end)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var page = (nuint)Environment.SystemPageSize;
        var first = ((nuint)start + page - 1) / page * page;
        var last = (nuint)end / page * page;
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
