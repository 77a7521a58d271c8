using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>What stands before the numbers of an array in NumPy's format; parsed strictly.</summary>
/// <param name="Type">Of an element, such as <c>&lt;f4</c>.</param>
/// <param name="IsFortranOrder">Whether the first dimension runs fastest.</param>
/// <param name="Shape">As it stands there, such as <c>(3, 4)</c>.</param>
/// <remarks>Versions 1 to 3 of the format as NumPy's documentation of numpy.lib.format describes it.</remarks>
internal sealed partial record NpyHeader(string Type, bool IsFortranOrder, string Shape)
{
    private const int PrefixLength = 8;
    private const int LongestHeader = 1 << 16;

    /// <summary>How every such array begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header, up to the first number.</summary>
    /// <param name="stream">At the start of the array.</param>
    /// <param name="fault">Makes the exception of what was found, expected and advised.</param>
    public static NpyHeader Read(Stream stream, Func<string, string, string?, Exception> fault)
    {
        var header = ReadText(stream, fault);
        var match = HeaderText().Match(header);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; match.Success && i < match.Groups["key"].Captures.Count; i++)
            values[match.Groups["key"].Captures[i].Value] = match.Groups["value"].Captures[i].Value;
        if (values.Count != 3)
            throw fault($"the header is {Shown.Value(header.Trim())}", "one with descr, fortran_order and shape, as numpy.save writes it", null);
        return new NpyHeader(values["descr"].Trim('\''), values["fortran_order"] == "True", values["shape"]);
    }

    private static string ReadText(Stream stream, Func<string, string, string?, Exception> fault)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        ReadOrRefuse(stream, prefix, fault);
        if (!prefix.StartsWith(Magic))
            throw fault("it does not begin as an array of NumPy does", "a .npy file", null);
        if (prefix[6] is < 1 or > 3 || prefix[7] != 0)
            throw fault($"the version of the format is {prefix[6]}.{prefix[7]}", "1.0, 2.0 or 3.0", null);
        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        ReadOrRefuse(stream, prefix[6] == 1 ? lengthBytes[..2] : lengthBytes, fault);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader)
            throw fault($"the header has {length:N0} bytes", $"at most {LongestHeader:N0}", null);
        var header = new byte[length];
        ReadOrRefuse(stream, header, fault);
        return Encoding.UTF8.GetString(header);
    }

    private static void ReadOrRefuse(Stream stream, Span<byte> bytes, Func<string, string, string?, Exception> fault)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw fault("the header is cut short", "a complete .npy file", "Copy or write it again.");
    }

    [GeneratedRegex(@"\A\s*\{\s*(?:'(?<key>descr|fortran_order|shape)'\s*:\s*(?<value>'[^']*'|True|False|\([0-9,\s]*\))\s*(?:,\s*|(?=\})))+\}\s*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderText();
}
