namespace NextItem.Optimizers;

/// <summary>
/// Updates nothing and keeps the gradient as the row's only state: the same step, forward and backward, serves gradient
/// checks. Rows that a step does not touch keep what they had; clear the states before.
/// </summary>
internal readonly unsafe struct StoreGradient : IRowRule
{
    public static int States => 1;

    public void Update(float* row, float* gradient, int width) =>
        new ReadOnlySpan<float>(gradient, width).CopyTo(new Span<float>(row + width, width));
}
