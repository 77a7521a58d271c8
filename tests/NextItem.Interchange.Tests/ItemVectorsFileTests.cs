using System.Text;
using System.Text.Json;

namespace NextItem.Interchange.Tests;

/// <summary>Item vectors for other programs; those of networks times the query of their graph: <see cref="OnnxFileTests"/>.</summary>
public class ItemVectorsFileTests
{
    [Fact]
    public void WriteVectors_OfBprMf_TimesTheMeanOfTheSessionAre_ItsScores()
    {
        using var model = SmallModels.BprMf();
        var vectors = NpyVectors.Read(model);
        int[] session = [3, 9, 9, 30];
        var query = Enumerable.Range(0, 7).Select(i => i == 6 ? 1 : session.Average(item => vectors[item][i])).ToArray();

        var scores = SmallModels.ScoresAfter(model.Model, session);
        Assert.Equal((SmallModels.Items, 7), (vectors.Length, vectors[0].Length));
        Assert.All(scores.Zip(vectors), pair => Assert.Equal(pair.First, pair.Second.Zip(query, (a, b) => a * b).Sum(), 1e-5));
    }

    [Fact]
    public void WriteVectors_OfCosines_AreOfLength1WithoutABias()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [9, 7], 12);
        var vectors = NpyVectors.Read(model);
        Assert.Equal(7, ItemVectorsFile.LengthOf(model.Model));
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(value => (double)value * value), 1e-5));
        Assert.All(vectors, vector => Assert.Equal(7, vector.Length));
    }

    [Fact]
    public void WriteVectors_OfProducts_EndWithTheBias()
    {
        using var model = SmallModels.Gru4Rec(GruVariant.ResetBefore, EmbeddingMode.Shared, [9, 7], 0);
        var vectors = NpyVectors.Read(model);
        Assert.Equal(8, ItemVectorsFile.LengthOf(model.Model));
        Assert.Equal(((IItemVectors)model.Model).VectorOf(5).ToArray(), vectors[5][..7]);
        Assert.Equal(SmallModels.ScoresAfter(model.Model, []), vectors.Select(vector => vector[7])); // a state of zeros leaves the biases
    }

    [Fact]
    public void WriteKeys_AnyText_IsAJsonStringALine()
    {
        using var model = SmallModels.BprMf();
        using var stream = new MemoryStream();
        ItemVectorsFile.WriteKeys(stream, model.Model.Catalog);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, SmallModels.Items).Select(SmallModels.KeyOf), lines.Select(line => JsonSerializer.Deserialize<string>(line)));
    }

    [Fact]
    public void WriteVectors_OfATable_SaysWhatCanBeWritten()
    {
        using var model = SmallModels.Baseline();
        var fault = Assert.Throws<NotSupportedException>(() => ItemVectorsFile.WriteVectors(Stream.Null, model.Model));
        Assert.Equal("A model of algorithm 'markov' has no item vectors; expected gru4rec, prnn or bpr-mf.", fault.Message);
    }
}
