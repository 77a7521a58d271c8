using System.Numerics.Tensors;

namespace NextItem.Features;

/// <summary>
/// Ridge regression from features of items to a number of each: min_w sum_i c_i (y_i - w x_i)^2 + penalty |w|^2, x with a 1 in front whose
/// weight is free. With few features the normal equations are factored once; with many they are solved by conjugate gradients with the
/// diagonal as preconditioner, with memory for what is not zero alone. In double.
/// </summary>
internal sealed class FeatureRegression
{
    /// <summary>The most features of normal equations that are factored: 32 MB.</summary>
    public const int MostFactored = 2_048;

    private const int MostIterations = 200;
    private const double Tolerance = 1e-6;

    /// <summary>Of the intercept's weight: none but what keeps the system regular.</summary>
    private const double InterceptPenalty = 1e-6;

    private readonly ItemFeatures _features;
    private readonly int[] _items;
    private readonly double[] _confidence;
    private readonly int[] _starts; // of each block's weights; 0 is the intercept
    private readonly double[] _penalty;
    private readonly double[] _diagonal;
    private readonly Cholesky? _factored;

    /// <summary>Prepares the system.</summary>
    /// <param name="features">Features of the known items.</param>
    /// <param name="items">The items that are fitted to.</param>
    /// <param name="confidence">c of each of them, above 0.</param>
    /// <param name="penalty">Above 0.</param>
    /// <param name="mostFactored">The most features of a system that is factored.</param>
    public FeatureRegression(ItemFeatures features, int[] items, double[] confidence, double penalty, int mostFactored = MostFactored)
    {
        (_features, _items, _confidence) = (features, items, confidence);
        _starts = new int[features.Blocks.Length + 1];
        _starts[0] = 1;
        for (var b = 0; b < features.Blocks.Length; b++)
            _starts[b + 1] = checked(_starts[b] + features.Blocks[b].Width);
        _penalty = new double[_starts[^1]];
        Array.Fill(_penalty, penalty);
        _penalty[0] = InterceptPenalty;
        _diagonal = [.. _penalty];
        for (var i = 0; i < items.Length; i++)
        {
            _diagonal[0] += confidence[i];
            for (var b = 0; b < features.Blocks.Length; b++)
            {
                foreach (var (column, value) in features.Blocks[b].Rows.Entries(items[i]))
                    _diagonal[_starts[b] + column] += confidence[i] * value * value;
            }
        }

        if (_diagonal.Length <= mostFactored)
            _factored = new Cholesky(Normal());
    }

    /// <summary>
    /// What each item of the system has to say of another: the regression's value of it, for any numbers y of theirs, is the sum of these
    /// shares times y. One system solved for all numbers of an item.
    /// </summary>
    /// <param name="features">Features encoded as those of the system.</param>
    /// <param name="item">The item.</param>
    public double[] SharesOf(ItemFeatures features, int item)
    {
        var row = new double[_diagonal.Length];
        row[0] = 1;
        for (var b = 0; b < features.Blocks.Length; b++)
            features.Blocks[b].Rows.AddTo(item, 1, row.AsSpan(_starts[b], _starts[b + 1] - _starts[b]));
        var solved = Solve(row);
        var shares = new double[_items.Length];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = _confidence[i] * Product(_features, _items[i], solved);
        return shares;
    }

    /// <summary>Solves the normal equations for a right side, which is overwritten.</summary>
    private double[] Solve(double[] residual)
    {
        if (_factored is not null)
        {
            _factored.Solve(residual);
            return residual;
        }

        var ofItems = new double[_items.Length];
        var weights = new double[residual.Length];
        var scaled = new double[residual.Length];
        var direction = new double[residual.Length];
        var product = new double[residual.Length];
        TensorPrimitives.Divide(residual, _diagonal, scaled);
        scaled.CopyTo(direction.AsSpan());
        var size = TensorPrimitives.Dot<double>(residual, scaled);
        var enough = Tolerance * Tolerance * size;
        for (var iteration = 0; iteration < MostIterations && size > enough; iteration++)
        {
            Apply(direction, ofItems, product);
            var step = size / TensorPrimitives.Dot<double>(direction, product);
            TensorPrimitives.MultiplyAdd(direction, step, weights, weights);
            TensorPrimitives.MultiplyAdd(product, -step, residual, residual);
            TensorPrimitives.Divide(residual, _diagonal, scaled);
            var next = TensorPrimitives.Dot<double>(residual, scaled);
            TensorPrimitives.MultiplyAdd(direction, next / size, scaled, direction);
            size = next;
        }

        return weights;
    }

    /// <summary>X^T C X + penalties, its rows from the diagonal on.</summary>
    private double[][] Normal()
    {
        var normal = new double[_diagonal.Length][];
        for (var a = 0; a < normal.Length; a++)
        {
            normal[a] = new double[normal.Length - a];
            normal[a][0] = _penalty[a];
        }

        var row = new double[normal.Length];
        var columns = new List<int>();
        for (var i = 0; i < _items.Length; i++)
        {
            Array.Clear(row);
            columns.Clear();
            row[0] = 1;
            columns.Add(0);
            for (var b = 0; b < _features.Blocks.Length; b++)
            {
                foreach (var (column, value) in _features.Blocks[b].Rows.Entries(_items[i]))
                {
                    row[_starts[b] + column] = value;
                    columns.Add(_starts[b] + column);
                }
            }

            foreach (var a in columns)
                TensorPrimitives.MultiplyAdd(row.AsSpan(a), _confidence[i] * row[a], normal[a], normal[a]);
        }

        return normal;
    }

    /// <summary>(X^T C X + penalties) v.</summary>
    private void Apply(double[] vector, double[] ofItems, double[] result)
    {
        for (var i = 0; i < _items.Length; i++)
            ofItems[i] = _confidence[i] * Product(_features, _items[i], vector);
        TensorPrimitives.Multiply(vector, _penalty, result);
        for (var i = 0; i < _items.Length; i++)
        {
            result[0] += ofItems[i];
            for (var b = 0; b < _features.Blocks.Length; b++)
                _features.Blocks[b].Rows.AddTo(_items[i], ofItems[i], result.AsSpan(_starts[b], _starts[b + 1] - _starts[b]));
        }
    }

    private double Product(ItemFeatures features, int item, double[] vector)
    {
        var sum = vector[0];
        for (var b = 0; b < features.Blocks.Length; b++)
            sum += features.Blocks[b].Rows.Dot(item, vector.AsSpan(_starts[b], _starts[b + 1] - _starts[b]));
        return sum;
    }
}
