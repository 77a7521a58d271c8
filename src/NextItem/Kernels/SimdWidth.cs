using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>
/// Which vector width this process runs at, and the padding that every internal matrix has so that no kernel needs a tail:
/// rows are padded with zeros to a multiple of 16 floats, the widest vector.
/// </summary>
internal static class SimdWidth
{
    /// <summary>Floats in the widest vector of any width; internal rows are padded to a multiple of it.</summary>
    public const int Padding = 16;

    /// <summary>Floats in the vectors in use: 16, 8, 4 or 1.</summary>
    public static int Floats =>
        Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>The smallest multiple of <see cref="Padding"/> that holds <paramref name="length"/> floats.</summary>
    public static int Padded(int length) => checked((length + Padding - 1) / Padding * Padding);

    /// <summary>
    /// Floats from one row of a matrix to the next, for rows of so many. Rows that are a multiple of 8 cache lines apart fall into few
    /// sets of the first-level cache and drive each other out of it; long ones get one line more.
    /// </summary>
    /// <param name="length">Floats of a row: a multiple of <see cref="Padding"/>.</param>
    public static int Stride(int length) => length >= 16 * Padding && length % (8 * Padding) == 0 ? checked(length + Padding) : length;
}
