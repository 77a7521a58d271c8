namespace NextItem.Tests.Reference;

/// <summary>The matrix product by its definition, in double, with the sum of magnitudes that tolerances are relative to.</summary>
internal static class DoubleMatMul
{
    /// <summary>C[i, j] = start[i, j] + sum over k of A[i, k] B[k, j].</summary>
    public static (double[,] Product, double[,] Magnitude) Multiply(Func<int, int, double> a, Func<int, int, double> b, Func<int, int, double> start, int m, int inner, int n)
    {
        var product = new double[m, n];
        var magnitude = new double[m, n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                product[i, j] = start(i, j);
                magnitude[i, j] = Math.Abs(start(i, j));
                for (var k = 0; k < inner; k++)
                {
                    product[i, j] += a(i, k) * b(k, j);
                    magnitude[i, j] += Math.Abs(a(i, k) * b(k, j));
                }
            }
        }

        return (product, magnitude);
    }
}
