using NextItem.Data.Reading;
using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Tests;

public sealed class EventsFileParquetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<byte[]> Parquet(ParquetSchema schema, params Func<ParquetRowGroupWriter, Task>[] groups)
    {
        var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, bytes))
        {
            foreach (var write in groups)
            {
                using var group = writer.CreateRowGroup();
                await write(group);
            }
        }

        return bytes.ToArray();
    }

    private static Task<byte[]> Small() => Texts(["s1", "s2", "s1"], ["b", "a", "a"], [2.5, 1, 1]);

    private static Task<byte[]> Texts(string?[] sessions, string?[] items, double?[] times)
    {
        var schema = new ParquetSchema(new DataField<string>("SessionId"), new DataField<string>("ItemId"), new DataField<double?>("Time"));
        return Parquet(schema, async group =>
        {
            await group.WriteAsync(schema.DataFields[0], sessions!);
            await group.WriteAsync(schema.DataFields[1], items!);
            await group.WriteAsync<double>(schema.DataFields[2], times);
        });
    }

    [Theory]
    [InlineData("events.parquet")]
    [InlineData("events.tsv.gz")]
    public async Task Read_TextAndDouble_GivesTheSessions(string name)
    {
        var path = _folder.Write(name, await Small());

        Assert.Equal("s1: a b @1..2.5; s2: a @1..1", Sessions.Text(EventsFile.Read(path)));
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public async Task Read_WholeNumbersInSeveralGroups_GivesTheSessions()
    {
        var schema = new ParquetSchema(
            new DataField<float>("Price"), new DataField<int?>("at"), new DataField<long>("ItemId"), new DataField<int>("SessionId"));
        async Task Write(ParquetRowGroupWriter group, float[] prices, int?[] times, long[] items, int[] sessions)
        {
            await group.WriteAsync<float>(schema.DataFields[0], prices);
            await group.WriteAsync<int>(schema.DataFields[1], times);
            await group.WriteAsync<long>(schema.DataFields[2], items);
            await group.WriteAsync<int>(schema.DataFields[3], sessions);
        }

        var path = _folder.Write("events.parquet", await Parquet(
            schema,
            group => Write(group, [1, 2, 3], [9, 8, 7], [9_000_000_000, 2, 3], [1, -1, 1]),
            group => Write(group, [1], [6], [2], [1])));

        var set = EventsFile.Read(path, new EventColumns { Time = "at" });

        Assert.Equal("1: 2 3 9000000000 @6..9; -1: 2 @8..8", Sessions.Text(set));
    }

    [Fact]
    public async Task Read_EveryNumberType_GivesTheValues()
    {
        await Check<sbyte>(i => (sbyte)(i % 100), isKey: true);
        await Check<short>(i => (short)i, isKey: true);
        await Check<int>(i => -i, isKey: true);
        await Check<long>(i => i * 9_000_000_000L, isKey: true);
        await Check<byte>(i => (byte)(i % 200), isKey: true);
        await Check<ushort>(i => (ushort)i, isKey: true);
        await Check<uint>(i => (uint)i + 3_000_000_000, isKey: true);
        await Check<ulong>(i => (ulong)i + 10_000_000_000_000_000_000, isKey: true);
        await Check<float>(i => i * 0.5f, isKey: false);
        await Check<double>(i => i * 0.1, isKey: false);
        await Check<decimal>(i => i * 0.25m, isKey: false);
    }

    // Columns that can hold nulls and columns that cannot are decoded along different ways, and repeated values along a third.
    private async Task Check<T>(Func<int, T> value, bool isKey)
        where T : struct, System.Numerics.INumber<T>
    {
        const int Rows = 1_000;
        foreach (var nullable in (bool[])[false, true])
        {
            foreach (var distinct in (int[])[3, Rows])
            {
                var values = Enumerable.Range(0, Rows).Select(i => value(i * 7919 % distinct)).ToArray();
                var schema = new ParquetSchema(new DataField<int>("row"), new DataField("value", typeof(T), nullable));
                async Task Write(ParquetRowGroupWriter group)
                {
                    await group.WriteAsync<int>(schema.DataFields[0], Enumerable.Range(0, Rows).ToArray());
                    if (nullable)
                        await group.WriteAsync<T>(schema.DataFields[1], values.Select(v => (T?)v).ToArray());
                    else
                        await group.WriteAsync<T>(schema.DataFields[1], values);
                }

                var path = _folder.Write("events.parquet", await Parquet(schema, Write, Write));
                var what = $"{typeof(T).Name}, nullable {nullable}, {distinct} distinct values";

                using (var times = TableReader.Open(
                    path, [new("row", null, ""), new("value", null, "", HoldsTime: true)], "events", TestContext.Current.CancellationToken))
                {
                    for (var i = 0; i < 2 * Rows; i++)
                    {
                        Assert.True(times.MoveNext());
                        Assert.Equal((what, double.CreateChecked(values[i % Rows])), (what, times.Time(1)));
                    }

                    Assert.False(times.MoveNext());
                }

                if (!isKey)
                    continue;
                using var keys = TableReader.Open(path, [new("row", null, ""), new("value", null, "")], "events", TestContext.Current.CancellationToken);
                for (var i = 0; i < 2 * Rows; i++)
                {
                    Assert.True(keys.MoveNext());
                    Assert.Equal((what, values[i % Rows].ToString()), (what, keys.Key(1).ToString()));
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_ManyTextKeysInSeveralGroups_GivesThemAll(bool nullable)
    {
        const int Rows = 5_000;
        var schema = new ParquetSchema(
            new DataField<string>("SessionId", nullable), new DataField<string>("ItemId", nullable), new DataField<double>("Time"));
        var events = Enumerable.Range(0, 2 * Rows).Select(i => new SessionEvent($"s{i / 3}", $"item-{i * 7919 % 4_001}-é", i * 0.5)).ToArray();
        Func<ParquetRowGroupWriter, Task> Write(SessionEvent[] part) => async group =>
        {
            await group.WriteAsync(schema.DataFields[0], part.Select(e => e.SessionKey).ToArray());
            await group.WriteAsync(schema.DataFields[1], part.Select(e => e.ItemKey).ToArray());
            await group.WriteAsync<double>(schema.DataFields[2], part.Select(e => e.Time).ToArray());
        };
        var path = _folder.Write("events.parquet", await Parquet(schema, Write(events[..Rows]), Write(events[Rows..])));

        Assert.Equal(Sessions.Text(SessionSet.From(events)), Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public async Task Read_Timestamps_GivesUnixSeconds()
    {
        var schema = new ParquetSchema(
            new DataField<string>("SessionId"), new DataField<string>("ItemId"),
            new DateTimeDataField("Time", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros));
        var path = _folder.Write("events.parquet", await Parquet(schema, async group =>
        {
            await group.WriteAsync(schema.DataFields[0], (string[])["s", "s"]);
            await group.WriteAsync(schema.DataFields[1], (string[])["a", "b"]);
            await group.WriteAsync<DateTime>(schema.DataFields[2], new DateTime[]
            {
                new(2014, 4, 7, 10, 51, 9, 277, DateTimeKind.Utc), new(1969, 12, 31, 23, 59, 59, 500, DateTimeKind.Utc),
            });
        }));

        Assert.Equal("s: b a @-0.5..1396867869.277", Sessions.Text(EventsFile.Read(path)));
    }

    [Fact]
    public async Task Read_TimesAsText_ParsesThem()
    {
        var schema = new ParquetSchema(new DataField<string>("SessionId"), new DataField<string>("ItemId"), new DataField<string>("Time"));
        Task<byte[]> File(string second) => Parquet(schema, async group =>
        {
            await group.WriteAsync(schema.DataFields[0], (string[])["s", "s"]);
            await group.WriteAsync(schema.DataFields[1], (string[])["a", "b"]);
            await group.WriteAsync(schema.DataFields[2], (string[])["2014-04-07", second]);
        });

        Assert.Equal("s: b a @0..1396828800", Sessions.Text(EventsFile.Read(_folder.Write("good.parquet", await File("1970-01-01")))));
        Assert.Equal(
            "'Time' is '5', a number, where row 1 has a date", TempFolder.Refusal(_folder.Write("bad.parquet", await File("5"))).Found);
    }

    [Fact]
    public async Task Read_ByteArraysWithoutAnnotation_AreText()
    {
        var schema = new ParquetSchema(new DataField<byte[]>("SessionId"), new DataField<byte[]>("ItemId"), new DataField<int>("Time"));
        var path = _folder.Write("events.parquet", await Parquet(schema, async group =>
        {
            await group.WriteAsync(schema.DataFields[0], (byte[][])["sé"u8.ToArray()]);
            await group.WriteAsync(schema.DataFields[1], (byte[][])["a"u8.ToArray()]);
            await group.WriteAsync<int>(schema.DataFields[2], new int[] { 1 });
        }));

        Assert.Equal("sé: a @1..1", Sessions.Text(EventsFile.Read(path)));
    }

    [Theory]
    [InlineData(0, "'SessionId' is empty; expected an id.")]
    [InlineData(1, "'ItemId' is empty; expected an id.")]
    [InlineData(2, "'Time' is empty; expected a number or an ISO 8601 date.")]
    [InlineData(3, "'Time' is 'NaN'; expected a number or an ISO 8601 date.")]
    [InlineData(4, "'ItemId' is empty; expected an id.")]
    public async Task Read_NullOrEmptyOrNaN_NamesTheRow(int which, string message)
    {
        var path = _folder.Write("events.parquet", await Texts(
            ["s", which == 0 ? null : "s"],
            ["a", which == 1 ? null : which == 4 ? "" : "a"],
            [1, which == 2 ? null : which == 3 ? double.NaN : 2]));

        Assert.Equal($"{path}, row 2: {message}", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public async Task Read_NoRows_IsRefused()
    {
        var path = _folder.Write("events.parquet", await Texts([], [], []));

        Assert.Equal($"{path}: there is a header but no event (0 rows); expected at least one event.", TempFolder.Refusal(path).Message);
    }

    [Fact]
    public async Task Read_MissingColumn_ListsTheColumns()
    {
        var path = _folder.Write("events.parquet", await Small());

        Assert.Equal(
            $"{path}: there is no column 'at' among 'SessionId', 'ItemId', 'Time'; expected the columns 'SessionId', 'ItemId', 'at'. "
            + "Name another column with --time-column (EventColumns.Time).",
            TempFolder.Refusal(path, new EventColumns { Time = "at" }).Message);
    }

    [Theory]
    [InlineData("flag", "time", "the column 'flag' is of type Boolean; expected text or whole numbers.")]
    [InlineData("list", "time", "the column 'list' holds lists or records; expected text or whole numbers.")]
    [InlineData("fraction", "time", "the column 'fraction' is of type Double; expected text or whole numbers.")]
    [InlineData("time", "flag", "the column 'flag' is of type Boolean; expected numbers, timestamps or text.")]
    [InlineData("time", "list", "the column 'list' holds lists or records; expected numbers, timestamps or text.")]
    public async Task Read_WrongColumnType_NamesColumnAndType(string item, string time, string message)
    {
        var schema = new ParquetSchema(
            new DataField<string>("SessionId"), new DataField<bool>("flag"), new DataField<double>("fraction"), new DataField<int>("time"),
            new ListField("list", new DataField<int>("element", nullable: false)));
        var path = _folder.Write("events.parquet", await Parquet(schema));

        Assert.Equal($"{path}: {message}", TempFolder.Refusal(path, new EventColumns { Item = item, Time = time }).Message);
    }

    [Fact]
    public async Task Read_EveryTruncation_IsRefused()
    {
        var whole = await Small();
        for (var length = 4; length < whole.Length; length++)
        {
            var path = _folder.Write("events.parquet", whole[..length]);
            Assert.Equal(
                $"{path}: the Parquet data is damaged or cut short; expected a complete Parquet file. Copy or write it again.",
                TempFolder.Refusal(path).Message);
        }
    }

    // Not the footer, inside which Parquet.Net 6.1.0 may read for ever; a cancelled token is the way out (docs/data.md).
    [Fact]
    public async Task Read_AnyByteOfTheDataDamaged_IsReadOrRefused()
    {
        var whole = await Small();
        var tail = whole.Length - 8;
        var footer = tail - BitConverter.ToInt32(whole, tail);
        for (var at = 0; at < whole.Length; at = at + 1 == footer ? tail : at + 1)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x5A;
            EventsFileErrorTests.AssertReadOrRefused(_folder.Write("events.parquet", changed));
        }
    }

    [Fact]
    public async Task Read_UnsupportedCompression_SaysSo()
    {
        var bytes = await Small();
        var codec = bytes.AsSpan().IndexOf((byte[])[0x15, 0x02, 0x16, 0x06]) + 1;    // codec: Snappy; number of values: 3
        Assert.True(codec > 0);
        bytes[codec] = 0x06;                                                 // LZO
        var path = _folder.Write("events.parquet", bytes);

        Assert.Equal(
            $"{path}: the Parquet file uses something that is not supported (The method or operation is not implemented); "
            + "expected a Parquet file of format version 1. Write it again with the writer's defaults, or as text.",
            TempFolder.Refusal(path).Message);
    }

    [Fact]
    public async Task Read_CancelledToken_StopsAndClosesTheFile()
    {
        var path = _folder.Write("events.parquet", await Small());
        using var source = new CancellationTokenSource();
        using (var table = TableReader.Open(path, new EventColumns().Wanted(), "events", source.Token))
        {
            await source.CancelAsync();
            Assert.ThrowsAny<OperationCanceledException>(() => table.MoveNext());
        }

        TempFolder.AssertClosed(path);
    }

    [Fact]
    public async Task Read_ParquetInsideGzip_NamesIt()
    {
        var bytes = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Fastest))
            await gzip.WriteAsync(await Small(), TestContext.Current.CancellationToken);
        var path = _folder.Write("events.parquet.gz", bytes.ToArray());

        Assert.Equal(
            $"{path}: the file is Parquet inside gzip; expected UTF-8 text, plain or gzipped, or Parquet. Convert it first.",
            TempFolder.Refusal(path).Message);
    }
}
