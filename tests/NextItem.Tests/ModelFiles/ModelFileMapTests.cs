using System.Buffers.Binary;

namespace NextItem.Tests.ModelFiles;

public sealed class ModelFileMapTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nextitem-map-").FullName;

    private string File => Path.Combine(_folder, "model");

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Map_SavedModel_EqualsTheLoadedOne(string kind)
    {
        using var mapped = Map(SmallModels.BytesOf(kind));
        Assert.Equal(kind.StartsWith("gru4rec", StringComparison.Ordinal) && !OperatingSystem.IsWindows(), mapped.Model is Gru4RecModel { IsMapped: true });
        var model = SmallModels.Of(kind).Model;
        var count = model.Catalog.Count;
        var test = SmallModels.TestSessions(model.Catalog);
        using var lanes = model.Open(3);
        using var mappedLanes = mapped.Model.Open(3);
        ScoredItem[] best = new ScoredItem[count], mappedBest = new ScoredItem[count];
        foreach (var item in SmallModels.Log.ItemsOf(3))
        {
            lanes.Advance([-1, item, 3]);
            mappedLanes.Advance([-1, item, 3]);
            var found = lanes.TopK(1, null, [], best);
            Assert.Equal(found, mappedLanes.TopK(1, null, [], mappedBest));
            Assert.Equal(best[..found], mappedBest[..found]);
        }

        var expected = Evaluator.Evaluate(model, test, null, TestContext.Current.CancellationToken);
        var measured = Evaluator.Evaluate(mapped.Model, SmallModels.TestSessions(mapped.Model.Catalog), null, TestContext.Current.CancellationToken);
        Assert.Equal(expected.Metrics, measured.Metrics);
        Assert.Equal(SmallModels.BytesOf(kind), SmallModels.Bytes(mapped));
    }

    [Theory, MemberData(nameof(SmallModels.GruKinds), MemberType = typeof(SmallModels))]
    public void Map_ModelToGoOnTrainingWith_HasTheSameParameters(string kind)
    {
        using var mapped = Map(SmallModels.BytesOf(kind));
        var model = (Gru4RecModel)SmallModels.Of(kind).Model;
        var other = (Gru4RecModel)mapped.Model;
        Assert.Equal(model.ParameterCount, other.ParameterCount);
        Assert.Equal(model.Parameters.All.ValueCount, other.ParameterCount);
        foreach (var (table, copy) in model.Parameters.All.Tables.Zip(other.Parameters.All.Tables))
        {
            Assert.Equal((table.Name, table.Rows, table.Width), (copy.Name, copy.Rows, copy.Width));
            for (var row = 0; row < table.Rows; row++)
            {
                for (var i = 0; i < table.Blocks * table.BlockColumns; i++)
                    Assert.Equal(table.At(row, i / table.BlockColumns, i % table.BlockColumns), copy.At(row, i / table.BlockColumns, i % table.BlockColumns));
            }
        }

        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(model.VectorOf(item), other.VectorOf(item));
    }

    [Fact]
    public void Map_FileReplacedByAnother_GoesOnWithTheOldOne()
    {
        using var mapped = Map(SmallModels.BytesOf(SmallModels.ResetBefore));
        var newer = Path.Combine(_folder, "newer");
        System.IO.File.WriteAllBytes(newer, SmallModels.BytesOf(SmallModels.ResetAfter));
        System.IO.File.Move(newer, File, overwrite: true);
        Assert.Equal(SmallModels.BytesOf(SmallModels.ResetBefore), SmallModels.Bytes(mapped));
    }

    [Fact]
    public void Map_StreamThatDoesNotStartWithTheModel_ReadsFromWhereItStands()
    {
        var bytes = SmallModels.BytesOf(SmallModels.Separate);
        foreach (var before in new[] { 64, 4, 3 }) // the last is no address for floats: copied
        {
            System.IO.File.WriteAllBytes(File, [.. new byte[before], .. bytes]);
            using var stream = System.IO.File.OpenRead(File);
            stream.Position = before;
            using var mapped = ModelFile.Map(stream);
            Assert.Equal(before % 4 == 0 && !OperatingSystem.IsWindows(), ((Gru4RecModel)mapped.Model).IsMapped);
            Assert.Equal(bytes, SmallModels.Bytes(mapped));
        }
    }

    [Theory, MemberData(nameof(SmallModels.GruKinds), MemberType = typeof(SmallModels))]
    public void Map_OneByteChanged_IsRefused(string kind)
    {
        var bytes = SmallModels.BytesOf(kind);
        bytes[^5] ^= 1;
        Assert.Contains("is damaged", Assert.Throws<ModelFileException>(() => Map(bytes)).Message, StringComparison.Ordinal);
        Assert.Contains("truncated", Assert.Throws<ModelFileException>(() => Map(bytes[..^64])).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("item.vectors"), InlineData("item.bias"), InlineData("embedding")]
    public void Map_NumberThatIsNotFinite_IsRefused(string tensor)
    {
        var file = new ForgedFile(SmallModels.Separate);
        BinaryPrimitives.WriteSingleLittleEndian(file[tensor].Bytes.AsSpan(20), float.NaN);
        Assert.Contains($"'{tensor}' has NaN in row", Assert.Throws<ModelFileException>(() => Map(file.ToBytes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_WithOpenLanes_LetsThemFinishAndOpensNoMore()
    {
        foreach (var mapped in new[] { true, false })
        {
            var model = mapped ? Map(SmallModels.BytesOf(SmallModels.ResetBefore)) : ModelFile.Load(new MemoryStream(SmallModels.BytesOf(SmallModels.ResetBefore)));
            var best = new ScoredItem[5];
            using (var lanes = model.Model.Open(1))
            {
                lanes.Advance([3]);
                lanes.TopK(0, null, [], best);
                model.Dispose();
                var after = new ScoredItem[5];
                lanes.TopK(0, null, [], after);
                Assert.Equal(best, after);
                Assert.Throws<ObjectDisposedException>(() => model.Model.Open(1));
                Assert.Throws<ObjectDisposedException>(() => ((Gru4RecModel)model.Model).BuildIndex(leastItems: 1));
                Assert.Throws<ObjectDisposedException>(() => ((IItemVectors)model.Model).VectorOf(0).Length);
            }

            model.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TrainedModel Map(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        using var stream = System.IO.File.OpenRead(File);
        return ModelFile.Map(stream);
    }
}
