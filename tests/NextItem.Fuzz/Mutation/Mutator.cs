using System.Buffers.Binary;

namespace NextItem.Fuzz.Mutation;

/// <summary>Changes of bytes that need to know nothing of their meaning: flips, numbers, lengths, cuts, copies, splices, pieces.</summary>
internal static class Mutator
{
    private static readonly long[] s_numbers =
    [
        0, 1, -1, 2, 7, 8, 63, 64, 127, 128, 255, 256, 1000, short.MaxValue, short.MinValue, ushort.MaxValue, 65_536, 1 << 20, 100_000_000,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue,
    ];

    /// <summary>The longest input that changes may make of one.</summary>
    public const int LongestInput = 1 << 20;

    /// <summary>A changed copy.</summary>
    /// <param name="input">What is changed; may be empty.</param>
    /// <param name="other">Another input, to splice with.</param>
    /// <param name="pieces">What means something to the reader.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Changed(byte[] input, byte[] other, IReadOnlyList<byte[]> pieces, Random random)
    {
        var bytes = input.ToList();
        // One change mostly: after eight, next to nothing is read any more.
        for (var changes = random.Next(3) > 0 ? 1 : random.Next(2, 9); changes > 0 && bytes.Count < LongestInput; changes--)
            Change(bytes, other, pieces, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, IReadOnlyList<byte[]> pieces, Random random)
    {
        var place = Place(bytes.Count, random);
        switch (random.Next(10))
        {
            case 0 when bytes.Count > place:
                bytes[place] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when bytes.Count > place:
                bytes[place] = (byte)random.Next(256);
                break;
            case 2 when bytes.Count > place:
                bytes[place] += (byte)random.Next(-8, 9);
                break;
            case 3: // a length, little- or big-endian
                Overwrite(bytes, place, Number(random));
                break;
            case 4 when bytes.Count > 0: // cut short, mostly near the end
                var kept = random.Next(2) == 0 ? random.Next(bytes.Count) : Math.Max(0, bytes.Count - random.Next(1, 64));
                bytes.RemoveRange(kept, bytes.Count - kept);
                break;
            case 5:
                bytes.RemoveRange(place, Math.Min(Length(random), bytes.Count - place));
                break;
            case 6: // again, once or often
                var part = bytes.GetRange(place, Math.Min(Length(random), bytes.Count - place));
                for (var times = random.Next(8) == 0 ? random.Next(200) : 1; times > 0 && bytes.Count < LongestInput; times--)
                    bytes.InsertRange(place, part);
                break;
            case 7 when other.Length > 0: // splice
                var from = random.Next(other.Length);
                bytes.RemoveRange(place, random.Next(2) == 0 ? bytes.Count - place : Math.Min(Length(random), bytes.Count - place));
                bytes.InsertRange(place, other.AsSpan(from, Math.Min(random.Next(2) == 0 ? other.Length : Length(random), other.Length - from)).ToArray());
                break;
            default:
                if (pieces.Count == 0)
                    break;
                var piece = pieces[random.Next(pieces.Count)];
                if (random.Next(2) == 0)
                    bytes.RemoveRange(place, Math.Min(piece.Length, bytes.Count - place));
                bytes.InsertRange(place, piece);
                break;
        }
    }

    /// <summary>Anywhere, but often at the two ends, where headers and footers are.</summary>
    private static int Place(int length, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, 64) + 1),
        1 => length - random.Next(Math.Min(length, 64) + 1),
        _ => random.Next(length + 1),
    };

    private static int Length(Random random) => 1 << random.Next(10) is var most ? random.Next(1, most + 1) : 1;

    private static byte[] Number(Random random)
    {
        var number = s_numbers[random.Next(s_numbers.Length)] + random.Next(-1, 2);
        var bytes = new byte[8];
        if (random.Next(4) == 0)
            BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        var size = 1 << random.Next(4);
        return BitConverter.IsLittleEndian ? bytes[..size] : bytes;
    }

    private static void Overwrite(List<byte> bytes, int place, byte[] by)
    {
        for (var i = 0; i < by.Length && place + i < bytes.Count; i++)
            bytes[place + i] = by[i];
    }
}
