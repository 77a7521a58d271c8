using Parquet;
using Parquet.Schema;

namespace NextItem.Data.Tests.Features;

public sealed class ParquetFeaturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Items of texts, numbers, flags and lists; a null list, or an empty one, where an item has none.</summary>
    private async Task<string> Write<T>(string name, long[] items, string?[] titles, double?[] prices, bool[] flags, T?[]?[] vectors, int groupSize)
        where T : unmanaged
    {
        var list = new ListField("image", new DataField<T>("element", nullable: true));
        var schema = new ParquetSchema(new DataField<long>("ItemId"), new DataField<string>("title"), new DataField<double?>("price"), new DataField<bool>("flag"), list);
        var bytes = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, bytes))
        {
            for (var start = 0; start < items.Length; start += groupSize)
            {
                var rows = start..Math.Min(items.Length, start + groupSize);
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<long>(schema.DataFields[0], items[rows]);
                await group.WriteAsync(schema.DataFields[1], titles[rows]!);
                await group.WriteAsync<double>(schema.DataFields[2], prices[rows]);
                await group.WriteAsync<bool>(schema.DataFields[3], flags[rows]);

                // Levels by hand: 0 the list is null, 1 it is empty, 2 an element is null, 3 an element is there.
                var (values, definitions, repetitions) = (new List<T>(), new List<int>(), new List<int>());
                foreach (var vector in vectors[rows])
                {
                    if (vector is null or [])
                    {
                        definitions.Add(vector is null ? 0 : 1);
                        repetitions.Add(0);
                        continue;
                    }

                    for (var i = 0; i < vector.Length; i++)
                    {
                        definitions.Add(vector[i] is null ? 2 : 3);
                        repetitions.Add(i == 0 ? 0 : 1);
                        if (vector[i] is { } value)
                            values.Add(value);
                    }
                }

                await group.WriteAllPartsAsync<T>(schema.DataFields[4], values.ToArray(), definitions.ToArray(), repetitions.ToArray(), CancellationToken.None);
            }
        }

        return _folder.Write(name, bytes.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Read_AllTypes_GuessesAndReads(int groupSize)
    {
        var path = await Write<float>(
            "items.parquet", [7, 8, 9, 10, 11], ["red hat", null, "red shoe", "", "blue"], [1.5, null, 2.5, null, 2], [true, false, true, true, true],
            [[3, 4], null, [], [0, 2], [5, 12]], groupSize);

        var content = FeatureFiles.Read([new(path)], FeatureFilesTests.Catalog("10", "7", "9", "8"));
        var features = content.Fit();

        Assert.Equal("text: title; category: flag[]; number: price; vector: image", FeatureFilesTests.Kinds(content));
        Assert.Equal(["", "red:1", "red:1", ""], Enumerable.Range(0, 4).Select(item => FeatureFilesTests.Row(features.Blocks[0], item)));
        Assert.Equal("flag=false:1", FeatureFilesTests.Row(features.Blocks[1], 3));
        Assert.Equal(["", "price:-1", "price:1", ""], Enumerable.Range(0, 4).Select(item => FeatureFilesTests.Row(features.Blocks[2], item)));
        Assert.Equal(["image[1]:1", "image[0]:0.6 image[1]:0.8", "", ""], Enumerable.Range(0, 4).Select(item => FeatureFilesTests.Row(features.Blocks[3], item)));
        Assert.Equal(2, features.Blocks[3].MissingCount);
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public async Task Read_DoublesAndWholeNumbers_AreVectors()
    {
        var doubles = await Write<double>("d.parquet", [7], ["x"], [1], [true], [[0.25, -1]], 1);
        var integers = await Write<int>("i.parquet", [7], ["x"], [1], [true], [[2, 0]], 1);
        foreach (var (path, expected) in new[] { (doubles, "image[0]:0.25 image[1]:-1"), (integers, "image[0]:2") })
        {
            var source = new FeatureSource(path) { Blocks = [FeatureFilesTests.Block("b", new FeatureColumnOptions("image", FeatureKind.Vector)) with { NormaliseVectors = false }] };
            Assert.Equal(expected, FeatureFilesTests.Row(FeatureFiles.Read([source], FeatureFilesTests.Catalog("7")).Fit().Blocks[0], 0));
        }
    }

    [Fact]
    public async Task Read_BadVectors_NamesTheRow()
    {
        async Task<string> Message(params float?[]?[] vectors)
        {
            var path = await Write<float>("bad.parquet", [1, 2, 3], ["a", "b", "c"], [1, 2, 3], [true, false, true], vectors, 2);
            var message = Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(path) { Blocks = [FeatureFilesTests.Block("b", new FeatureColumnOptions("image", FeatureKind.Vector))] }], FeatureFilesTests.Catalog("1", "2", "3"))).Message;
            TempFolder.AssertClosed(path);
            return message.Replace(path, "", StringComparison.Ordinal);
        }

        Assert.Equal(", row 3: 'image' has 3 numbers; expected 2, as in row 1.", await Message([1, 2], null, [1, 2, 3]));
        Assert.Equal(", row 2: number 2 of 'image' is 'NaN'; expected a finite number.", await Message([1, 2], [1, null], [1, 2]));
        Assert.Equal(", row 3: number 1 of 'image' is 'Infinity'; expected a finite number.", await Message([1, 2], [1, 1], [float.PositiveInfinity, 2]));
    }

    [Theory]
    [InlineData("image", FeatureKind.Text, "the column 'image' holds lists of numbers; expected text; or use it as a vector.")]
    [InlineData("image", FeatureKind.Number, "the column 'image' holds lists of numbers; expected single numbers; or use it as a vector.")]
    [InlineData("title", FeatureKind.Number, "'title' is 'a'; expected a finite number, or nothing where it is missing. If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).")]
    public async Task Read_OtherTypeThanSaid_IsRefused(string column, FeatureKind kind, string message)
    {
        var path = await Write<float>("t.parquet", [1], ["a"], [1], [true], [[1, 2]], 1);
        var source = new FeatureSource(path) { Blocks = [FeatureFilesTests.Block("b", new FeatureColumnOptions(column, kind))] };
        Assert.EndsWith(message, Assert.Throws<EventsFileException>(() => FeatureFiles.Read([source], FeatureFilesTests.Catalog("1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NotANumberInANumber_IsRefused()
    {
        var path = await Write<float>("n.parquet", [1, 2], ["a", "b"], [1, double.NaN], [true, true], [[1], [1]], 2);
        var source = new FeatureSource(path) { Blocks = [FeatureFilesTests.Block("b", new FeatureColumnOptions("price", FeatureKind.Number))] };
        Assert.StartsWith($"{path}, row 2: 'price' is 'NaN'; expected a finite number, or nothing where it is missing.", Assert.Throws<EventsFileException>(() => FeatureFiles.Read([source], FeatureFilesTests.Catalog("1", "2"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EveryTruncationAndDamagedByteOfTheData_IsReadOrRefused()
    {
        var path = await Write<float>("whole.parquet", [1, 2], ["a b", "b"], [1, 2], [true, false], [[1, 2], [3, 4]], 2);
        var whole = await File.ReadAllBytesAsync(path);
        var tail = whole.Length - 8;
        var footer = tail - BitConverter.ToInt32(whole, tail);
        var refused = 0;
        for (var at = 4; at < footer; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x5A;
            try
            {
                FeatureFiles.Read([new(_folder.Write("changed.parquet", changed))], FeatureFilesTests.Catalog("1", "2"));
            }
            catch (Exception e) when (e is EventsFileException)
            {
                refused++;
            }
        }

        Assert.True(refused > 50, $"{refused} refused");
        for (var length = 4; length < whole.Length; length += 7)
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(_folder.Write("cut.parquet", whole[..length]))], FeatureFilesTests.Catalog("1")));
    }
}
