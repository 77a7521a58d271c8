using System.Globalization;
using System.Text.Json;

namespace NextItem.Interchange.Tests;

/// <summary>Exported graphs in ONNX Runtime give what our own scoring gives.</summary>
public class OnnxFileTests
{
    private static readonly int[][] s_layers = [[12], [9, 7], [6, 5, 8]];

    public static TheoryData<GruVariant, EmbeddingMode, int[], float> Gru4RecModels
    {
        get
        {
            var data = new TheoryData<GruVariant, EmbeddingMode, int[], float>();
            foreach (var variant in Enum.GetValues<GruVariant>())
            {
                foreach (var embedding in Enum.GetValues<EmbeddingMode>())
                {
                    foreach (var layers in s_layers)
                    {
                        data.Add(variant, embedding, layers, 0);
                        data.Add(variant, embedding, layers, 12);
                    }
                }
            }

            return data;
        }
    }

    public static TheoryData<PrnnArchitecture, GruVariant, bool> PrnnModels
    {
        get
        {
            var data = new TheoryData<PrnnArchitecture, GruVariant, bool>();
            foreach (var architecture in Enum.GetValues<PrnnArchitecture>())
            {
                data.Add(architecture, GruVariant.ResetBefore, true);
                data.Add(architecture, GruVariant.ResetAfter, false);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Gru4RecModels))]
    public void Step_OfGru4Rec_GivesOurScores(GruVariant variant, EmbeddingMode embedding, int[] layers, float cosineScale)
    {
        using var model = SmallModels.Gru4Rec(variant, embedding, layers, cosineScale);
        AssertSteps(model);
    }

    [Theory, MemberData(nameof(PrnnModels))]
    public void Step_OfPrnn_GivesOurScores(PrnnArchitecture architecture, GruVariant variant, bool withText)
    {
        using var model = SmallModels.Prnn(architecture, variant, withText);
        AssertSteps(model);
    }

    /// <summary>Blocks may be called as parts of a file are: the table of the second one, features.input_bias, was once the bias of the first one's subnet.</summary>
    [Theory]
    [InlineData(PrnnArchitecture.Parallel)]
    [InlineData(PrnnArchitecture.Concatenated)]
    [InlineData(PrnnArchitecture.SharedWeights)]
    public void Export_OfPrnnWithBlocksCalledAsPartsOfTheFile_GivesOurScores(PrnnArchitecture architecture)
    {
        using var model = SmallModels.PrnnOfBlocks(architecture, "features", "input_bias", "recurrent_bias", "state", "items", "sessions", "subnet.0", "block.0");
        AssertSteps(model);
        AssertSessions(model);
    }

    [Theory, MemberData(nameof(Gru4RecModels))]
    public void Sessions_OfGru4Rec_GiveOurTop20(GruVariant variant, EmbeddingMode embedding, int[] layers, float cosineScale)
    {
        using var model = SmallModels.Gru4Rec(variant, embedding, layers, cosineScale);
        AssertSessions(model);
    }

    [Theory, MemberData(nameof(PrnnModels))]
    public void Sessions_OfPrnn_GiveOurTop20(PrnnArchitecture architecture, GruVariant variant, bool withText)
    {
        using var model = SmallModels.Prnn(architecture, variant, withText);
        AssertSessions(model);
    }

    [Fact]
    public void Sessions_KAsAnInput_GivesAsMany()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [12], 0);
        using var run = new OnnxRun(model, OnnxGraph.Sessions, new OnnxOptions { Top = 3 });
        int[][] session = [[3, 9]];

        Assert.Equal(3, run.Best(session).Items[0].Length);
        Assert.Equal(run.Best(session, k: 5).Items[0][..3], run.Best(session).Items[0]);
        Assert.Equal(SmallModels.Items, run.Best(session, k: 1000).Items[0].Length);
    }

    [Fact]
    public void Sessions_ExcludeSeen_LeavesThemOutAndNothingElse()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetAfter, EmbeddingMode.Shared, [12], 0);
        using var run = new OnnxRun(model, OnnxGraph.Sessions, new OnnxOptions { ExcludeSeen = true });
        using var recommender = new Recommender(model.Model);
        foreach (var question in SmallModels.Questions(31))
        {
            var expected = recommender.Recommend(question.Select(KeyOrUnknown), SmallModels.Items, new RecommendOptions { ExcludeSeen = true }).Items.Select(item => (long)model.Model.Catalog.IndexOf(item.ItemKey)).ToArray();
            var all = run.Best([question, [1, 2, 3, 0, 5]], k: SmallModels.Items);
            Assert.Equal(expected, all.Items[0][..expected.Length]);
            Assert.All(all.Items[0][expected.Length..], item => Assert.Equal(-1, item));
            Assert.All(all.Scores[0][expected.Length..], score => Assert.Equal(float.NegativeInfinity, score));
            Assert.Equal(SmallModels.Items, run.Best([question], k: SmallModels.Items, excludeSeen: false).Items[0].Count(item => item >= 0));
        }
    }

    [Fact]
    public void Metadata_Always_HasItemKeysInTheOrderOfIndices()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Separate, [9, 7], 12);
        foreach (var graph in Enum.GetValues<OnnxGraph>())
        {
            using var run = new OnnxRun(model, graph);
            Assert.Equal(Enumerable.Range(0, SmallModels.Items).Select(SmallModels.KeyOf), JsonSerializer.Deserialize<string[]>(run.Metadata["item_keys"])!);
            Assert.Equal("""{"gru.0":9,"gru.1":7}""", run.Metadata["states"]);
            Assert.Equal(("gru4rec", "1", "12", graph.ToString().ToLowerInvariant()), (run.Metadata["algorithm"], run.Metadata["format_version"], run.Metadata["cosine_scale"], run.Metadata["graph"]));
            Assert.Equal(model.Provenance.DataFingerprint, run.Metadata["data_fingerprint"]);
        }
    }

    [Fact]
    public void Write_SharedEmbedding_HasTheRowsOnce()
    {
        using var shared = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [12], 0);
        using var run = new OnnxRun(shared, OnnxGraph.Sessions);
        var table = SmallModels.Items * 12 * sizeof(float);
        var row = System.Runtime.InteropServices.MemoryMarshal.AsBytes(((IItemVectors)shared.Model).VectorOf(0)).ToArray();

        var first = run.Bytes.AsSpan().IndexOf(row);
        Assert.True(first > 0);
        Assert.True(run.Bytes.AsSpan(first + 1).IndexOf(row) < 0, $"the first row stands there twice, in a file of {run.Bytes.Length} bytes; the table takes {table}");
    }

    [Fact]
    public void Write_SameModel_SameBytes()
    {
        using var model = SmallModels.Prnn(PrnnArchitecture.Parallel);
        using var first = new OnnxRun(model, OnnxGraph.Sessions);
        using var second = new OnnxRun(model, OnnxGraph.Sessions);
        Assert.Equal(first.Bytes, second.Bytes);
    }

    /// <summary>Numbers stand in the names of constants; in Swedish the sign of those below 0 is another character.</summary>
    [Theory]
    [InlineData(OnnxGraph.Step)]
    [InlineData(OnnxGraph.Sessions)]
    public void Culture_OfTheCaller_DoesNotMatter(OnnxGraph graph)
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [12], 12.5f);
        using var plain = new OnnxRun(model, graph);
        var vectors = NpyVectors.Read(model);
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Not by name: the tests run without the cultures' data, and every name would give the invariant one.
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NegativeSign) = (",", ".", "\u2212");
            CultureInfo.CurrentCulture = other;
            Assert.Equal("\u22121,5", $"{-1.5}");
            using var run = new OnnxRun(model, graph);
            Assert.Equal(plain.Bytes, run.Bytes);
            Assert.Equal(vectors, NpyVectors.Read(model));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Write_Mapped_SameBytesAsLoaded()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetAfter, EmbeddingMode.Separate, [9, 7], 0);
        var path = Path.Combine(Path.GetTempPath(), $"nextitem-onnx-{Guid.NewGuid():N}.nextitem");
        try
        {
            using (var file = File.Create(path))
                ModelFile.Save(file, model);
            using var stream = File.OpenRead(path);
            using var mapped = ModelFile.Map(stream);
            using var own = new OnnxRun(model, OnnxGraph.Step);
            using var other = new OnnxRun(mapped, OnnxGraph.Step);
            Assert.Equal(own.Bytes, other.Bytes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Write_Baseline_SaysWhatCanBeWritten()
    {
        using var model = SmallModels.Baseline();
        var fault = Assert.Throws<NotSupportedException>(() => OnnxFile.Write(Stream.Null, model, OnnxGraph.Step));
        Assert.Equal("A model of algorithm 'markov' is no network and has no ONNX graph; expected gru4rec or prnn.", fault.Message);
        Assert.False(OnnxFile.CanWrite(model.Model));
    }

    [Fact]
    public void Write_MoreThanTheFormatHolds_IsRefusedBeforeAnythingIsWritten()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [12], 0);
        using var stream = new MemoryStream();
        OnnxFile.Write(stream, model, OnnxGraph.Sessions);
        var weights = sizeof(float) * ((SmallModels.Items * 14) + (12 * 36 * 2) + 36);
        using var refused = new MemoryStream();
        var fault = Assert.Throws<NotSupportedException>(() => OnnxFile.Write(refused, model, OnnxGraph.Sessions, null, weights));

        Assert.Contains("expected at most", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, refused.Length);
        Assert.InRange(stream.Length, weights, weights + 20_000);
    }

    [Fact]
    public void Write_OptionsOutOfRange_AreRefused()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [12], 0);
        var fault = Assert.Throws<OptionsException>(() => OnnxFile.Write(Stream.Null, model, OnnxGraph.Sessions, new OnnxOptions { Top = 0 }));
        Assert.Contains("Top is 0; expected at least 1.", fault.Message, StringComparison.Ordinal);
    }

    private static string KeyOrUnknown(int item) => item < 0 ? "no such item" : SmallModels.KeyOf(item);

    /// <summary>Every step of sessions that run side by side; the item vectors times the query give the scores too.</summary>
    private static void AssertSteps(TrainedModel model)
    {
        using var run = new OnnxRun(model, OnnxGraph.Step);
        var vectors = NpyVectors.Read(model);
        var questions = SmallModels.Questions(17);
        var state = new float[questions.Length * run.StateLength];
        for (var step = 0; step < questions.Max(question => question.Length); step++)
        {
            var (scores, next, query) = run.Step([.. questions.Select(question => step < question.Length ? (long)question[step] : -1)], state);
            state = next;
            for (var lane = 0; lane < questions.Length; lane++)
            {
                var expected = SmallModels.ScoresAfter(model.Model, questions[lane][..Math.Min(step + 1, questions[lane].Length)]);
                AssertNear(expected, scores[lane]);
                AssertNear(expected, [.. vectors.Select(vector => Dot(vector, query[lane]))]);
            }
        }
    }

    private static void AssertSessions(TrainedModel model)
    {
        using var run = new OnnxRun(model, OnnxGraph.Sessions);
        using var recommender = new Recommender(model.Model);
        var questions = SmallModels.Questions(23);
        var (items, scores, popular) = run.Best(questions);
        for (var q = 0; q < questions.Length; q++)
        {
            var expected = recommender.Recommend(questions[q].Select(KeyOrUnknown), 20);
            Assert.Equal(expected.Items.Select(item => item.ItemKey), items[q].Select(item => SmallModels.KeyOf((int)item)));
            AssertNear([.. expected.Items.Select(item => (float)item.Score)], scores[q]);
            Assert.Equal(expected.IsPopularFallback, popular[q]);
        }

        Assert.Contains(true, popular);
        Assert.Contains(false, popular);
    }

    private static float Dot(float[] vector, float[] query)
    {
        Assert.Equal(vector.Length, query.Length);
        return (float)vector.Zip(query, (a, b) => (double)a * b).Sum();
    }

    /// <summary>To 1e-5 of the largest score, or absolute where that is below 1.</summary>
    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = 1e-5 * Math.Max(1, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (var i = 0; i < expected.Length; i++)
            Assert.True(float.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : Math.Abs(expected[i] - actual[i]) <= tolerance, $"score {i} is {actual[i]:R}; expected {expected[i]:R}, to {tolerance:R}");
    }
}
