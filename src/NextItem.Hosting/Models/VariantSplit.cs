using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NextItem.Hosting.Models;

/// <summary>
/// Which of two models an id gets: SHA-256 of the salt, a colon and the id, as UTF-8; its first eight bytes, most significant first, over 2^64;
/// B where that is below B's share. Nothing is kept for it: other servers, and this one after a restart, say the same, and so can anybody else.
/// </summary>
internal static class VariantSplit
{
    public const string A = "A";
    public const string B = "B";

    /// <summary>Bits of the number that a double holds.</summary>
    private const int Bits = 53;

    /// <summary>An id's place from 0 to below 1.</summary>
    public static double PlaceOf(string salt, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}:{id}"), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> (64 - Bits)) / (double)(1L << Bits);
    }
}
