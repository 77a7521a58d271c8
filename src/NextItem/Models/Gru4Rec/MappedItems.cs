using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>The rows of items that a model reads where they lie in a mapped file, instead of in a table of its own.</summary>
/// <param name="file">What holds the mapping; disposed with this.</param>
/// <param name="scored">The scored rows.</param>
/// <param name="inputs">[I x E]: the rows of inputs; null for one-hot input.</param>
/// <param name="inputSize">E: they lie one after the other.</param>
internal sealed unsafe class MappedItems(IDisposable file, ItemRows scored, float* inputs, int inputSize) : IDisposable
{
    /// <summary>The scored rows.</summary>
    public ItemRows Scored => scored;

    /// <summary>[E]: what an item is as an input.</summary>
    public ReadOnlySpan<float> InputOf(int item) => new(inputs + ((long)item * inputSize), inputSize);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
