using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>A piece of vector work, its operands in its fields, written once for every width.</summary>
internal interface ISimdWork
{
    /// <summary>Does the work at one width.</summary>
    void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : unmanaged;
}

/// <summary>Runs vector work at the width of this process.</summary>
internal static class SimdDispatch
{
    /// <summary>The one place that chooses; after compilation one branch of it is left.</summary>
    public static void Run<TWork>(ref TWork work)
        where TWork : struct, ISimdWork
    {
        if (Vector512.IsHardwareAccelerated)
            work.Run<Simd512, Vector512<float>>();
        else if (Vector256.IsHardwareAccelerated)
            work.Run<Simd256, Vector256<float>>();
        else if (Vector128.IsHardwareAccelerated)
            work.Run<Simd128, Vector128<float>>();
        else
            work.Run<SimdScalar, float>();
    }
}
