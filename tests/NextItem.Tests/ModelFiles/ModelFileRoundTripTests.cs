using System.Globalization;

namespace NextItem.Tests.ModelFiles;

public class ModelFileRoundTripTests
{
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_SavedModel_GivesTheSameScoresToTheBit(string kind)
    {
        var (model, loaded) = RoundTrip(kind);
        var count = model.Catalog.Count;
        using var lanes = model.Open(1);
        using var loadedLanes = loaded.Open(1);
        var best = new ScoredItem[count];
        var loadedBest = new ScoredItem[count];
        for (var session = 0; session < 20; session++)
        {
            lanes.Reset(0);
            loadedLanes.Reset(0);
            foreach (var item in SmallModels.Log.ItemsOf(session))
            {
                lanes.Advance([item]);
                loadedLanes.Advance([item]);
                var found = lanes.TopK(0, null, [], best);
                Assert.Equal(found, loadedLanes.TopK(0, null, [], loadedBest));
                Assert.Equal(best[..found].Select(Bits), loadedBest[..found].Select(Bits));
            }
        }

        static (int Item, int Score) Bits(ScoredItem scored) => (scored.ItemIndex, BitConverter.SingleToInt32Bits(scored.Score));
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_SavedModel_GivesTheSameRecommendations(string kind)
    {
        var (model, loaded) = RoundTrip(kind);
        using var recommender = new Recommender(model);
        using var loadedRecommender = new Recommender(loaded);
        string[][] sessions = [["🛒"], ["", "tab\tin it"], ["日本語のキー", "unknown", "item 20"], [], ["unknown"]];
        foreach (var session in sessions)
        {
            var expected = recommender.Recommend(session, 12);
            var found = loadedRecommender.Recommend(session, 12);
            Assert.NotEmpty(expected.Items);
            Assert.Equal(expected.Items, found.Items);
            Assert.Equal(expected.UnknownItems, found.UnknownItems);
            Assert.Equal(expected.IsPopularFallback, found.IsPopularFallback);
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_SavedModel_GivesTheSameEvaluation(string kind)
    {
        var (model, loaded) = RoundTrip(kind);
        foreach (var unknown in Enum.GetValues<UnknownItems>())
        {
            var options = new EvaluationOptions { Unknown = unknown, Ties = TieBreaking.Median };
            var expected = Evaluator.Evaluate(model, SmallModels.TestSessions(model.Catalog), options, TestContext.Current.CancellationToken);
            var found = Evaluator.Evaluate(loaded, SmallModels.TestSessions(loaded.Catalog), options, TestContext.Current.CancellationToken);
            Assert.True(expected.UnknownEvents > 0 && expected.RecallAt(20) > 0);
            Assert.Equal(expected.Metrics, found.Metrics);
            Assert.Equal(expected with { Metrics = [] }, found with { Metrics = [] });
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_SavedModel_GivesTheSameCatalog(string kind)
    {
        var (model, loaded) = RoundTrip(kind);
        Assert.Equal(model.Algorithm, loaded.Algorithm);
        Assert.Equal(model.Catalog.Count, loaded.Catalog.Count);
        Assert.Equal(model.Catalog.Support, loaded.Catalog.Support);
        for (var item = 0; item < model.Catalog.Count; item++)
        {
            Assert.Equal(model.Catalog.KeyOf(item), loaded.Catalog.KeyOf(item));
            Assert.Equal(item, loaded.Catalog.IndexOf(model.Catalog.KeyOf(item)));
        }

        string[] awkward = ["", "tab\tin it", "nul\0byte", "🛒", "é", "e\u0301"];
        Assert.All(awkward, key => Assert.True(loaded.Catalog.IndexOf(key) >= 0, key));
    }

    [Theory, MemberData(nameof(SmallModels.GruKinds), MemberType = typeof(SmallModels))]
    public void Load_SavedGru4Rec_GivesTheSameOptionsAndVectors(string kind)
    {
        var (saved, read) = RoundTrip(kind);
        var (model, loaded) = (Assert.IsType<Gru4RecModel>(saved), Assert.IsType<Gru4RecModel>(read));
        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(ulong.MaxValue - 3, loaded.Options.Seed);
        Assert.Equal(model.ParameterCount, loaded.ParameterCount);
        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(model.VectorOf(item), loaded.VectorOf(item));
    }

    [Theory, InlineData(SmallModels.Parallel), InlineData(SmallModels.Interaction), InlineData(SmallModels.SharedWeights), InlineData(SmallModels.IdOnly)]
    public void Load_SavedPrnn_GivesTheSameOptionsFeaturesAndVectors(string kind)
    {
        var (saved, read) = RoundTrip(kind);
        var (model, loaded) = (Assert.IsType<PrnnModel>(saved), Assert.IsType<PrnnModel>(read));
        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(model.Features?.Fingerprint(), loaded.Features?.Fingerprint());
        Assert.Equal(kind == SmallModels.IdOnly, model.Features is null);
        Assert.Equal(model.ParameterCount, loaded.ParameterCount);
        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(model.VectorOf(item), loaded.VectorOf(item));
    }

    /// <summary>As for GRU4Rec, whose options a p-RNN shares.</summary>
    [Fact]
    public void SmallModels_EveryOptionOfPrnn_DiffersFromItsDefaultInOneKind()
    {
        string[] kinds = [SmallModels.Parallel, SmallModels.Interaction, SmallModels.SharedWeights, SmallModels.IdOnly];
        var options = kinds.Select(kind => ((PrnnModel)SmallModels.Of(kind).Model).Options).ToArray();
        foreach (var property in typeof(PrnnOptions).GetProperties())
            Assert.True(options.Any(these => !Equals(property.GetValue(these), property.GetValue(new PrnnOptions()))), property.Name);
        foreach (var property in typeof(SubnetOptions).GetProperties())
            Assert.True(options.SelectMany(these => these.Subnets).Any(these => !Equals(property.GetValue(these), property.GetValue(new SubnetOptions("")))), property.Name);
    }

    /// <summary>That the options come back shows little for one that has its default in every kind.</summary>
    [Fact]
    public void SmallModels_EveryOption_DiffersFromItsDefaultInOneKind()
    {
        var options = SmallModels.GruKinds.Select(kind => ((Gru4RecModel)SmallModels.Of(kind.Data).Model).Options).ToArray();
        foreach (var property in typeof(Gru4RecOptions).GetProperties())
        {
            var usual = property.GetValue(new Gru4RecOptions());
            Assert.True(options.Any(these => !Equals(property.GetValue(these), usual)), $"{property.Name} is {usual} in every kind");
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_SavedModel_GivesTheSameProvenance(string kind)
    {
        var expected = SmallModels.Of(kind).Provenance;
        var found = Load(SmallModels.BytesOf(kind)).Provenance;
        Assert.Equal(expected.EpochLosses, found.EpochLosses);
        Assert.Equal(expected.ValidationMetrics, found.ValidationMetrics);
        Assert.Equal(kind == SmallModels.Cosine ? 1 : 0, expected.Teachers.Length);
        Assert.Equal(expected.Teachers, found.Teachers);
        var epochs = kind switch
        {
            SmallModels.Interaction => 3, // one of each subnet
            SmallModels.SharedWeights => 4, // and one of them two
            _ => kind.StartsWith("gru4rec", StringComparison.Ordinal) || kind.StartsWith("prnn", StringComparison.Ordinal) ? 2 : 0,
        };
        Assert.Equal(epochs, found.EpochLosses.Length);
        Assert.Equal(Plain(expected), Plain(found));

        static TrainingProvenance Plain(TrainingProvenance provenance) => provenance with { EpochLosses = [], ValidationMetrics = [], Teachers = [] };
    }

    /// <summary>Older files know of no teachers, and those without any have no other bytes than then.</summary>
    [Fact]
    public void Save_ModelWithoutTeachers_DoesNotNameThem()
    {
        Assert.DoesNotContain("\"teachers\"", new SafetensorsFile(SmallModels.BytesOf(SmallModels.Separate)).Metadata["provenance"], StringComparison.Ordinal);
        Assert.Contains("\"teachers\":[\"", new SafetensorsFile(SmallModels.BytesOf(SmallModels.Cosine)).Metadata["provenance"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.NaN)]
    [InlineData(0.1)]
    [InlineData(double.MaxValue)]
    public void Load_ProvenanceOfAnyNumber_GivesItBack(double time)
    {
        var model = SmallModels.Of(SmallModels.Popularity);
        var bytes = SmallModels.Bytes(model with { Provenance = model.Provenance with { TrainedUntil = time, EpochLosses = [time, -0.0] } });
        var found = Load(bytes).Provenance;
        Assert.Equal(time, found.TrainedUntil);
        Assert.Equal([time, -0.0], found.EpochLosses);
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Save_LoadedModel_GivesTheSameBytes(string kind)
    {
        var bytes = SmallModels.BytesOf(kind);
        Assert.Equal(bytes, SmallModels.Bytes(Load(bytes)));
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Save_StreamThatCannotSeek_GivesTheSameBytes(string kind)
    {
        using var stream = new OneWayStream();
        ModelFile.Save(stream, SmallModels.Of(kind));
        Assert.Equal(SmallModels.BytesOf(kind), stream.ToArray());
    }

    [Fact]
    public void Save_CatalogWithoutItems_CanBeLoaded()
    {
        var catalog = ItemCatalog.From([], []);
        var empty = SessionSet.From([], catalog);
        var loaded = Load(SmallModels.Bytes(Trainer.Describe(MarkovModel.Fit(empty), empty))).Model;
        Assert.Equal(0, loaded.Catalog.Count);
        using var recommender = new Recommender(loaded);
        Assert.Empty(recommender.Recommend(["x"], 5).Items);
    }

    [Fact]
    public void Load_StreamNotAtItsStart_ReadsFromWhereItIs()
    {
        var bytes = SmallModels.BytesOf(SmallModels.TwoLayers);
        using var stream = new MemoryStream([.. new byte[100], .. bytes]) { Position = 100 };
        Assert.Equal(bytes, SmallModels.Bytes(ModelFile.Load(stream)));
    }

    [Fact]
    public void Load_StreamThatGivesAFewBytesAtATime_ReadsAll()
    {
        var bytes = SmallModels.BytesOf(SmallModels.TwoLayersAfter);
        using var stream = new DrippingStream(bytes);
        Assert.Equal(bytes, SmallModels.Bytes(ModelFile.Load(stream)));
    }

    [Fact]
    public void Load_StreamThatCannotSeek_ThrowsArgumentException()
    {
        using var stream = new OneWayStream();
        var refusal = Assert.Throws<ArgumentException>("stream", () => ModelFile.Load(stream));
        Assert.Contains("cannot seek", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveAndLoad_NullArguments_Throw()
    {
        Assert.Throws<ArgumentNullException>("stream", () => ModelFile.Load(null!));
        Assert.Throws<ArgumentNullException>("stream", () => ModelFile.Save(null!, SmallModels.Of(SmallModels.Markov)));
        Assert.Throws<ArgumentNullException>("model", () => ModelFile.Save(Stream.Null, null!));
    }

    [Fact]
    public void Save_ModelOfAnotherKind_ThrowsAndWritesNothing()
    {
        var stream = new MemoryStream();
        var foreign = SmallModels.Of(SmallModels.Markov) with { Model = new ForeignModel() };
        var refusal = Assert.Throws<ArgumentException>("model", () => ModelFile.Save(stream, foreign));
        Assert.Contains(nameof(ForeignModel), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private static TrainedModel Load(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return ModelFile.Load(stream);
    }

    private static (ISessionModel Saved, ISessionModel Loaded) RoundTrip(string kind) =>
        (SmallModels.Of(kind).Model, Load(SmallModels.BytesOf(kind)).Model);

    /// <summary>Can only be written, like a pipe.</summary>
    private sealed class OneWayStream : Stream
    {
        private readonly MemoryStream _written = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public byte[] ToArray() => _written.ToArray();

        public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));
    }

    private sealed class ForeignModel : ISessionModel
    {
        public string Algorithm => "pop";

        public ItemCatalog Catalog => SmallModels.Log.Catalog;

        public SessionLanes Open(int lanes) => throw new NotSupportedException(lanes.ToString(CultureInfo.InvariantCulture));
    }
}
