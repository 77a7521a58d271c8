using NextItem.Tests.Fixtures;

namespace NextItem.Tests.ModelFiles;

/// <summary>docs/read_model.py, a reader in another language that knows only docs/model-file.md, gives our scores.</summary>
public class PythonReaderTests
{
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void ReadModel_AnyModel_GivesTheSameItemsAndScores(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        var session = new[] { "🛒", "", "two\nlines", "unknown", "item 20" };
        var answer = PythonReader.Run(SmallModels.BytesOf(kind), session);
        Assert.Equal(model.Catalog.Count, answer.GetProperty("items").GetInt32());
        var scores = PythonReader.ScoresIn(answer);

        using var recommender = new Recommender(model);
        var ours = recommender.Recommend(session, model.Catalog.Count).Items;
        Assert.Equal(ours.Select(item => item.ItemKey).Order(StringComparer.Ordinal), scores.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, score) in ours)
            Assert.True(Math.Abs(score - scores[key]) < 1e-4, $"'{key}': {score} here, {scores[key]} there");
        Assert.True(ours[0].Score > ours[^1].Score, "All scores are equal: this shows nothing.");
    }

    /// <summary>docs/read_gru4rec.py, forty lines for the usual model.</summary>
    [Theory, InlineData(SmallModels.ResetBefore), InlineData(SmallModels.TwoLayers)]
    public void ShortReader_UsualModel_GivesTheSameScores(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        var session = new[] { "🛒", "", "two\nlines", "unknown", "item 20" };
        var scores = PythonReader.ScoresIn(PythonReader.Run(SmallModels.BytesOf(kind), session, "read_gru4rec.py"));
        using var recommender = new Recommender(model);
        foreach (var (key, score) in recommender.Recommend(session, model.Catalog.Count).Items)
            Assert.True(Math.Abs(score - scores[key]) < 1e-4, $"'{key}': {score} here, {scores[key]} there");
    }

    [Fact]
    public void ShortReader_HasFortyLines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "docs", "read_gru4rec.py")).Count(line => !string.IsNullOrWhiteSpace(line)), 1, 40);
}
