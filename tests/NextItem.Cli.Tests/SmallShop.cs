using NextItem.Cli.Tests;
using NextItem.Data;
using NextItem.Synthetic;

[assembly: AssemblyFixture(typeof(SmallShop))]

namespace NextItem.Cli.Tests;

/// <summary>The files of a small shop and models of it, made once for all tests, which only read them.</summary>
public sealed class SmallShop : IAsyncLifetime
{
    /// <summary>Training that takes a second.</summary>
    public static readonly string[] Quick = ["--set", "layers=16,n_epochs=2,batch_size=16,n_sample=32,learning_rate=0.1", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public string Train => In("train.tsv");

    public string Test => In("test.tsv");

    public string Names => In("items.tsv");

    public string Gru4Rec => In("gru4rec.nextitem");

    public string Popularity => In("pop.nextitem");

    public string Markov => In("markov.nextitem");

    /// <summary>Two keys that the models know.</summary>
    public (string First, string Second) Items { get; private set; }

    /// <summary>Number of items of the shop.</summary>
    public static int ItemCount => 60;

    public async ValueTask InitializeAsync()
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Items = ItemCount, Categories = 5, Sessions = 800, Seed = 5 });
        EventsFile.Write(Train, shop.Train);
        EventsFile.Write(Test, shop.Test);
        await File.WriteAllLinesAsync(Names, shop.Items.Select(item => $"{item.Key}\t{item.Name}").Prepend("ItemId\tName"));
        Items = (shop.Items[0].Key, shop.Items[1].Key);
        (await Cli.Run(["train", "--data", Train, "--out", Gru4Rec, .. Quick])).Succeeded();
        (await Cli.Run("train", "--data", Train, "--out", Popularity, "--algorithm", "pop")).Succeeded();
        (await Cli.Run("train", "--data", Train, "--out", Markov, "--algorithm", "markov")).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private string In(string name) => Path.Combine(_folder.Path, name);
}
