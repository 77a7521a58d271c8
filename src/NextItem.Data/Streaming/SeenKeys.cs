namespace NextItem.Data.Streaming;

/// <summary>
/// Remembers keys in a fixed 32 MB: a Bloom filter of four bits a key. It never forgets one, and of keys that are new it takes
/// some four in a million for known ones after 3 million keys, two in a hundred after 30 million.
/// </summary>
/// <remarks>Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970; two hashes make all four (Kirsch and Mitzenmacher 2006).</remarks>
internal sealed class SeenKeys
{
    private const int Probes = 4;
    private const int BitsLog = 28;

    private readonly ulong[] _bits = new ulong[1 << (BitsLog - 6)];

    /// <summary>Adds a key.</summary>
    /// <returns>False when the key is new for certain; true when it was there, or seems so.</returns>
    public bool Add(ReadOnlySpan<char> key)
    {
        var hash = SessionShard.HashOf(key);
        var step = (hash >> BitsLog) | 1;
        var wasThere = true;
        for (var probe = 0; probe < Probes; probe++, hash += step)
        {
            var place = hash & ((1UL << BitsLog) - 1);
            ref var word = ref _bits[place >> 6];
            var bit = 1UL << (int)(place & 63);
            wasThere &= (word & bit) != 0;
            word |= bit;
        }

        return wasThere;
    }
}
