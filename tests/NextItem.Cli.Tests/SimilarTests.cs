using System.Text.Json;

namespace NextItem.Cli.Tests;

public sealed class SimilarTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Similar_Json_HasOtherItemsWithCosinesBestFirst()
    {
        var json = await Similar("--top", "1000");

        var items = json.GetProperty("items").EnumerateArray().ToArray();
        var cosines = items.Select(item => item.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(shop.Items.First, json.GetProperty("itemId").GetString());
        Assert.Equal(SmallShop.ItemCount - 1, items.Length);
        Assert.DoesNotContain(items, item => item.GetProperty("itemId").GetString() == shop.Items.First);
        Assert.Equal(cosines.OrderDescending(), cosines);
        Assert.All(cosines, cosine => Assert.InRange(cosine, -1.000001, 1.000001));
    }

    [Fact]
    public async Task Similar_TwoItems_AreAsSimilarBothWays()
    {
        double Score(JsonElement json, string key) => json.GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("itemId").GetString() == key).GetProperty("score").GetDouble();

        var forth = await Similar("--top", "1000");
        var back = await Cli.RunForJson(_folder, "similar", "--model", shop.Gru4Rec, "--item", shop.Items.Second, "--top", "1000");

        Assert.Equal(Score(forth, shop.Items.Second), Score(back, shop.Items.First), 1e-6);
    }

    [Fact]
    public async Task Top_Given_IsThatManyAndTenWithout()
    {
        var ten = (await Similar()).GetProperty("items").EnumerateArray().Select(item => item.ToString()).ToArray();

        Assert.Equal(10, ten.Length);
        Assert.Equal(ten[..2], (await Similar("--top", "2")).GetProperty("items").EnumerateArray().Select(item => item.ToString()));
    }

    [Fact]
    public async Task Names_Given_AreShown()
    {
        string[] args = ["similar", "--model", shop.Gru4Rec, "--item", shop.Items.First, "--top", "1"];
        var json = await Similar("--top", "1", "--names", shop.Names);
        var title = json.GetProperty("items")[0].GetProperty("title").GetString()!;

        Assert.DoesNotContain(title, (await Cli.Run(args)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains(title, (await Cli.Run([.. args, "--names", shop.Names])).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Similar_UnknownItem_IsToldWithExitCode1()
    {
        Assert.Equal("nextitem: The model does not know the item 'nope'; it knows 60 items.\n", (await Cli.Run("similar", "--model", shop.Gru4Rec, "--item", "nope")).Failed(1).Errors);
        var near = $"{shop.Items.First[..^1]}0{shop.Items.First[^1]}".ToLowerInvariant();
        (await Cli.Run("similar", "--model", shop.Gru4Rec, "--item", near)).Failed(1, $"does not know the item '{near}'; it knows 60 items. Did you mean '{shop.Items.First}'?");
    }

    /// <summary>Of numbered items most are near one another: one is asked after where nothing but zeros, signs and letter case differ, or where it alone is near.</summary>
    [Theory]
    [InlineData("SKU-0012", "SKU-00012")]
    [InlineData("sku_12", "SKU-00012")]
    [InlineData("SKU-00013", null)] // one letter from SKU-00012 and from SKU-00113
    [InlineData("bycicle-helmet", "bicycle-helmet")]
    [InlineData("bicycle", "bicycle-helmet")]
    [InlineData("x", null)]
    public void NearestItem_OfAKey_IsTheOneThatIsMeant(string key, string? expected) =>
        Assert.Equal(expected, Output.NearestItem.Of(ItemCatalog.From(["SKU-00112", "SKU-00012", "SKU-00122", "SKU-00113", "bicycle-helmet"], [1, 1, 1, 1, 1]), key));

    [Fact]
    public async Task Similar_ModelWithoutVectors_IsToldWithExitCode1()
    {
        (await Cli.Run("similar", "--model", shop.Markov, "--item", shop.Items.First)).Failed(1, "'markov' has no item vectors");
    }

    private Task<JsonElement> Similar(params string[] options) =>
        Cli.RunForJson(_folder, ["similar", "--model", shop.Gru4Rec, "--item", shop.Items.First, .. options]);
}
