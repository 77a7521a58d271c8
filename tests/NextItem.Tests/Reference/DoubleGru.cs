namespace NextItem.Tests.Reference;

/// <summary>One step of a GRU for one lane, written from the formulas of algorithms section 2.1. Gates: 0 candidate, 1 reset, 2 update.</summary>
internal static class DoubleGru
{
    /// <summary>h' from x and h.</summary>
    /// <param name="x">[E] input.</param>
    /// <param name="h">[H] previous state.</param>
    /// <param name="w">[E x 3 x H] input weights.</param>
    /// <param name="u">[H x 3 x H] recurrent weights.</param>
    /// <param name="b">[1 x 3 x H] bias of the input's part.</param>
    /// <param name="c">[1 x 3 x H] bias of the recurrent part: null for reset-before.</param>
    public static double[] Step(double[] x, double[] h, double[,,] w, double[,,] u, double[,,] b, double[,,]? c)
    {
        var units = h.Length;
        var result = new double[units];
        var reset = new double[units];
        for (var j = 0; j < units; j++)
            reset[j] = Sigmoid(Input(1, j) + Recurrent(1, j, h));

        var resetState = new double[units];
        for (var j = 0; j < units; j++)
            resetState[j] = reset[j] * h[j];

        for (var j = 0; j < units; j++)
        {
            var z = Sigmoid(Input(2, j) + Recurrent(2, j, h));
            var candidate = c is null
                ? Math.Tanh(Input(0, j) + Recurrent(0, j, resetState))
                : Math.Tanh(Input(0, j) + (reset[j] * Recurrent(0, j, h)));
            result[j] = ((1 - z) * h[j]) + (z * candidate);
        }

        return result;

        double Input(int gate, int j)
        {
            var sum = b[0, gate, j];
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * w[i, gate, j];
            return sum;
        }

        double Recurrent(int gate, int j, double[] state)
        {
            var sum = c is null ? 0 : c[0, gate, j];
            for (var i = 0; i < units; i++)
                sum += state[i] * u[i, gate, j];
            return sum;
        }
    }

    public static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
}
