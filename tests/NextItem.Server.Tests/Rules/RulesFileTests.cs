using NextItem.Server.Catalog;
using NextItem.Server.Filters;
using NextItem.Server.Rules;

namespace NextItem.Server.Tests.Rules;

public sealed class RulesFileTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_SaysWhatItSays()
    {
        var rules = RulesFile.Read(_folder.Text("rules.json", """
            {
              // of the shop
              "hide": {"items": ["a"], "categories": ["outlet"], "filter": "events < 3"},
              "showUnavailable": true, "excludeSeen": false,
              "pin": [{"itemId": "p", "position": 2, "from": "2026-01-02T10:00:00Z", "until": "2026-02-01", "lastCategory": "shoes"}],
              "boost": [{"filter": "category = 'new'", "by": 0.5}], "bury": [{"filter": "category = 'old'", "by": 2}],
              "quota": [{"category": "shoes", "most": 5}, {"most": 3}],
            }
            """));

        Assert.Equal(("a", "outlet", true, false), (rules.HiddenItems.Single(), rules.HiddenCategories.Single(), rules.ShowsUnavailable, rules.ExcludeSeen!.Value));
        Assert.True(rules.HiddenFilter!(new FilteredItem("x", ItemFacts.Unknown, 2)));
        Assert.False(rules.HiddenFilter(new FilteredItem("x", ItemFacts.Unknown, 3)));
        Assert.Equal(new Pin(2, "p", new DateTimeOffset(2026, 1, 2, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), "shoes"), Assert.Single(rules.Pins));
        Assert.Equal([0.5, -2, -1.5], new[] { "new", "old", "new,old" }.Select(categories => rules.LiftOf(new FilteredItem("x", ItemFacts.Unknown with { Categories = categories.Split(',') }, 9))));
        Assert.Equal((5, 3), (rules.Quotas["shoes"], rules.QuotaOfEach));
    }

    [Fact]
    public void EmptyFile_HasNoRule()
    {
        var rules = RulesFile.Read(_folder.Text("rules.json", "{}"));
        Assert.Equal((0, 0, false, (bool?)null, false), (rules.Pins.Count, rules.Lifts.Count, rules.HasQuotas, rules.ExcludeSeen, rules.ShowsUnavailable));
    }

    /// <summary>A file with a fault in every place: each is told with its place, what was found and what was expected.</summary>
    [Fact]
    public void Faults_AreAllTold()
    {
        var fault = Assert.Throws<RulesFileException>(() => RulesFile.Read(_folder.Text("rules.json", """
            {
              "hidden": [], "hide": {"items": [7, ""], "category": "x", "filter": "colour = 'red'"}, "showUnavailable": "yes", "excludeSeen": 1,
              "pin": [{"itemId": "p", "position": 0}, {"position": 1.5, "until": "soon"}, 3, {"itemId": "p", "position": 1, "from": "2026-02-01", "until": "2026-01-01"}],
              "boost": [{"filter": "category = 'new'"}, {"by": 1}, {"filter": "category = 'new'", "by": -1}], "bury": {},
              "quota": [{"most": 3}, {"most": 4}, {"category": "a", "most": -1}, {"category": "b", "most": 1}, {"category": "b", "most": 1}]
            }
            """)));

        string[] told =
        [
            "the file has 'hidden', which there is not; expected of hide, showUnavailable, excludeSeen, pin, boost, bury, quota.",
            "hide has 'category', which there is not",
            "hide.items[0] is 7; expected a string of 1 to 512 characters.",
            "hide.items[1] is \"\"",
            "hide.filter: At character 1 of the filter there is 'colour'",
            "showUnavailable is \"yes\"; expected true or false.",
            "excludeSeen is 1",
            "pin[0].position is 0; expected a whole number, 1 to 1000.",
            "pin[1].position is 1.5",
            "pin[1].itemId is missing",
            "pin[1].until is \"soon\"; expected a time",
            "pin[2] is 3; expected an object",
            "pin[3] is over before it begins",
            "boost[0].by is missing; expected a number above 0",
            "boost[1].filter is missing",
            "boost[2].by is -1",
            "bury is {}; expected a list.",
            "quota[1] is for each category, as one before it",
            "quota[2].most is -1",
            "quota[4] is for 'b', as one before it",
        ];
        Assert.All(told, one => Assert.Contains(fault.Faults, found => found.StartsWith(one, StringComparison.Ordinal)));
        Assert.Equal(told.Length, fault.Faults.Count);
        Assert.StartsWith(_folder.In("rules.json"), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "no JSON of rules")]
    [InlineData("[]", "expected an object with hide")]
    [InlineData("{\"pin\":[],\"pin\":[]}", "no JSON of rules")]
    [InlineData("{\"hide\":{\"items\":[\"\\ud800\"]}}", "no valid Unicode")]
    public async Task File_ThatIsNone_IsRefusedAtTheStart(string content, string told)
    {
        var path = _folder.Text("rules.json", content);

        var fault = await Assert.ThrowsAsync<RulesFileException>(() => Served.Start(shop.Model, options => options with { RulesPath = path }));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }
}
