using System.Buffers.Binary;
using System.Text;

namespace NextItem.Tests.ModelFiles;

/// <summary>A file of the safetensors layout with a few random changes, mostly in its header.</summary>
internal static class RandomChanges
{
    private static readonly byte[][] s_pieces =
    [
        .. new[]
        {
            "null", "{}", "[]", "\"\"", "\"", "{", "}", "[", "]", ",", ":", "-1", "0", "1e400", "NaN", "\\ud800", "\\u0000", "18446744073709551616",
            "9223372036854775807", "2147483648", "1000000000000", "0.5", "true", "\"U8\"", "\"I64\"", "\"F32\"", "\"__metadata__\"", "é",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0x80], [0, 0, 0x80, 0x7F], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0xC0, 0x7F],
    ];

    /// <summary>The changed file; its checksum is as it was, and so wrong.</summary>
    public static byte[] Of(byte[] original, Random random)
    {
        var bytes = original.ToList();
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        var changes = random.Next(1, 4);
        for (var change = 0; change < changes; change++)
        {
            // Mostly in the header; the numbers and texts there decide what the rest means.
            var inHeader = random.Next(3) > 0;
            var place = inHeader ? random.Next(8, 8 + header) : random.Next(8 + header, bytes.Count);
            var before = bytes.Count;
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1: // a digit for a digit, or another small step
                    bytes[place] ^= (byte)(1 << random.Next(3));
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 40), before - place));
                    break;
                case 3:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 40), before - place)));
                    break;
                default:
                    var piece = s_pieces[random.Next(s_pieces.Length)];
                    if (random.Next(2) == 0)
                        bytes.RemoveRange(place, Math.Min(piece.Length, before - place));
                    bytes.InsertRange(place, piece);
                    break;
            }

            if (inHeader && random.Next(10) > 0)
                header = Math.Clamp(header + bytes.Count - before, 0, bytes.Count - 9);
        }

        var changed = bytes.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(changed, header);
        return changed;
    }
}
