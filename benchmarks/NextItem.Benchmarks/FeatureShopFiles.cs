using System.Globalization;
using NextItem.Data;
using NextItem.Synthetic;

namespace NextItem.Benchmarks;

/// <summary>Writes a feature shop as files: train.tsv, test.tsv, items.tsv (titles, categories, pictures).</summary>
internal static class FeatureShopFiles
{
    public static int Write(string folder, int seed)
    {
        var shop = FeatureShopGenerator.Generate(new FeatureShopOptions { Seed = seed });
        Directory.CreateDirectory(folder);
        EventsFile.Write(Path.Combine(folder, "train.tsv"), shop.Train);
        EventsFile.Write(Path.Combine(folder, "test.tsv"), shop.Test);
        var lines = shop.Items.Select(item => $"{item.Key}\t{item.Title}\t{item.Category}\t{string.Join(' ', item.Image.Select(value => value.ToString(CultureInfo.InvariantCulture)))}");
        File.WriteAllLines(Path.Combine(folder, "items.tsv"), lines.Prepend("ItemId\ttitle\tcategory\timage"));
        Console.WriteLine($"{folder}: train.tsv {shop.Train.Length:N0} events, test.tsv {shop.Test.Length:N0} events, items.tsv {shop.Items.Length:N0} items");
        return 0;
    }
}
