namespace NextItem.Kernels;

/// <summary>A hidden state h = c q + g as <see cref="ItemIndex"/> asks for it.</summary>
/// <param name="pairs">q, two 16-bit integers in each.</param>
/// <param name="start">-128 times the sum of q: what the sums start with, since a byte stands as itself plus 128.</param>
/// <param name="scale">c.</param>
/// <param name="norm">At least the length of h.</param>
internal readonly unsafe struct IndexQuery(int* pairs, int start, float scale, float norm)
{
    public readonly int* Pairs = pairs;
    public readonly int Start = start;
    public readonly float Scale = scale;
    public readonly float Norm = norm;
}
