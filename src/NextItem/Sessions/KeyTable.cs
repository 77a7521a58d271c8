using System.Text;

namespace NextItem.Sessions;

/// <summary>
/// Strings numbered in order of first appearance, kept as one UTF-8 blob with offsets: about 12 bytes a key beyond its text,
/// where a dictionary of strings takes about 80. Session keys and item keys both live in one of these.
/// </summary>
internal sealed class KeyTable
{
    private byte[] _blob = new byte[256];
    private int[] _ends = new int[16];     // end of key k in the blob; it starts where key k - 1 ends
    private int[] _hashes = new int[16];
    private int[] _slots = new int[32];    // open addressing, index + 1; 0 is free
    private byte[] _scratch = new byte[256];

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>All keys, UTF-8, one after the other.</summary>
    public ReadOnlySpan<byte> Blob => _blob.AsSpan(0, Count == 0 ? 0 : _ends[Count - 1]);

    /// <summary>The UTF-8 bytes of one key.</summary>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        return _blob.AsSpan(start, _ends[index] - start);
    }

    /// <summary>The text of one key; a new string each time.</summary>
    public string this[int index] => Encoding.UTF8.GetString(Utf8(index));

    /// <summary>The index of a key, or -1.</summary>
    public int Find(ReadOnlySpan<char> key)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length);
        var utf8 = longest <= 512 ? stackalloc byte[longest] : new byte[longest];
        utf8 = utf8[..Encoding.UTF8.GetBytes(key, utf8)];
        return Find(utf8, HashOf(utf8), out _);
    }

    /// <summary>The index of a key; a new key gets the next one.</summary>
    public int GetOrAdd(ReadOnlySpan<char> key)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (_scratch.Length < longest)
            _scratch = new byte[longest * 2];
        var utf8 = _scratch.AsSpan(0, Encoding.UTF8.GetBytes(key, _scratch));
        var hash = HashOf(utf8);
        var index = Find(utf8, hash, out var slot);
        return index >= 0 ? index : Add(utf8, hash, slot);
    }

    /// <summary>
    /// Of the bytes, not of the characters: text that UTF-8 cannot tell apart (single halves of surrogate pairs) is one key.
    /// The runtime's hash is seeded for each process, so that no input file can be made to collide.
    /// </summary>
    private static int HashOf(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }

    private int Find(ReadOnlySpan<byte> utf8, int hash, out int slot)
    {
        var mask = _slots.Length - 1;
        for (slot = hash & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (_hashes[index] == hash && Utf8(index).SequenceEqual(utf8))
                return index;
        }

        return -1;
    }

    private int Add(ReadOnlySpan<byte> utf8, int hash, int slot)
    {
        var start = Blob.Length;
        if (start + (long)utf8.Length > Array.MaxLength)
            throw new InvalidOperationException($"The keys take more than {Array.MaxLength:N0} bytes together; shorten them or split the data.");
        if (start + utf8.Length > _blob.Length)
            Array.Resize(ref _blob, (int)Math.Min(Array.MaxLength, Math.Max(start + (long)utf8.Length, _blob.Length * 2L)));
        utf8.CopyTo(_blob.AsSpan(start));
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        _ends[Count] = start + utf8.Length;
        _hashes[Count] = hash;
        _slots[slot] = ++Count;
        if (Count * 2L > _slots.Length)
            Rehash();
        return Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var index = 0; index < Count; index++)
        {
            var slot = _hashes[index] & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;
            _slots[slot] = index + 1;
        }
    }

    /// <summary>Enumerates all keys as strings.</summary>
    public IEnumerable<string> Strings()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }
}
