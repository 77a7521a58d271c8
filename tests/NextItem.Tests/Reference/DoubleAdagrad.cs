namespace NextItem.Tests.Reference;

/// <summary>Adagrad, with momentum or without, on one parameter, by algorithms section 5.</summary>
internal static class DoubleAdagrad
{
    /// <summary>a += g^2; u = g / sqrt(a + 1e-6); v = mu v - lr u; p += v.</summary>
    public static void Update(ref double p, ref double a, ref double v, double g, double learningRate, double momentum)
    {
        a += g * g;
        v = (momentum * v) - (learningRate * g / Math.Sqrt(a + 1e-6));
        p += v;
    }
}
