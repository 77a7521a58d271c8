using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Asks Linux to back large tables with pages of 2 MB. Item rows are read in random order: with pages of 4 KB nearly each row of
/// a large catalogue costs a walk through the page tables besides the memory itself. A hint, which many systems only follow
/// when asked; elsewhere, and where the system refuses, nothing changes.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a page, and what a table is aligned to.</summary>
    public const int Size = 2 << 20;

    private const int AdviseHugePage = 14; // MADV_HUGEPAGE in linux/mman.h
    private static bool s_refused = !OperatingSystem.IsLinux();

    /// <summary>Whether memory of this length is worth it.</summary>
    public static bool IsWorthIt(nuint bytes) => bytes >= 2 * Size;

    /// <summary>Asks for the whole pages inside a stretch of memory.</summary>
    /// <param name="start">A multiple of <see cref="Size"/>.</param>
    /// <param name="bytes">Its length.</param>
    public static void Ask(void* start, nuint bytes)
    {
        if (s_refused)
            return;
        try
        {
            s_refused = Advise(start, bytes / Size * Size, AdviseHugePage) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_refused = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
