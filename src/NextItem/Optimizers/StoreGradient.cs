namespace NextItem.Optimizers;

/// <summary>
/// Updates nothing and keeps the gradient in one of the row's states: the same step, forward and backward, serves gradient
/// checks, and clipping, which must know all gradients before it uses one. Rows that a step does not touch keep what they had.
/// </summary>
/// <param name="state">Which state holds the gradient.</param>
internal readonly unsafe struct StoreGradient(int state) : IRowRule
{
    private readonly int _state = state;

    public static int States => 1;

    public void Update(float* row, float* gradient, int width, float learningRate) =>
        new ReadOnlySpan<float>(gradient, width).CopyTo(new Span<float>(row + ((1 + _state) * width), width));
}
