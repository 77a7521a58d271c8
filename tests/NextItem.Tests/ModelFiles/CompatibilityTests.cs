using System.Globalization;
using System.Text.Json;

namespace NextItem.Tests.ModelFiles;

/// <summary>Files that older versions wrote are read for ever, and mean what they meant: Fixtures/compatibility, made by those versions themselves.</summary>
public class CompatibilityTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "compatibility");
    private static readonly string[] s_session = ["item 2", "item 7", "item 9"];

    public static TheoryData<string> Models => [.. Names("*.nextitem").Where(name => !name.StartsWith("contradicting", StringComparison.Ordinal))];

    public static TheoryData<string> Checkpoints => [.. Names("*.checkpoint")];

    [Theory, MemberData(nameof(Models))]
    public void Load_ModelOfAnOlderVersion_GivesTheScoresThatItGave(string name)
    {
        using var model = Load(name);
        AssertScores(Path.ChangeExtension(name, "json"), model);
    }

    /// <summary>Where there were no cosines and no inputs apart, today's file is for the same old readers: the lowest version.</summary>
    [Theory, MemberData(nameof(Models))]
    public void Save_ModelOfAnOlderVersion_KeepsTheVersion(string name)
    {
        using var model = Load(name);
        Assert.Equal(new SafetensorsFile(Bytes(name)).Metadata["format_version"], new SafetensorsFile(SmallModels.Bytes(model)).Metadata["format_version"]);
    }

    [Theory, MemberData(nameof(Models))]
    public void PythonReader_ModelOfAnOlderVersion_GivesTheScoresThatItGave(string name)
    {
        var found = PythonReader.Scores(Bytes(name), s_session);
        foreach (var (key, score) in Expected(Path.ChangeExtension(name, "json")))
            Assert.True(Math.Abs(found[key] - score) < 1e-4, $"'{key}': {found[key]} here, {score} then");
    }

    /// <summary>A run that an older version began ends with the model that the older version ended it with.</summary>
    [Theory, MemberData(nameof(Checkpoints))]
    public void Load_CheckpointOfAnOlderVersion_GoesOnAsItDid(string name)
    {
        using var stream = new MemoryStream(Bytes(name));
        using var checkpoint = CheckpointFile.Load(stream);
        Assert.Single(checkpoint.Epochs);
        using var model = Trainer.Fit(TrainingSessions(), checkpoint.Options with { Epochs = 3 }, new TrainingContext { ResumeFrom = checkpoint });
        AssertScores(Path.ChangeExtension(name, null) + "-resumed.json", model);
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Save_CheckpointOfAnOlderVersion_KeepsTheVersion(string name)
    {
        using var stream = new MemoryStream(Bytes(name));
        using var checkpoint = CheckpointFile.Load(stream);
        using var again = new MemoryStream();
        CheckpointFile.Save(again, checkpoint);
        var version = new SafetensorsFile(Bytes(name)).Metadata["format_version"];
        Assert.Equal(version, new SafetensorsFile(again.ToArray()).Metadata["format_version"]);
        Assert.Equal(version, $"{CheckpointFile.FormatVersionOf(checkpoint)}");
    }

    [Fact]
    public void Load_ModelOfTheFuture_NamesTheVersionsToUse() => Refused(
        "The model file has format version '99'; this version of NextItem reads up to 3. Use the version that wrote it or a newer one.",
        stream => ModelFile.Load(stream), "format-2/markov.nextitem", forged => forged.Metadata["format_version"] = "99");

    [Fact]
    public void Load_CheckpointOfTheFuture_NamesTheVersionsToUse() => Refused(
        "The checkpoint has format version '99'; this version of NextItem reads up to 3. Use the version that wrote it or a newer one.",
        stream => CheckpointFile.Load(stream), "format-2/run-gru4rec.checkpoint", forged => forged.Metadata["format_version"] = "99");

    /// <summary>Written between two changes, before version 2: an older reader would have misread it, so it never was a file of version 1.</summary>
    [Fact]
    public void Load_ModelThatContradictsItself_NamesTheVersionItShouldHave() => Refused(
        "The model file has format version 1, but its Embedding is Separate and its CosineScale 0; expected version 2.",
        stream => ModelFile.Load(stream), "contradicting/gru4rec-separate.nextitem", _ => { });

    /// <summary>Every format version and every kind of model is among the fixtures; a new one needs its own.</summary>
    [Fact]
    public void Fixtures_HaveEveryVersionAndKind()
    {
        var files = Names("*.nextitem").Select(name => new SafetensorsFile(Bytes(name)).Metadata).ToList();
        Assert.Equal(Enumerable.Range(1, ModelFile.FormatVersion).Select(version => $"{version}"), files.Select(file => file["format_version"]).Distinct().Order());
        Assert.Equal(
            ["bpr-mf", "fusion", "gru4rec", "item-knn", "markov", "pop", "prnn", "recent-pop", "rules", "s-pop", "v-sknn", "vmis-knn"],
            files.Select(file => file["algorithm"]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            Enumerable.Range(1, CheckpointFile.FormatVersion).Select(version => $"{version}"),
            Names("*.checkpoint").Select(name => new SafetensorsFile(Bytes(name)).Metadata["format_version"]).Distinct().Order());
    }

    private static void Refused(string message, Func<Stream, IDisposable> load, string name, Action<ForgedFile> change)
    {
        var forged = new ForgedFile(Bytes(name));
        change(forged);
        using var stream = new MemoryStream(forged.ToBytes());
        Assert.Equal(message, Assert.Throws<ModelFileException>(() => load(stream)).Message);
    }

    private static void AssertScores(string name, TrainedModel model)
    {
        var expected = Expected(name);
        using var recommender = new Recommender(model.Model);
        var found = recommender.Recommend(s_session, model.Model.Catalog.Count).Items.ToDictionary(item => item.ItemKey, item => (double)item.Score);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, score) in expected)
            Assert.True(Math.Abs(found[key] - score) < 1e-4, $"'{key}': {found[key]} here, {score} then");
    }

    /// <summary>What the version's own <c>recommend --json</c> wrote.</summary>
    private static Dictionary<string, double> Expected(string name)
    {
        using var json = JsonDocument.Parse(Bytes(name));
        var expected = json.RootElement.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("itemId").GetString()!, item => item.GetProperty("score").GetDouble());
        Assert.NotEmpty(expected);
        // The very first popularity told support / (1 + support), in the same order; soon after it was the support, which the file has.
        return name == "format-1-first/pop.json" ? expected.ToDictionary(pair => pair.Key, pair => pair.Value / (1 - pair.Value)) : expected;
    }

    private static TrainedModel Load(string name)
    {
        using var stream = new MemoryStream(Bytes(name));
        return ModelFile.Load(stream);
    }

    /// <summary>The sessions of all fixtures; the engine reads no files of events.</summary>
    private static SessionSet TrainingSessions() =>
        SessionSet.From(File.ReadLines(Path.Combine(s_folder, "train.tsv")).Skip(1).Select(line => line.Split('\t')).Select(fields =>
            new SessionEvent(fields[0], fields[1] is ['"', .. var quoted, '"'] ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal) : fields[1], double.Parse(fields[2], CultureInfo.InvariantCulture))));

    private static IEnumerable<string> Names(string pattern) =>
        Directory.EnumerateFiles(s_folder, pattern, SearchOption.AllDirectories).Select(path => Path.GetRelativePath(s_folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(s_folder, name));
}
