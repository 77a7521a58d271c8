using Xunit;

namespace NextItem.Synthetic.Tests.Shops;

public class ShopOptionsTests
{
    [Fact]
    public void Validate_EveryOptionWrong_ListsEveryFault()
    {
        var options = new ShopOptions
        {
            Items = 3,
            Categories = 1,
            Sessions = 1,
            MeanLength = 1.9,
            Days = 0,
            TestFraction = 1,
            PopularityExponent = double.NaN,
            LastItemShare = -1,
            FirstItemShare = 1_001,
            PairShare = -2,
            CategoryShare = -3,
            PopularityShare = -4,
        };
        var faults = Assert.Throws<OptionsException>(options.Validate).Faults;
        string[] names =
        [
            nameof(options.Categories), nameof(options.Items), nameof(options.Sessions), nameof(options.MeanLength),
            nameof(options.Days), nameof(options.TestFraction), nameof(options.PopularityExponent),
            nameof(options.LastItemShare), nameof(options.FirstItemShare), nameof(options.PairShare),
            nameof(options.CategoryShare), nameof(options.PopularityShare),
        ];
        Assert.Equal(names.Length, faults.Count);
        for (var i = 0; i < names.Length; i++)
            Assert.StartsWith($"{names[i]} is ", faults[i], StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_FewItemsForTheCategories_NamesFoundAndExpected()
    {
        var options = new ShopOptions { Items = 119, Categories = 10 };
        var fault = Assert.Single(Assert.Throws<OptionsException>(options.Validate).Faults);
        Assert.Equal("Items is 119; expected from 120 to 1,000,000.", fault);
    }

    [Fact]
    public void Validate_AllSharesZero_IsRefused()
    {
        var options = new ShopOptions { LastItemShare = 0, FirstItemShare = 0, PairShare = 0, CategoryShare = 0, PopularityShare = 0 };
        var fault = Assert.Single(Assert.Throws<OptionsException>(options.Validate).Faults);
        Assert.Contains("five shares", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_InvalidOptions_Throws()
    {
        Assert.Throws<OptionsException>(() => ShopGenerator.Generate(new ShopOptions { Sessions = 0 }));
        Assert.Throws<ArgumentNullException>(() => ShopGenerator.Generate(null!));
    }
}
