using System.Text;

namespace NextItem.Data.Streaming;

/// <summary>One of several parts of a log: whole sessions, shared out by a hash of their keys, so that every session is in exactly one part.</summary>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
/// <remarks>
/// The hash is FNV-1a with 64 bits over the key's UTF-8 bytes, then MurmurHash3's last mixing, modulo the number of parts: the same
/// on every machine, and easily computed elsewhere.
/// </remarks>
internal readonly record struct SessionShard(int Number, int Count)
{
    /// <summary>The whole log.</summary>
    public static SessionShard Whole => new(1, 1);

    /// <summary>Whether a session belongs to this part.</summary>
    public bool Holds(ReadOnlySpan<char> sessionKey) => Count == 1 || HashOf(sessionKey) % (ulong)Count == (ulong)(Number - 1);

    /// <summary>A hash that never changes, spread evenly in all its bits.</summary>
    public static ulong HashOf(ReadOnlySpan<char> key)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length);
        var utf8 = longest <= 512 ? stackalloc byte[longest] : new byte[longest];
        var hash = 0xCBF29CE484222325;
        foreach (var each in utf8[..Encoding.UTF8.GetBytes(key, utf8)])
            hash = (hash ^ each) * 0x100000001B3;

        // FNV's lowest bit is the parity of the key's bytes: too regular to share sessions out by.
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
