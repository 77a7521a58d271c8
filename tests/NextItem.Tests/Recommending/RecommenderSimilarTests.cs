using NextItem.Tests.ModelFiles;

namespace NextItem.Tests.Recommending;

public class RecommenderSimilarTests
{
    [Theory, MemberData(nameof(SmallModels.GruKinds), MemberType = typeof(SmallModels))]
    public void Similar_AnyItem_EqualsTheCosinesOfAllOthers(string kind)
    {
        var model = (Gru4RecModel)SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        for (var item = 0; item < model.Catalog.Count; item++)
        {
            var own = model.VectorOf(item).ToArray();
            var expected = Enumerable.Range(0, model.Catalog.Count).Where(other => other != item)
                .Select(other => (Key: model.Catalog.KeyOf(other), Cosine: Cosine(own, model.VectorOf(other).ToArray())))
                .OrderByDescending(other => other.Cosine).ToArray();
            var found = recommender.Similar(model.Catalog.KeyOf(item), model.Catalog.Count);
            Assert.Equal(expected.Select(other => other.Key), found.Select(other => other.ItemKey));
            Assert.All(found.Zip(expected), pair => Assert.Equal(pair.Second.Cosine, pair.First.Score, 1e-5));
            Assert.Equal(found.Take(5), recommender.Similar(model.Catalog.KeyOf(item), 5));
        }
    }

    [Fact]
    public void Similar_VectorOfZeros_HasCosineZeroAndNoNaN()
    {
        var file = new ForgedFile(SmallModels.ResetBefore);
        file["item.vectors"].Values<float>()[..17].Clear();
        using var stream = new MemoryStream(file.ToBytes());
        var model = ModelFile.Load(stream).Model;
        using var recommender = new Recommender(model);
        Assert.All(recommender.Similar(model.Catalog.KeyOf(0), 36), item => Assert.Equal(0, item.Score));
        Assert.All(recommender.Similar(model.Catalog.KeyOf(1), 36), item => Assert.True(double.IsFinite(item.Score)));
    }

    [Fact]
    public void Similar_UnknownItem_Throws()
    {
        using var recommender = new Recommender(SmallModels.Of(SmallModels.ResetBefore).Model);
        var refusal = Assert.Throws<KeyNotFoundException>(() => recommender.Similar("unknown", 3));
        Assert.Equal("The model does not know the item 'unknown'; it knows 37 items.", refusal.Message);
    }

    [Theory]
    [InlineData(SmallModels.Popularity, "pop")]
    [InlineData(SmallModels.Markov, "markov")]
    public void Similar_ModelWithoutVectors_Throws(string kind, string algorithm)
    {
        using var recommender = new Recommender(SmallModels.Of(kind).Model);
        var refusal = Assert.Throws<NotSupportedException>(() => recommender.Similar("🛒", 3));
        Assert.Equal($"A model of algorithm '{algorithm}' has no item vectors; similar items need one that has, such as gru4rec.", refusal.Message);
    }

    [Fact]
    public void Similar_WrongArguments_Throw()
    {
        using var recommender = new Recommender(SmallModels.Of(SmallModels.ResetBefore).Model);
        Assert.Throws<ArgumentNullException>("itemKey", () => recommender.Similar(null!, 3));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => recommender.Similar("🛒", 0));
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
