namespace NextItem.Optimizers;

/// <summary>
/// What is done with a parameter row and its gradient: an optimiser's update in place, or keeping the gradient. The training
/// step is generic over this struct, so that the rule is compiled into the pass over the rows.
/// </summary>
internal unsafe interface IRowRule
{
    /// <summary>Floats of optimiser state per parameter.</summary>
    static abstract int States { get; }

    /// <summary>Applies the rule to one row, once a step, with the sum of all its gradients.</summary>
    /// <param name="row">[values | state 0 | ...], each <paramref name="width"/> floats; updated in place.</param>
    /// <param name="gradient">[width] gradient of the loss by the values.</param>
    /// <param name="width">Floats in a part of the row: a multiple of 16.</param>
    /// <param name="learningRate">The rate of this step.</param>
    void Update(float* row, float* gradient, int width, float learningRate);
}
