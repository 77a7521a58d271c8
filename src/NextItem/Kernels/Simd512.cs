using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <summary>512-bit vectors (AVX-512).</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Width => 16;

    public static bool HasWideTile => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Create(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MaxNative(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MinNative(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> a) => Vector512.Round(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(Vector512<float> a, Vector512<float> n) =>
        Avx512F.IsSupported ? Avx512F.Scale(a, n) : Vector512.Create(Simd256.Scale(a.GetLower(), n.GetLower()), Simd256.Scale(a.GetUpper(), n.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> a) => Exponential.Of<Simd512, Vector512<float>>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> a) => Vector512.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectAtLeast(Vector512<float> a, Vector512<float> b, Vector512<float> yes, Vector512<float> no) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReciprocalSqrt(Vector512<float> a)
    {
        if (!Avx512F.IsSupported)
            return Vector512.Create(1f) / Vector512.Sqrt(a);

        // 14 bits from the table, doubled by one Newton step: y (1.5 - 0.5 a y^2). Half the time of a root and a division.
        var y = Avx512F.ReciprocalSqrt14(a);
        var half = a * 0.5f * y;
        var result = y * Vector512.FusedMultiplyAdd(-half, y, Vector512.Create(1.5f));

        // For infinity the table says 0 and the step infinity times 0: the other widths give 0 there, so does this one.
        return Vector512.ConditionalSelect(Vector512.Equals(a, Vector512.Create(float.PositiveInfinity)), Vector512<float>.Zero, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CountGreater(Vector512<float> a, Vector512<float> b, Vector512<float> count) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), count + Vector512<float>.One, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CountEqual(Vector512<float> a, Vector512<float> b, Vector512<float> count) =>
        Vector512.ConditionalSelect(Vector512.Equals(a, b), count + Vector512<float>.One, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreater(Vector512<float> a, Vector512<float> b) => Vector512.GreaterThanAny(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(float** rows, long column, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        if (!Avx512F.IsSupported)
        {
            Simd256.LoadColumns(rows, column, out var low0, out var low1, out var low2, out var low3);
            Simd256.LoadColumns(rows + Simd256.Width, column, out var high0, out var high1, out var high2, out var high3);
            (c0, c1) = (Vector512.Create(low0, high0), Vector512.Create(low1, high1));
            (c2, c3) = (Vector512.Create(low2, high2), Vector512.Create(low3, high3));
            return;
        }

        // Four squares of four rows beside each other, each turned within its 128 bits.
        Vector512<float> a = Four(rows, column), b = Four(rows + 1, column), c = Four(rows + 2, column), d = Four(rows + 3, column);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        c0 = Avx512F.UnpackLow(ab, cd).AsSingle();
        c1 = Avx512F.UnpackHigh(ab, cd).AsSingle();
        ab = Avx512F.UnpackHigh(a, b).AsDouble();
        cd = Avx512F.UnpackHigh(c, d).AsDouble();
        c2 = Avx512F.UnpackLow(ab, cd).AsSingle();
        c3 = Avx512F.UnpackHigh(ab, cd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadColumn(float** rows, long column) =>
        Vector512.Create(Simd256.LoadColumn(rows, column), Simd256.LoadColumn(rows + Simd256.Width, column));

    /// <summary>Four columns of rows 0, 4, 8 and 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(float** rows, long column) =>
        Vector512.Create(
            Vector256.Create(Vector128.Load(rows[0] + column), Vector128.Load(rows[4] + column)),
            Vector256.Create(Vector128.Load(rows[8] + column), Vector128.Load(rows[12] + column)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(Vector512<float> a, Vector512<float> b) => Vector512.LessThanOrEqualAll(a, b);
}
