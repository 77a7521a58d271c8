using NextItem.Fuzz.Mutation;
using Parquet;
using Parquet.Schema;

namespace NextItem.Fuzz.Targets;

/// <summary>Parquet.</summary>
internal sealed class ParquetTarget : EventsTarget
{
    private const int FooterEnd = 8;

    public override string Name => "parquet";

    /// <summary>Beginnings of fields, lists and structures of Thrift's compact protocol, and numbers in its way of writing them.</summary>
    public override IReadOnlyList<byte[]> Pieces { get; } =
    [
        "PAR1"u8.ToArray(), [0x15], [0x16], [0x18], [0x19], [0x1C], [0x25], [0x2C], [0x29, 0xFC], [0x00], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x08], [0x80, 0x94, 0xEB, 0xDC, 0x03], [0x80, 0x80, 0x04], "SessionId"u8.ToArray(), "ItemId"u8.ToArray(), "Time"u8.ToArray(),
    ];

    /// <summary>A million rows may take next to no bytes: three columns of them.</summary>
    public override long MostAllocated(ReadOnlySpan<byte> input) => base.MostAllocated(input) + (256L << 20);

    /// <summary>The footer by itself, with its true length after it.</summary>
    public override byte[] Changed(byte[] input, Random random)
    {
        if (random.Next(3) == 0 || input.Length < 12 || BitConverter.ToUInt32(input, input.Length - FooterEnd) is var length && length > input.Length - FooterEnd - 4)
            return input;
        var start = input.Length - FooterEnd - (int)length;
        var footer = Mutator.Changed(input[start..^FooterEnd], input, Pieces, random);
        return [.. input[..start], .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        foreach (var method in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd })
            yield return ($"texts-{method.ToString().ToLowerInvariant()}.parquet", Texts(method).GetAwaiter().GetResult());
        yield return ("numbers.parquet", Numbers(groups: 1).GetAwaiter().GetResult());
        yield return ("two-groups.parquet", Numbers(groups: 2).GetAwaiter().GetResult());
    }

    private static async Task<byte[]> Texts(CompressionMethod method)
    {
        var session = new DataField<string>("SessionId");
        var item = new DataField<string>("ItemId", nullable: false);
        var time = new DataField<DateTime>("Time");
        var events = SmallShop.Events().ToList();
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(session, item, time), stream, new ParquetOptions { CompressionMethod = method }))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(session, events.Select(e => e.SessionKey).ToArray());
            await group.WriteAsync(item, events.Select(e => e.ItemKey).ToArray());
            await group.WriteAsync<DateTime>(time, events.Select(e => DateTime.UnixEpoch.AddSeconds(e.Time)).ToArray());
        }

        return stream.ToArray();
    }

    private static async Task<byte[]> Numbers(int groups)
    {
        var session = new DataField<long>("SessionId");
        var item = new DataField<int?>("ItemId");
        var time = new DataField<double>("Time");
        var rest = new DataField<float?>("Price");
        var events = SmallShop.Events().ToList();
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(rest, session, item, time), stream, new ParquetOptions()))
        {
            for (var g = 0; g < groups; g++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<float>(rest, events.Select((_, i) => i % 3 == 0 ? null : (float?)i).ToArray());
                await group.WriteAsync<long>(session, events.Select((_, i) => (long)(i / 3)).ToArray());
                await group.WriteAsync<int>(item, events.Select((_, i) => (int?)(i % 7)).ToArray());
                await group.WriteAsync<double>(time, events.Select(e => e.Time).ToArray());
            }
        }

        return stream.ToArray();
    }
}
