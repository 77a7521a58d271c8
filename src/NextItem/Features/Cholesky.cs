using System.Numerics.Tensors;

namespace NextItem.Features;

/// <summary>A symmetric positive definite matrix as R^T R with R upper triangular, to solve systems with it.</summary>
internal sealed class Cholesky
{
    private readonly double[][] _rows; // R, each row from its diagonal on

    /// <summary>Factors in place.</summary>
    /// <param name="upper">[n] the matrix's rows from the diagonal on; row a has n - a numbers.</param>
    public Cholesky(double[][] upper)
    {
        _rows = upper;
        for (var a = 0; a < upper.Length; a++)
        {
            var root = Math.Sqrt(upper[a][0]);
            TensorPrimitives.Divide(upper[a], root, upper[a]);
            for (var b = a + 1; b < upper.Length; b++)
            {
                var factor = upper[a][b - a];
                if (factor != 0)
                    TensorPrimitives.MultiplyAdd(upper[a].AsSpan(b - a), -factor, upper[b], upper[b]);
            }
        }
    }

    /// <summary>Puts x in the place of y, where the matrix times x is y.</summary>
    public void Solve(double[] values)
    {
        for (var a = 0; a < values.Length; a++)
        {
            values[a] /= _rows[a][0];
            TensorPrimitives.MultiplyAdd(_rows[a].AsSpan(1), -values[a], values.AsSpan(a + 1), values.AsSpan(a + 1));
        }

        for (var a = values.Length - 1; a >= 0; a--)
            values[a] = (values[a] - TensorPrimitives.Dot<double>(_rows[a].AsSpan(1), values.AsSpan(a + 1))) / _rows[a][0];
    }
}
