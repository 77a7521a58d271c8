using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Fusion;

public class FusionModelTests : SessionModelContract
{
    private static readonly TrainedModel s_gru4Rec = Trainer.Fit(Train, new Gru4RecOptions { Layers = [10], Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 });
    private static readonly ISessionModel[] s_models = [s_gru4Rec.Model, MarkovModel.Fit(Train), SessionPopularityModel.Fit(Train, 15)];

    private protected override ISessionModel Model { get; } = FusionModel.Of(s_models, new FusionOptions { Weights = [0.5f, 0.3f, 0.2f] });

    private protected override string Algorithm => "fusion";

    [Fact]
    public void Scores_ByHand_AreTheExampleOfTheBaselinesPage()
    {
        // docs/baselines.md, fusion. After a, markov: b 1/2, c and d 1/4 each, level; pop: a 4, b 3, c and d 1.
        var train = Generated.Words("ab ab ac ad b");
        var fusion = FusionModel.Of([MarkovModel.Fit(train), PopularityModel.Fit(train)], new FusionOptions { Weights = [3, 1], RankOffset = 1 });
        ScoreLists.AssertSame(
            [
                (train.Index('b'), (3.0 / 2) + (1.0 / 3)), (train.Index('c'), (3.0 / 3) + (1.0 / 4)), (train.Index('d'), (3.0 / 3) + (1.0 / 4)),
                (train.Index('a'), 1.0 / 2),
            ],
            ScoreLists.After(fusion, train.Index('a')),
            "after a");
    }

    [Fact]
    public void Dispose_OfAFusion_FreesItsModels()
    {
        var network = Trainer.Fit(Train, new Gru4RecOptions { Layers = [4], Epochs = 1, BatchSize = 7, NegativeSampleCount = 9 }).Model;
        var fusion = FusionModel.Of([network, MarkovModel.Fit(Train)]);
        fusion.Open(1).Dispose();
        fusion.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Open(1));
    }

    public static TheoryData<FusionOptions> Settings =>
    [
        new FusionOptions(),
        new FusionOptions { Weights = [0.2f, 3, 0.7f] },
        new FusionOptions { RankOffset = 0, Depth = 0 },
        new FusionOptions { RankOffset = 2.5f, Depth = 6 },
        new FusionOptions { Depth = 1, Weights = [1, 2, 4] },
    ];

    [Theory, MemberData(nameof(Settings))]
    public void Scores_AnyOptions_EqualTheDefinition(FusionOptions options)
    {
        var fusion = FusionModel.Of(s_models, options);
        foreach (var session in new int[][] { [], [0], [3, 3, 8], [7, 7, 2, 5, 1] })
        {
            var sums = new double[fusion.Catalog.Count];
            for (var m = 0; m < s_models.Length; m++)
            {
                var all = ScoreLists.After(s_models[m], session);
                foreach (var (item, score) in options.Depth == 0 ? all : all.Take(options.Depth))
                    sums[item] += (options.Weights is [] ? 1.0 : options.Weights[m]) / (options.RankOffset + 1 + all.Count(other => other.Score > score));
            }

            var expected = ScoreLists.Best(sums.Select((sum, item) => (item, sum)), int.MaxValue);
            ScoreLists.AssertSame(expected, ScoreLists.After(fusion, session), $"after {string.Join(' ', session)}");
        }
    }

    [Fact]
    public void Fuse_EachOption_ChangesTheScores()
    {
        static ScoredItem[] Scores(FusionOptions options) => ScoreLists.After(FusionModel.Of(s_models, options), 1, 2);
        var expected = Scores(new FusionOptions());
        Assert.Equal(expected, Scores(new FusionOptions { Weights = [1, 1, 1] }));
        Assert.All(
            new FusionOptions[] { new() { Weights = [1, 1, 2] }, new() { RankOffset = 10 }, new() { Depth = 3 } },
            options => Assert.NotEqual(expected, Scores(options)));
    }

    [Fact]
    public void Of_ModelsOfOtherItems_SaysWhatDiffers()
    {
        var first = PopularityModel.Fit(Generated.Words("ab ac"));
        Refuses("Model 2 (markov) has other items than model 1 (pop): 2 items; expected 3. Models that are fused must be trained on the same events.", MarkovModel.Fit(Generated.Words("ab ab")));
        Refuses("Model 2 (pop) has other items than model 1 (pop): item 2 is 'x'; expected 'c'.", PopularityModel.Fit(Generated.Words("ab ax")));
        Refuses("item 1 is 'c'; expected 'b'", PopularityModel.Fit(Generated.Words("ac ab")));
        Refuses("item 'b' has 2 training events; expected 1.", PopularityModel.Fit(Generated.Words("ab acb")));
        Assert.Equal(2, FusionModel.Of([first, MarkovModel.Fit(Generated.Words("ab ac"))]).Models.Length); // equal, though not the same object

        void Refuses(string message, ISessionModel other) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>("models", () => FusionModel.Of([first, other])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WrongNumbersOfModelsOrWeights_AreRefused()
    {
        Assert.Throws<ArgumentNullException>("models", () => FusionModel.Of(null!));
        Assert.Contains("A fusion has 1 models; expected two or more.", Assert.Throws<ArgumentException>("models", () => FusionModel.Of([s_models[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("Model 1 is a fusion itself", Assert.Throws<ArgumentException>("models", () => FusionModel.Of([Model, s_models[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("Model 2 is null", Assert.Throws<ArgumentException>("models", () => FusionModel.Of([s_models[0], null!])).Message, StringComparison.Ordinal);
        Assert.Equal(
            ["Weights has 2 numbers; expected 3, one for each model, or none."],
            Assert.Throws<OptionsException>(() => FusionModel.Of(s_models, new FusionOptions { Weights = [1, 2] })).Faults);
    }

    [Fact]
    public void Validate_OptionsOutOfRange_TellsAllFaults()
    {
        var options = new FusionOptions { Weights = [1, 0, float.NaN], RankOffset = -1, Depth = -1 };
        Assert.Equal(
            [
                "Weights is 0; expected finite numbers above 0.", "Weights is NaN; expected finite numbers above 0.",
                "RankOffset is -1; expected a finite number of at least 0.", "Depth is -1; expected at least 0.",
            ],
            Assert.Throws<OptionsException>(options.Validate).Faults);
    }

    [Fact]
    public void Equals_SameWeightsInOtherLists_IsTrue()
    {
        Assert.Equal(new FusionOptions { Weights = [1, 2] }, new FusionOptions { Weights = [1, 2] });
        Assert.Equal(new FusionOptions { Weights = default }, new FusionOptions());
        Assert.Equal(new FusionOptions { Weights = [1, 2] }.GetHashCode(), new FusionOptions { Weights = [1, 2] }.GetHashCode());
        Assert.NotEqual(new FusionOptions { Weights = [1, 2] }, new FusionOptions { Weights = [1, 3] });
    }

    [Fact]
    public void Load_StateWithOneWrongPart_LeavesTheLaneAsItWas()
    {
        using var lanes = Model.Open(1);
        lanes.Advance([4]);
        var before = lanes.Save(0);
        var wrong = before.ToArray();
        BitConverter.TryWriteBytes(wrong.AsSpan(wrong.Length - 4), 9999); // an item of s-pop, the last of the models, that there is not
        BitConverter.TryWriteBytes(wrong.AsSpan(16), 0.25f); // a unit of gru4rec, the first: by itself it would be taken
        Assert.Throws<ArgumentException>(() => lanes.Load(0, wrong));
        Assert.Equal(before, lanes.Save(0));
    }

    [Fact]
    public void ModelFusion_OfTrainedModels_TellsWhereTheyComeFrom()
    {
        var markov = Trainer.Describe(MarkovModel.Fit(Train), Train);
        var later = markov with { Provenance = markov.Provenance with { TrainedUntil = 1e9 } };
        var fused = ModelFusion.Of([s_gru4Rec, later], new FusionOptions { Depth = 5 });
        Assert.Equal(5, Assert.IsType<FusionModel>(fused.Model).Options.Depth);
        Assert.Equal(Train.Fingerprint(), fused.Provenance.DataFingerprint);
        Assert.Equal(((long)Train.Count, (long)Train.EventCount, 1e9), (fused.Provenance.Sessions, fused.Provenance.Events, fused.Provenance.TrainedUntil));
    }
}
