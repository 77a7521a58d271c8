namespace NextItem.Kernels;

/// <summary>
/// The few vector operations that the kernels need, for one vector width. A kernel is written once, generic over this; the
/// JIT compiles it for each width as if it had been written by hand. Which width runs is chosen in <see cref="SimdWidth"/>.
/// </summary>
/// <typeparam name="TVector">The vector: <c>Vector512&lt;float&gt;</c> down to a plain float.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of a matrix-product tile: as many as leave the accumulators in registers.</summary>
    static abstract bool HasWideTile { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    static abstract TVector Create(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a * b + c, fused where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Sqrt(TVector a);

    /// <summary>The larger; where <paramref name="b"/> is NaN, NaN.</summary>
    static abstract TVector MaxNative(TVector a, TVector b);

    /// <summary>The smaller; where <paramref name="b"/> is NaN, NaN.</summary>
    static abstract TVector MinNative(TVector a, TVector b);

    /// <summary>The nearest integer.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>a times 2^n for integers n of -151 to 130.</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>e^a; 0 and infinity where float ends.</summary>
    static abstract TVector Exp(TVector a);

    /// <summary>The natural logarithm.</summary>
    static abstract TVector Log(TVector a);

    /// <summary>Element by element: <paramref name="yes"/> where a is at least b, else <paramref name="no"/>.</summary>
    static abstract TVector SelectAtLeast(TVector a, TVector b, TVector yes, TVector no);

    /// <summary>1 / sqrt(a), to about 1e-7 relative.</summary>
    static abstract TVector ReciprocalSqrt(TVector a);

    /// <summary>Where a is greater than b the count grows by one, element by element; counts are exact up to 2^24.</summary>
    static abstract TVector CountGreater(TVector a, TVector b, TVector count);

    /// <summary>Where a equals b the count grows by one, element by element; counts are exact up to 2^24.</summary>
    static abstract TVector CountEqual(TVector a, TVector b, TVector count);

    /// <summary>True when any element of a is greater than that of b.</summary>
    static abstract bool AnyGreater(TVector a, TVector b);

    /// <summary>Four columns of as many rows as a vector is wide: c0[i] = rows[i][column], c1[i] = rows[i][column + 1], ...</summary>
    static abstract void LoadColumns(float** rows, long column, out TVector c0, out TVector c1, out TVector c2, out TVector c3);

    /// <summary>One column of as many rows as a vector is wide.</summary>
    static abstract TVector LoadColumn(float** rows, long column);

    /// <summary>True when every element of a is at most that of b; NaN is not.</summary>
    static abstract bool AllAtMost(TVector a, TVector b);
}
