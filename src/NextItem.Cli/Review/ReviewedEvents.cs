using System.Runtime.InteropServices;
using NextItem.Data;

namespace NextItem.Cli.Review;

/// <summary>The sessions of a file, and a hash of every event: session key, item key and time, which sessions alone do not keep.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="Hashes">The events' hashes, rising. 64 bits: 30 million different events make an equal pair with a chance of 1 in 40,000.</param>
internal sealed record ReviewedEvents(SessionSet Sessions, ulong[] Hashes)
{
    /// <summary>Reads a file.</summary>
    public static ReviewedEvents Read(FileInfo file, EventColumns columns, ItemCatalog? catalog, CancellationToken cancellationToken)
    {
        var hashes = new List<ulong>();
        var sessions = EventsFile.ReadRows(file.ToString(), columns, catalog, (session, item, time) => hashes.Add(Hash(session, item, time)), cancellationToken);
        var rising = hashes.ToArray();
        Array.Sort(rising);
        return new ReviewedEvents(sessions, rising);
    }

    /// <summary>Events that are there more than once, each counted as often as it is there beyond the first.</summary>
    public int Duplicates()
    {
        var count = 0;
        for (var i = 1; i < Hashes.Length; i++)
            count += Hashes[i] == Hashes[i - 1] ? 1 : 0;
        return count;
    }

    /// <summary>How many events of this file the other has too.</summary>
    public int SharedWith(ReviewedEvents other)
    {
        var count = 0;
        var there = 0;
        foreach (var hash in Hashes)
        {
            while (there < other.Hashes.Length && other.Hashes[there] < hash)
                there++;
            count += there < other.Hashes.Length && other.Hashes[there] == hash ? 1 : 0;
        }

        return count;
    }

    /// <summary>FNV-1a over the two keys with their lengths and the time, then the finish of SplitMix64.</summary>
    private static ulong Hash(ReadOnlySpan<char> session, ReadOnlySpan<char> item, double time)
    {
        var hash = Add(Add(14695981039346656037, session), item);
        hash ^= BitConverter.DoubleToUInt64Bits(time);
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    private static ulong Add(ulong hash, ReadOnlySpan<char> key)
    {
        foreach (var unit in MemoryMarshal.Cast<char, ushort>(key))
            hash = (hash ^ unit) * 1099511628211;
        return (hash ^ ((ulong)key.Length + 0x10000)) * 1099511628211;
    }
}
