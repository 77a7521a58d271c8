using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Evaluation;

public class EvaluationOptionsTests
{
    private static readonly SessionSet s_train = Generated.Sessions(60, 30, seed: 5);

    /// <summary>Each option, changed: what must change with it, and what must not.</summary>
    private static readonly Dictionary<string, (Func<EvaluationOptions, EvaluationOptions> Change, bool ChangesMetrics)> s_changes = new()
    {
        [nameof(EvaluationOptions.Cutoffs)] = (options => options with { Cutoffs = [2, 4] }, true),
        [nameof(EvaluationOptions.Metrics)] = (options => options with { Metrics = [EvaluationMetric.Ndcg, EvaluationMetric.Coverage] }, true),
        [nameof(EvaluationOptions.Protocol)] = (options => options with { Protocol = EvaluationProtocol.RestOfSession }, true),
        [nameof(EvaluationOptions.Ties)] = (options => options with { Ties = TieBreaking.Conservative }, true),
        [nameof(EvaluationOptions.Unknown)] = (options => options with { Unknown = UnknownItems.Miss }, true),
        [nameof(EvaluationOptions.Features)] = (options => options with { Features = DiversityTests.Made(s_train.Catalog, seed: 1) }, true),
        [nameof(EvaluationOptions.Threads)] = (options => options with { Threads = 3 }, false),
        [nameof(EvaluationOptions.Lanes)] = (options => options with { Lanes = 5 }, false),
    };

    public static TheoryData<string> Names => [.. typeof(EvaluationOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Evaluate_OptionChangedAndSetBack_ChangesWhatItShould(string name)
    {
        var test = Generated.Sessions(60, 34, seed: 6, catalog: s_train.Catalog);
        var model = MarkovModel.Fit(s_train); // has ties
        var options = new EvaluationOptions();
        var (change, changesMetrics) = s_changes[name];
        var before = Evaluator.Evaluate(model, test, options).Metrics;
        var changed = Evaluator.Evaluate(model, test, change(options)).Metrics;
        Assert.All(changed, metric => Assert.True(double.IsFinite(metric.Value)));
        Assert.Equal(!changesMetrics, before.SequenceEqual(changed));
        Assert.Equal(before, Evaluator.Evaluate(model, test, options).Metrics);
    }

    [Fact]
    public void Validate_SeveralFaults_NamesAll()
    {
        var wrong = new EvaluationOptions { Cutoffs = [5, 0], Ties = (TieBreaking)9, Unknown = (UnknownItems)7, Threads = 0, Lanes = -1 };
        var thrown = Assert.Throws<OptionsException>(wrong.Validate);
        Assert.Equal(5, thrown.Faults.Count);
        Assert.Equal(
            "EvaluationOptions: Cutoffs is '5,0'; expected one or more numbers of at least 1. Ties is 9; expected Standard, Conservative or Median. "
            + "Unknown is 7; expected Drop or Miss. Threads is 0; expected at least 1. Lanes is -1; expected at least 1.", thrown.Message);
        Assert.Equal(
            "EvaluationOptions: Metrics has Precision; expected, under the protocol NextItem, of Recall, Mrr, Ndcg, Map, Coverage, Gini, Popularity, Novelty, Diversity. Metrics is 'Precision,Map,Map'; expected each once.",
            Assert.Throws<OptionsException>(new EvaluationOptions { Metrics = [EvaluationMetric.Precision, EvaluationMetric.Map, EvaluationMetric.Map] }.Validate).Message);
        Assert.Contains("Metrics has Mrr", Assert.Throws<OptionsException>(new EvaluationOptions { Metrics = [EvaluationMetric.Mrr], Protocol = EvaluationProtocol.RestOfSession }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("Protocol is 5; expected NextItem or RestOfSession.", Assert.Throws<OptionsException>(new EvaluationOptions { Protocol = (EvaluationProtocol)5 }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("Metrics has Diversity and there are no Features; expected the features of the model's items.", Assert.Throws<OptionsException>(new EvaluationOptions { Metrics = [EvaluationMetric.Diversity] }.Validate).Message, StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => new EvaluationOptions { Cutoffs = [] }.Validate());
        Assert.Throws<OptionsException>(() => new EvaluationOptions { Cutoffs = default }.Validate());
        new EvaluationOptions().Validate();
        Assert.Throws<OptionsException>(() => Evaluator.Evaluate(new ListModel(Generated.Words("ab").Catalog), Generated.Words("ab"), wrong));
    }
}
