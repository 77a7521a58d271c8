using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NextItem.Fuzz.Mutation;

/// <summary>Changes of files of the safetensors layout that leave length and checksum right, so that what stands behind them is reached.</summary>
internal static class TensorFiles
{
    private const int DigestLength = 64;
    private static readonly byte[] s_checksumKey = "\"checksum\":\""u8.ToArray();
    private static readonly byte[] s_zeros = Encoding.ASCII.GetBytes(new string('0', DigestLength));

    /// <summary>What its header is made of.</summary>
    public static IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. new[]
        {
            "null", "{}", "[]", "\"\"", "\"", "{", "}", "[", "]", ",", ":", "-1", "0", "1", "2", "1e400", "-0", "\\\"NaN\\\"", "\\\"Infinity\\\"", "\\ud800", "\\u0000",
            "18446744073709551616", "9223372036854775807", "2147483648", "2147483647", "1000000000000", "0.5", "true", "\"U8\"", "\"I32\"", "\"I64\"", "\"F32\"",
            "\"__metadata__\"", "é", "[0]", "[1,1]", "[0,0]", "gru4rec", "prnn", "markov", "pop", "s-pop", "recent-pop", "item-knn", "rules", "bpr-mf", "v-sknn",
            "vmis-knn", "fusion", "models.0.", "models.1.", "Shared", "Separate", "None", "ResetAfter", "\\\"layers\\\":[65536]", "\\\"cosineScale\\\":3",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0x80], [0, 0, 0x80, 0x7F], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0xC0, 0x7F],
    ];

    /// <summary>With the right checksum where it has one.</summary>
    public static byte[] Signed(byte[] file)
    {
        var place = file.AsSpan().IndexOf(s_checksumKey);
        if (place < 0 || place + s_checksumKey.Length + DigestLength > file.Length)
            return file;
        var signed = file.ToArray();
        var digest = signed.AsSpan(place + s_checksumKey.Length, DigestLength);
        s_zeros.CopyTo(digest);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(signed)), digest);
        return signed;
    }

    /// <summary>The header or the tensors changed by themselves, and put together with the header's true length.</summary>
    public static byte[] Changed(byte[] file, Func<byte[], byte[]> change, Random random)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(file) is var length && length > (ulong)(file.Length - 8))
            return change(file);
        var (header, tensors) = (file[8..(8 + (int)length)], file[(8 + (int)length)..]);
        switch (random.Next(4))
        {
            case 0:
                tensors = change(tensors);
                break;
            case 1: // one number of the header for another: a shape, a place, an option
                header = WithOtherNumber(header, random);
                break;
            default:
                header = change(header);
                break;
        }

        var changed = new byte[8 + header.Length + tensors.Length];
        BinaryPrimitives.WriteInt64LittleEndian(changed, header.Length);
        header.CopyTo(changed, 8);
        tensors.CopyTo(changed, 8 + header.Length);
        return changed;
    }

    private static byte[] WithOtherNumber(byte[] header, Random random)
    {
        var text = Encoding.Latin1.GetString(header);
        var start = text.AsSpan().IndexOfAnyInRange('0', '9') < 0 ? -1 : random.Next(text.Length);
        while (start >= 0 && start < text.Length && !char.IsAsciiDigit(text[start]))
            start++;
        if (start < 0 || start == text.Length)
            return header;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        var found = long.TryParse(text.AsSpan(start, end - start), out var number) ? number : 0;
        var other = random.Next(6) switch { 0 => found + 1, 1 => found - 1, 2 => found * 2, 3 => 0, 4 => int.MaxValue, _ => random.NextInt64() };
        return Encoding.Latin1.GetBytes($"{text[..start]}{other}{text[end..]}");
    }
}
