using NextItem.Models.Baselines;
using NextItem.Optimizers;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Baselines;

public class BprMfModelTests : SessionModelContract
{
    private static readonly BprMfOptions s_small = new() { Factors = 19, Epochs = 4, LearningRate = 0.2f, Seed = 3 };

    private protected override ISessionModel Model { get; } = BprMfModel.Fit(Train, s_small);

    private protected override string Algorithm => "bpr-mf";

    public static TheoryData<BprMfOptions> Settings =>
    [
        s_small,
        s_small with { Factors = 1 },
        s_small with { Negatives = BprNegatives.Items, Epochs = 2 },
        s_small with { SessionPenalty = 0.1f, ItemPenalty = 0.02f, InitialScale = 0.3f, Factors = 40 },
        new BprMfOptions(),
    ];

    [Theory, MemberData(nameof(Settings))]
    public void RunEpoch_AnyOptions_EqualsTheDefinition(BprMfOptions options)
    {
        using var training = new BprMfTraining(Train, options);
        var reference = Twin(training, options);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            training.RunEpoch(epoch);
            Assert.InRange(reference.RunEpoch(epoch), Train.EventCount / 2, Train.EventCount);
        }

        AssertClose(reference.Sessions, training.Sessions, "sessions");
        AssertClose(reference.Items, training.Items, "items");
    }

    [Fact]
    public void Scores_AfterASession_AreThoseOfTheMeanOfItsVectorsRepeatsCounted()
    {
        using var training = new BprMfTraining(Train, s_small);
        var reference = Twin(training, s_small);
        for (var epoch = 1; epoch <= s_small.Epochs; epoch++)
            reference.RunEpoch(epoch);
        foreach (var session in new int[][] { [], [3], [3, 3, 8], [8, 3, 3], [0, 1, 2, 3, 4, 5, 6, 7] })
        {
            var expected = reference.Scores(session);
            var found = ScoreLists.After(Model, session);
            Assert.Equal(expected.Length, found.Length);
            Assert.All(found, item => Assert.Equal(expected[item.ItemIndex], item.Score, 1e-4));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 0)]
    [InlineData(0, 0.7)]
    [InlineData(0.05, 0.2)]
    public void Step_AnyPenalty_GoesDownTheGradient(float sessionPenalty, float itemPenalty)
    {
        // With a learning rate of 1 the step is the gradient itself.
        var options = new BprMfOptions { Factors = 7, LearningRate = 1, SessionPenalty = sessionPenalty, ItemPenalty = itemPenalty, InitialScale = 0.8f };
        using var training = new BprMfTraining(Train, options);
        training.Items.At(2, 0, 7) = 0.4f;
        training.Items.At(5, 0, 7) = -0.3f;
        var before = Twin(training, options);
        training.Step(session: 1, positive: 2, negative: 5);
        foreach (var (values, table, row) in new[] { (before.Sessions, training.Sessions, 1), (before.Items, training.Items, 2), (before.Items, training.Items, 5) })
        {
            for (var f = 0; f < values[row].Length; f++)
            {
                const double Nudge = 1e-5;
                var value = values[row][f];
                values[row][f] = value + Nudge;
                var higher = before.Loss(1, 2, 5);
                values[row][f] = value - Nudge;
                var lower = before.Loss(1, 2, 5);
                values[row][f] = value;
                var gradient = (higher - lower) / (2 * Nudge);
                Assert.Equal(gradient, value - table.At(row, 0, f), 2e-6);
                Assert.NotEqual(value, table.At(row, 0, f));
            }
        }

        Assert.Equal((float)before.Items[3][0], training.Items.At(3, 0, 0));
    }

    [Theory]
    [InlineData(BprNegatives.Events)]
    [InlineData(BprNegatives.Items)]
    public void NegativeFor_ManyDraws_HasTheSharesThatItSaysAndNeverAnItemOfTheSession(BprNegatives negatives)
    {
        // After ab: c stands in 6 of the other 8 events, d in 2.
        var train = Generated.Words("ab cccc ccdd");
        using var training = new BprMfTraining(train, new BprMfOptions { Factors = 1, Negatives = negatives });
        var drawn = Enumerable.Range(1, 4000).Select(epoch => training.NegativeFor(0, epoch)).ToArray();
        Assert.All(drawn, item => Assert.True(item == train.Index('c') || item == train.Index('d')));
        var share = drawn.Count(item => item == train.Index('c')) / 4000.0;
        Assert.Equal(negatives == BprNegatives.Events ? 0.75 : 0.5, share, 0.035); // five standard deviations at most
    }

    [Fact]
    public void Fit_SessionWithAllItems_PassesItsEventsOver()
    {
        var train = Generated.Words("abab");
        var model = BprMfModel.Fit(train, s_small);
        Assert.Equal(0, ScoreLists.After(model)[0].Score); // no bias was learned: there is nothing that the session had not
    }

    [Fact]
    public void Fit_SessionsWithUnknownItems_PassesThemOver()
    {
        var catalog = Generated.Words("abc").Catalog;
        var train = Generated.Words("axb xa c", catalog);
        var options = s_small with { Negatives = BprNegatives.Events };
        using var training = new BprMfTraining(train, options);
        var reference = Twin(training, options, train);
        training.RunEpoch(1);
        Assert.Equal(4, reference.RunEpoch(1));
        AssertClose(reference.Items, training.Items, "items");
    }

    [Fact]
    public void Fit_SameOptions_GivesTheSameModelAndEachOptionAnother()
    {
        static ScoredItem[] Scores(BprMfOptions options) => ScoreLists.After(BprMfModel.Fit(Train, options), 1, 2);
        var expected = Scores(s_small);
        Assert.Equal(expected, Scores(s_small));
        BprMfOptions[] others =
        [
            s_small with { Factors = 20 }, s_small with { Epochs = 5 }, s_small with { LearningRate = 0.1f }, s_small with { SessionPenalty = 0.1f },
            s_small with { ItemPenalty = 0.1f }, s_small with { InitialScale = 0.1f }, s_small with { Negatives = BprNegatives.Items }, s_small with { Seed = 4 },
        ];
        Assert.All(others, options => Assert.NotEqual(expected, Scores(options)));
    }

    [Fact]
    public void Fit_ItemsOfTwoKinds_RecommendsThoseOfTheSessionsKind()
    {
        var train = Generated.Words(string.Concat(Enumerable.Repeat("abcd efgh bdac hgfe ", 30)));
        var model = BprMfModel.Fit(train, new BprMfOptions { Factors = 8, LearningRate = 0.1f });
        var best = ScoreLists.After(model, train.Index('a'), train.Index('c'))[..4].Select(item => train.Catalog.KeyOf(item.ItemIndex));
        Assert.Equal(["a", "b", "c", "d"], best.Order());
    }

    [Fact]
    public void Fit_Diverged_SaysWhatToLower()
    {
        var faults = Assert.Throws<OptionsException>(() => BprMfModel.Fit(Train, s_small with { LearningRate = 10, ItemPenalty = 1000, Epochs = 30 })).Faults;
        Assert.StartsWith("LearningRate is 10, with which", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => BprMfModel.Fit(Train, s_small, new CancellationToken(canceled: true)));

    [Fact]
    public void Load_StateThatIsNoNumber_IsRefused()
    {
        using var lanes = Model.Open(1);
        lanes.Advance([1]);
        var state = lanes.Save(0);
        BitConverter.TryWriteBytes(state.AsSpan(16), double.NaN);
        Assert.Contains("The state holds NaN at byte 16", Assert.Throws<ArgumentException>(() => lanes.Load(0, state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var options = new BprMfOptions { Factors = 0, Epochs = 0, LearningRate = 0, SessionPenalty = -1, ItemPenalty = float.NaN, InitialScale = float.PositiveInfinity, Negatives = (BprNegatives)7 };
        Assert.Equal(
            [
                "Factors is 0; expected 1 to 65536.", "Epochs is 0; expected at least 1.", "LearningRate is 0; expected a finite number above 0.",
                "SessionPenalty is -1; expected a finite number of at least 0.", "ItemPenalty is NaN; expected a finite number of at least 0.",
                "InitialScale is Infinity; expected a finite number above 0.", "Negatives is 7; expected Events or Items.",
            ],
            Assert.Throws<OptionsException>(() => BprMfModel.Fit(Train, options)).Faults);
    }

    private static DoubleBprMf Twin(BprMfTraining training, BprMfOptions options, SessionSet? train = null) =>
        new(train ?? Train, options, Values(training.Sessions), Values(training.Items));

    private static double[][] Values(ParameterTable table) =>
        [.. Enumerable.Range(0, table.Rows).Select(row => Enumerable.Range(0, table.BlockColumns).Select(f => (double)table.At(row, 0, f)).ToArray())];

    private static void AssertClose(double[][] expected, ParameterTable found, string what)
    {
        Assert.Equal(expected.Length, found.Rows);
        for (var row = 0; row < found.Rows; row++)
        {
            for (var f = 0; f < found.BlockColumns; f++)
                Assert.True(Math.Abs(expected[row][f] - found.At(row, 0, f)) <= 2e-5, $"{what}, row {row}, {f}: {found.At(row, 0, f)}; expected {expected[row][f]}");
        }
    }
}
