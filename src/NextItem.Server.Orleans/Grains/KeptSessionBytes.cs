using System.Text;
using Orleans.Storage;

namespace NextItem.Server.Orleans.Grains;

/// <summary>A stored session as bytes: the stamp's length (a byte), the stamp, and the session as the servers write it.</summary>
internal sealed class KeptSessionBytes : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        if (input is not KeptSession kept)
            throw new NotSupportedException($"Only sessions are stored here, no {typeof(T)}.");
        var stamp = Encoding.ASCII.GetBytes(kept.Stamp);
        return new BinaryData((byte[])[checked((byte)stamp.Length), .. stamp, .. kept.Session]);
    }

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input)
    {
        var bytes = input.ToMemory().Span;
        if (bytes.Length == 0 || bytes.Length <= bytes[0])
            throw new FormatException($"What is stored of the session has {bytes.Length} bytes, fewer than its stamp; NextItem did not write it.");
        var length = bytes[0];
        return (T)(object)new KeptSession { Stamp = Encoding.ASCII.GetString(bytes.Slice(1, length)), Session = bytes[(1 + length)..].ToArray() };
    }
}
