using System.Collections.Immutable;

namespace NextItem.Tests.Features;

/// <summary>Small tables of item features.</summary>
internal static class SmallFeatures
{
    /// <summary>Items <c>i0</c>, <c>i1</c>, ... without events.</summary>
    public static ItemCatalog Items(int count, string prefix = "i") =>
        ItemCatalog.From(Enumerable.Range(0, count).Select(i => $"{prefix}{i}"), new int[count]);

    public static FeatureTable Table(params FeatureColumn[] columns) => new(Items(columns[0].Count), columns);

    public static FeatureColumn Texts(string name, params string?[] values) => FeatureColumn.Texts(name, [.. values]);

    public static FeatureColumn Numbers(string name, params double[] values) => FeatureColumn.Numbers(name, [.. values]);

    public static FeatureColumn Vectors(string name, params float[]?[] rows)
    {
        var length = rows.First(row => row is not null)!.Length;
        return FeatureColumn.Vectors(name, length, [.. rows.SelectMany(row => row ?? new float[length])], [.. rows.Select(row => row is not null)]);
    }

    public static FeatureBlockOptions Block(string name, params (string Name, FeatureKind Kind)[] columns) =>
        new() { Name = name, Columns = [.. columns.Select(column => new FeatureColumnOptions(column.Name, column.Kind))] };

    /// <summary>The only block of features made of columns of one kind.</summary>
    public static FeatureBlock Fit(FeatureKind kind, params FeatureColumn[] columns) =>
        ItemFeatures.Fit(Table(columns), [Block("block", [.. columns.Select(column => (column.Name, kind))])]).Blocks[0];

    /// <summary>An item's features by name.</summary>
    public static Dictionary<string, float> Named(FeatureBlock block, int item) =>
        block.FeaturesOf(item).ToDictionary(entry => block.NameOf(entry.Feature), entry => entry.Value);

    /// <summary>All names of a block, in order.</summary>
    public static ImmutableArray<string> Names(FeatureBlock block) => [.. Enumerable.Range(0, block.Width).Select(block.NameOf)];

    /// <summary>Fails unless a row has exactly the entries of the reference.</summary>
    public static void AssertRow(Dictionary<string, double> expected, Dictionary<string, float> found, int item)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in expected)
            Assert.True(Math.Abs(value - found[name]) <= 1e-6 * Math.Abs(value), $"item {item}, '{name}': {found[name]}; expected {value}");
    }
}
