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

    /// <summary>No event, or none that is known: our lanes' scores at the start of a session, which many kinds of model do not have.</summary>
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void ReadModel_SessionWithoutAKnownItem_GivesTheSameItemsAndScores(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var lanes = model.Open(1);
        var ours = new ScoredItem[model.Catalog.Count];
        var found = lanes.TopK(0, null, [], ours);
        foreach (var session in new string[][] { ["unknown", "another"], [] })
        {
            var scores = PythonReader.Scores(SmallModels.BytesOf(kind), session);
            Assert.Equal(ours[..found].Select(item => model.Catalog.KeyOf(item.ItemIndex)).Order(StringComparer.Ordinal), scores.Keys.Order(StringComparer.Ordinal));
            foreach (var (item, score) in ours[..found])
                Assert.True(Math.Abs(score - scores[model.Catalog.KeyOf(item)]) < 1e-4, $"'{model.Catalog.KeyOf(item)}': {score} here, {scores[model.Catalog.KeyOf(item)]} there");
        }
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

    /// <summary>A stranger's file may say a separate embedding in version 1; taken as shared, its scores would be wrong without a word.</summary>
    [Theory]
    [InlineData("""{"layers":[17],"variant":"ResetAfter"}""")]
    [InlineData("""{"layers":[17],"embedding":"Separate"}""")]
    public void ShortReader_ModelThatItDoesNotKnow_SaysSo(string options)
    {
        var (exitCode, _, errors) = PythonReader.Result(WithOptions(options), ["item 20"], "read_gru4rec.py");
        Assert.Equal((1, "this short reader does not know that model; read_model.py does"), (exitCode, errors.Trim()));
    }

    [Theory]
    [InlineData("read_gru4rec.py")]
    [InlineData("read_model.py")]
    public void Readers_OptionsLeftOut_HaveTheirDefaults(string script)
    {
        var usual = PythonReader.Run(SmallModels.BytesOf(SmallModels.ResetBefore), ["item 20"], script);
        var without = PythonReader.Run(WithOptions("""{"layers":[17]}"""), ["item 20"], script);
        Assert.Equal(usual.GetRawText(), without.GetRawText());
    }

    [Fact]
    public void ShortReader_HasFortyLines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "docs", "read_gru4rec.py")).Count(line => !string.IsNullOrWhiteSpace(line)), 1, 40);

    private static byte[] WithOptions(string options)
    {
        var file = new ForgedFile(SmallModels.ResetBefore);
        file.Metadata["options"] = options;
        return file.ToBytes();
    }
}
