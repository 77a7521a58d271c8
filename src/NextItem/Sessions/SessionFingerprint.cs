using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NextItem.Sessions;

/// <summary>
/// SHA-256 of the item keys, then the sessions' items, offsets and start times, each in their order and in any number of pieces:
/// what <see cref="SessionSet.Fingerprint"/> is, for sets that are not in memory too.
/// </summary>
internal sealed class SessionFingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The next item's key.</summary>
    public void AddItemKey(ReadOnlySpan<byte> utf8)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        _hash.AppendData(length);
        _hash.AppendData(utf8);
    }

    /// <summary>The next events' item indices, or after all of them the next sessions' offsets.</summary>
    public void Add(ReadOnlySpan<int> numbers) => _hash.AppendData(MemoryMarshal.AsBytes(numbers));

    /// <summary>After the offsets, the next sessions' start times.</summary>
    public void Add(ReadOnlySpan<double> startTimes) => _hash.AppendData(MemoryMarshal.AsBytes(startTimes));

    /// <summary>The fingerprint, in lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
