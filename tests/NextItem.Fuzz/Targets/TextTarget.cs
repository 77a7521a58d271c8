using System.IO.Compression;
using System.Text;
using NextItem.Data;
using NextItem.Fuzz.Mutation;

namespace NextItem.Fuzz.Targets;

/// <summary>Separated text, with a header and without, plain and gzipped.</summary>
internal sealed class TextTarget : EventsTarget
{
    private static readonly byte[] s_gzip = [0x1F, 0x8B];

    public override string Name => "tsv";

    public override IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. new[]
        {
            "\t", ",", ";", "\n", "\r\n", "\r", "\"", "\"\"", "\0", "\uFEFF", "SessionId", "ItemId", "Time", "SessionId\tItemId\tTime\n", "1e308", "1e309", "-1", "NaN", "Infinity",
            "9223372036854775808", "2026-01-02T10:00:00Z", "2026-01-02", "9999-12-31T23:59:59.9999999+14:00", "0001-01-01T00:00:00", "é", "日本語", " ", "1,5", "0x10", "1_000", "\u2028",
        }.Select(Encoding.UTF8.GetBytes),
        s_gzip, [0xFF, 0xFE], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF0, 0x9F], "PAR1"u8.ToArray(), "PK\u0003\u0004"u8.ToArray(),
    ];

    protected override IEnumerable<EventColumns> Columns => [new EventColumns(), new EventColumns { Format = EventsFormat.PyGru4Rec }];

    /// <summary>Gzip packs a thousandfold: what is allocated goes by the text within.</summary>
    public override long MostAllocated(ReadOnlySpan<byte> input) => base.MostAllocated(input) + (input.StartsWith(s_gzip) ? (64L * input.Length) << 10 : 0);

    /// <summary>The text within a gzip file.</summary>
    public override byte[] Changed(byte[] input, Random random)
    {
        if (!input.AsSpan().StartsWith(s_gzip) || random.Next(4) == 0)
            return input;
        try
        {
            using var text = new MemoryStream();
            using (var gzip = new GZipStream(new MemoryStream(input), CompressionMode.Decompress))
                gzip.CopyTo(text);
            return Gzipped(Mutator.Changed(text.ToArray(), input, Pieces, random));
        }
        catch (InvalidDataException)
        {
            return input;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        var tab = Written();
        var text = Encoding.UTF8.GetString(tab);
        var rows = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        yield return ("tabs.tsv", tab);
        yield return ("commas.csv", Encoding.UTF8.GetBytes(text.Replace(',', ' ').Replace('\t', ',')));
        yield return ("gzipped.tsv.gz", Gzipped(tab));
        yield return ("two-members.tsv.gz", [.. Gzipped(tab), .. Gzipped(Encoding.UTF8.GetBytes(rows))]);
        yield return ("no-header.tsv", Encoding.UTF8.GetBytes(rows));
        yield return ("byte-order-mark.tsv", [.. Encoding.UTF8.Preamble, .. tab]);
        yield return ("windows.tsv", Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        yield return ("dates.csv", "Time,ItemId,SessionId\n2026-01-02T10:00:00Z,A,1\n2026-01-02T10:00:05.25+02:00,\"B, \"\"b\"\"\",1\n2026-01-03,\"C,c\",2\n2026-01-03 11:00,A,2\n"u8.ToArray());
        yield return ("semicolons.csv", "x;SessionId;ItemId;Time\n;1;A;1.5\n;1;B;2e3\n\"q;\nr\";2;A;-7\n;2;C;0\n\n"u8.ToArray());
    }

    private static byte[] Gzipped(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(text);
        return packed.ToArray();
    }
}
