namespace NextItem.Kernels;

/// <summary>Scratch matrices that live and die together.</summary>
internal sealed class Arena : IDisposable
{
    private readonly List<AlignedBuffer> _buffers = [];

    /// <summary>A matrix of zeros, its columns padded to a multiple of 16, its rows <see cref="SimdWidth.Stride"/> apart.</summary>
    public Matrix Allocate(int rows, int columns)
    {
        var stride = SimdWidth.Stride(SimdWidth.Padded(columns));
        var buffer = new AlignedBuffer((long)rows * stride);
        _buffers.Add(buffer);
        unsafe
        {
            return new Matrix(buffer.Data, rows, columns, stride);
        }
    }

    /// <summary>Frees all of them.</summary>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
    }
}
