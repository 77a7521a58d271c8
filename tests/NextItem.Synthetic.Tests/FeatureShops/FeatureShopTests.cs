using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace NextItem.Synthetic.Tests.FeatureShops;

public class FeatureShopTests
{
    private static readonly FeatureShop s_shop = FeatureShopGenerator.Generate(new FeatureShopOptions());

    /// <summary>The same bytes on every machine.</summary>
    [Fact]
    public void Generate_Defaults_HasThisFingerprint()
    {
        var text = new StringBuilder();
        foreach (var e in s_shop.Train.Concat(s_shop.Test))
            text.Append(FormattableString.Invariant($"{e.SessionKey} {e.ItemKey} {e.Time}\n"));
        foreach (var item in s_shop.Items)
            text.Append(FormattableString.Invariant($"{item.Key} {item.Title} {item.Category} {string.Join(' ', item.Image.Select(BitConverter.SingleToInt32Bits))}\n"));
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        Assert.True(fingerprint.StartsWith("df7a946766982b5e74ef7247971aa9db0331c2de4935a33f4a", StringComparison.Ordinal), fingerprint);
    }

    [Fact]
    public void Generate_Defaults_SplitsByTimeAndNeverRepeatsAnItem()
    {
        Assert.Equal(9_000, s_shop.Train.Concat(s_shop.Test).Select(e => e.SessionKey).Distinct().Count());
        Assert.Equal(1_800, s_shop.Test.Select(e => e.SessionKey).Distinct().Count());
        Assert.True(s_shop.Train.GroupBy(e => e.SessionKey).Max(session => session.First().Time) < s_shop.Test[0].Time);
        foreach (var session in s_shop.Train.GroupBy(e => e.SessionKey))
            Assert.All(session.Zip(session.Skip(1)), pair => Assert.NotEqual(pair.First.ItemKey, pair.Second.ItemKey));
    }

    /// <summary>With all steps of one kind, what comes next is told by that feature alone.</summary>
    [Theory, InlineData("theme"), InlineData("style"), InlineData("category"), InlineData("item")]
    public void Generate_OneKindOfStep_FollowsIt(string kind)
    {
        var none = new FeatureShopOptions { Items = 500, Sessions = 400, Themes = 10, Styles = 9, Categories = 8, ItemShare = 0, ThemeShare = 0, StyleShare = 0, CategoryShare = 0, PopularityShare = 0 };
        var shop = FeatureShopGenerator.Generate(kind switch
        {
            "theme" => none with { ThemeShare = 1 },
            "style" => none with { StyleShare = 1 },
            "category" => none with { CategoryShare = 1 },
            _ => none with { ItemShare = 1 },
        });
        var items = shop.Items.ToDictionary(item => item.Key);
        var followers = new Dictionary<object, HashSet<object>>();
        foreach (var session in shop.Train.GroupBy(e => e.SessionKey).Select(session => session.Select(e => items[e.ItemKey]).ToArray()))
        {
            for (var i = 1; i < session.Length; i++)
            {
                (object from, object to) = kind switch
                {
                    "theme" => (session[i - 1].Theme, session[i].Theme),
                    "style" => (session[0].Style, session[i].Style),
                    "category" => (session[i - 1].Category, session[i].Category),
                    _ => ((object)session[i - 1].Key, (object)session[i].Key),
                };
                followers.TryAdd(from, []);
                followers[from].Add(to);
                if (kind is "style" or "category")
                    Assert.Equal(from, to);
            }
        }

        Assert.All(followers.Values, next => Assert.InRange(next.Count, 1, kind == "item" ? 4 : 1));
        Assert.Equal(kind switch { "theme" => 10, "style" => 9, "category" => 8, _ => followers.Count }, followers.Count);
    }

    [Fact]
    public void Items_Features_TellThemeAndStyleAndNothingElseDoes()
    {
        Assert.All(s_shop.Items, item => Assert.Equal(2, item.Title.Split(' ').Count(word => word.StartsWith($"theme{item.Theme}", StringComparison.Ordinal) && !char.IsDigit(word[$"theme{item.Theme}".Length]))));

        // Pictures of one style are nearer to each other than to those of others.
        var centres = s_shop.Items.GroupBy(item => item.Style).ToDictionary(
            group => group.Key, group => Enumerable.Range(0, 32).Select(i => group.Average(item => item.Image[i])).ToArray());
        var right = s_shop.Items.Count(item => centres.MinBy(centre => centre.Value.Select((value, i) => Math.Pow(value - item.Image[i], 2)).Sum()).Key == item.Style);
        Assert.True(right > 0.95 * s_shop.Items.Length, $"{right} of {s_shop.Items.Length}");
    }

    [Fact]
    public void Generate_OptionsOutOfRange_AreAllTold()
    {
        var fault = Assert.Throws<OptionsException>(() => FeatureShopGenerator.Generate(new FeatureShopOptions
        {
            Items = 1,
            Sessions = 1,
            MeanLength = 1,
            TestFraction = 1,
            Themes = 1,
            Styles = 1,
            Categories = 1,
            ImageLength = 0,
            PopularityExponent = -1,
            ItemShare = -1,
            ThemeShare = -1,
            StyleShare = -1,
            CategoryShare = -1,
            PopularityShare = -1,
        }));
        Assert.Equal(14, fault.Faults.Count);
    }
}
