using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class RulesModelTests : SessionModelContract
{
    private protected override ISessionModel Model { get; } = RulesModel.Fit(Train, new RulesOptions { Ordered = false });

    private protected override string Algorithm => "rules";

    [Theory]
    [InlineData(true, 4 / 6.0)]
    [InlineData(false, 7 / 6.0)]
    public void Fit_ByHand_GivesTheExampleOfTheBaselinesPage(bool ordered, double b)
    {
        var train = Generated.Words("abcb ba");
        var after = ScoreLists.After(RulesModel.Fit(train, new RulesOptions { Ordered = ordered }), train.Index('a'));
        ScoreLists.AssertSame([(train.Index('b'), b), (train.Index('c'), 0.25)], after, "after a");
    }

    [Theory]
    [InlineData(true, true, 10, 100)]
    [InlineData(false, true, 10, 100)]
    [InlineData(true, false, 3, 100)]
    [InlineData(false, false, 1, 6)]
    [InlineData(true, true, int.MaxValue, 4)]
    [InlineData(false, true, int.MaxValue, 100)]
    public void Fit_AnyOptions_EqualsTheDefinition(bool ordered, bool distanceWeight, int maxDistance, int rulesPerItem)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var train = Generated.Sessions(sessions: 150, items: 25, seed, longest: 16);
            var options = new RulesOptions { Ordered = ordered, DistanceWeight = distanceWeight, MaxDistance = maxDistance, RulesPerItem = rulesPerItem };
            var model = RulesModel.Fit(train, options);
            var weights = DoubleRules.Weights(train, ordered, distanceWeight, maxDistance);
            for (var item = 0; item < train.Catalog.Count; item++)
            {
                var expected = ScoreLists.Best(Enumerable.Range(0, train.Catalog.Count).Select(other => (other, weights[item, other])), rulesPerItem);
                ScoreLists.AssertSame(expected, ScoreLists.After(model, 5, item), $"seed {seed}, item {item}");
            }
        }
    }

    [Fact]
    public void Fit_DistanceOneInOrder_RanksAsTheMarkovChain()
    {
        var rules = RulesModel.Fit(Train, new RulesOptions { MaxDistance = 1 });
        var markov = MarkovModel.Fit(Train);
        for (var item = 0; item < Train.Catalog.Count; item++)
            Assert.Equal(ScoreLists.After(markov, item).Select(entry => entry.ItemIndex), ScoreLists.After(rules, item).Select(entry => entry.ItemIndex));
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var faults = Assert.Throws<OptionsException>(() => RulesModel.Fit(Train, new RulesOptions { MaxDistance = 0, RulesPerItem = -1 })).Faults;
        Assert.Equal(["MaxDistance is 0; expected at least 1.", "RulesPerItem is -1; expected at least 1."], faults);
    }
}
