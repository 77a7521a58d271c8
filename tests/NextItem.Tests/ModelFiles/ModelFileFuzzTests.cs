namespace NextItem.Tests.ModelFiles;

/// <summary>Thousands of random changes under a checksum that is right: the file loads, and then works, or is refused; nothing else.</summary>
public class ModelFileFuzzTests
{
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_RandomChanges_LoadsAndWorksOrRefuses(string kind)
    {
        var original = SmallModels.BytesOf(kind);
        var checksum = new SafetensorsFile(original).Metadata["checksum"];
        int refused = 0, loaded = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var bytes = ForgedFile.Signed(RandomChanges.Of(original, new Random(seed)), checksum);
            try
            {
                using var stream = new MemoryStream(bytes, writable: false);
                var model = ModelFile.Load(stream);
                loaded++;
                Use(model);
            }
            catch (ModelFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} of {kind}: {e}");
            }
        }

        // Both must occur often, or the changes are too wild or too tame to show anything.
        Assert.True(refused > 300 && loaded > 50, $"{refused} refused, {loaded} loaded");
    }

    private static void Use(TrainedModel model)
    {
        using var recommender = new Recommender(model.Model);
        var keys = Enumerable.Range(0, Math.Min(3, model.Model.Catalog.Count)).Select(model.Model.Catalog.KeyOf).ToArray();
        var answer = recommender.Recommend(keys, 10);
        Assert.Equal(answer.Items.Count, answer.Items.Select(item => item.ItemKey).Distinct().Count());
        Assert.NotNull(model.Provenance.NextItemVersion);
        Assert.True(model.Provenance.EpochLosses.Length + model.Provenance.ValidationMetrics.Length >= 0);
        Assert.Equal(SmallModels.Bytes(model), SmallModels.Bytes(model));
    }
}
