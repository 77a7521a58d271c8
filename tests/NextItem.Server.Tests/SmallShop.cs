using NextItem.Server.Tests;
using NextItem.Synthetic;

[assembly: AssemblyFixture(typeof(SmallShop))]

namespace NextItem.Server.Tests;

/// <summary>Models of a small shop, made once for all tests, which only read them.</summary>
public sealed class SmallShop : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallShop()
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Items = 60, Categories = 5, Sessions = 800, Seed = 5 });
        var options = new Gru4RecOptions { Layers = [16], Epochs = 2, BatchSize = 16, NegativeSampleCount = 32, LearningRate = 0.1f };
        var train = SessionSet.From(shop.Train);
        Test = SessionSet.From(shop.Test, train.Catalog);
        var trained = Trainer.Fit(train, options);
        Model = Save("first.nextitem", trained);
        OtherModel = Save("second.nextitem", Trainer.Fit(train, options with { Seed = 7 }));
        Popularity = Save("pop.nextitem", trained with { Model = PopularityModel.Fit(train) });
        Imported = Save("imported.nextitem", trained with { Provenance = trained.Provenance with { DataFingerprint = "", TrainedUntil = 0 } });
        Keys = [.. shop.Items.Select(item => item.Key)];
    }

    /// <summary>Sessions that no model has seen.</summary>
    public SessionSet Test { get; }

    /// <summary>A gru4rec model's file.</summary>
    public string Model { get; }

    /// <summary>One of the same items, trained with another seed.</summary>
    public string OtherModel { get; }

    /// <summary>A popularity model, which has no item vectors.</summary>
    public string Popularity { get; }

    /// <summary>The first model as if another program had trained it: nothing is known of its data.</summary>
    public string Imported { get; }

    /// <summary>Keys that the models know.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>A recommender of a model file, as <c>nextitem recommend</c> makes it.</summary>
    public static Recommender Recommender(string path)
    {
        using var file = File.OpenRead(path);
        return new Recommender(ModelFile.Map(file).Model);
    }

    public void Dispose() => _folder.Dispose();

    private string Save(string name, TrainedModel model)
    {
        using var file = File.Create(_folder.In(name));
        ModelFile.Save(file, model);
        return _folder.In(name);
    }
}
