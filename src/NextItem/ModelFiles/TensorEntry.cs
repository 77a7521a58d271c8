namespace NextItem.ModelFiles;

/// <summary>Element types of the safetensors layout that NextItem uses.</summary>
internal enum TensorType
{
    U8,
    I32,
    I64,
    F32,
}

/// <summary>One tensor of a file: name, type, shape and place.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Row-major shape.</param>
/// <param name="Start">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record TensorEntry(string Name, TensorType Type, long[] Shape, long Start, long End)
{
    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(TensorType type) => type switch
    {
        TensorType.U8 => 1,
        TensorType.I64 => 8,
        _ => 4,
    };

    /// <summary>Bytes that a shape takes, or -1 when it is negative or overflows.</summary>
    public static long BytesOf(TensorType type, ReadOnlySpan<long> shape)
    {
        Int128 bytes = SizeOf(type);
        foreach (var length in shape)
        {
            bytes *= length;
            if (length < 0 || bytes > long.MaxValue)
                return -1;
        }

        return (long)bytes;
    }
}
