using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <summary>128-bit vectors (SSE, Arm NEON).</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Width => 4;

    public static bool HasWideTile => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MaxNative(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MinNative(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> a) => Vector128.Round(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<float> a, Vector128<float> n)
    {
        // In two factors, since 2^n itself may not be a normal number.
        var power = Vector128.ConvertToInt32Native(n);
        var half = power >> 1;
        var bias = Vector128.Create(127);
        return a * ((half + bias) << 23).AsSingle() * ((power - half + bias) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> a) => Exponential.Of<Simd128, Vector128<float>>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> a) => Vector128.Log(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectAtLeast(Vector128<float> a, Vector128<float> b, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(a, b), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ReciprocalSqrt(Vector128<float> a) => Vector128<float>.One / Vector128.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CountGreater(Vector128<float> a, Vector128<float> b, Vector128<float> count) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), count + Vector128<float>.One, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CountEqual(Vector128<float> a, Vector128<float> b, Vector128<float> count) =>
        Vector128.ConditionalSelect(Vector128.Equals(a, b), count + Vector128<float>.One, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreater(Vector128<float> a, Vector128<float> b) => Vector128.GreaterThanAny(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(float** rows, long column, out Vector128<float> c0, out Vector128<float> c1, out Vector128<float> c2, out Vector128<float> c3)
    {
        Vector128<float> a = Load(rows[0] + column), b = Load(rows[1] + column), c = Load(rows[2] + column), d = Load(rows[3] + column);
        if (Sse2.IsSupported)
        {
            Vector128<double> ab = Sse.UnpackLow(a, b).AsDouble(), cd = Sse.UnpackLow(c, d).AsDouble();
            c0 = Sse2.UnpackLow(ab, cd).AsSingle();
            c1 = Sse2.UnpackHigh(ab, cd).AsSingle();
            ab = Sse.UnpackHigh(a, b).AsDouble();
            cd = Sse.UnpackHigh(c, d).AsDouble();
            c2 = Sse2.UnpackLow(ab, cd).AsSingle();
            c3 = Sse2.UnpackHigh(ab, cd).AsSingle();
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<double> ab = AdvSimd.Arm64.ZipLow(a, b).AsDouble(), cd = AdvSimd.Arm64.ZipLow(c, d).AsDouble();
            c0 = AdvSimd.Arm64.ZipLow(ab, cd).AsSingle();
            c1 = AdvSimd.Arm64.ZipHigh(ab, cd).AsSingle();
            ab = AdvSimd.Arm64.ZipHigh(a, b).AsDouble();
            cd = AdvSimd.Arm64.ZipHigh(c, d).AsDouble();
            c2 = AdvSimd.Arm64.ZipLow(ab, cd).AsSingle();
            c3 = AdvSimd.Arm64.ZipHigh(ab, cd).AsSingle();
        }
        else
        {
            c0 = LoadColumn(rows, column);
            c1 = LoadColumn(rows, column + 1);
            c2 = LoadColumn(rows, column + 2);
            c3 = LoadColumn(rows, column + 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadColumn(float** rows, long column) =>
        Vector128.Create(rows[0][column], rows[1][column], rows[2][column], rows[3][column]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(Vector128<float> a, Vector128<float> b) => Vector128.LessThanOrEqualAll(a, b);
}
