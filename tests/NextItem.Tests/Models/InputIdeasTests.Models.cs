using System.Buffers.Binary;
using NextItem.Models.Gru4Rec;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;
using NextItem.Training;

namespace NextItem.Tests.Models;

/// <content>Finished models: lanes, files, what they can be used for, and that the options do something.</content>
public partial class InputIdeasTests
{
    private const int Items = 40;
    private const int PlaceAt = sizeof(float); // from the end of a saved state

    private static readonly SessionSet s_train = Generated.Sessions(80, 25, seed: 1);

    private static readonly Gru4RecOptions s_small = new()
    {
        Layers = [8],
        Epochs = 3,
        BatchSize = 8,
        NegativeSampleCount = 16,
        LearningRate = 0.2f,
        TimeClasses = 6,
        PositionClasses = 4,
    };

    /// <summary>Sessions with unknown items in them; each event's time is told, or none is.</summary>
    [Theory]
    [InlineData("products", true)]
    [InlineData("cosines", true)]
    [InlineData("cosines", false)]
    [InlineData("separate", true)]
    [InlineData("separate, cosines", true)]
    [InlineData("times", true)]
    [InlineData("places", false)]
    [InlineData("one class", true)]
    public void TopK_StepByStep_ScoresAreThoseOfTheDoubleNetwork(string name, bool withTimes)
    {
        const int Lanes = 5;
        using var model = Model(s_cases[name], out var reference);
        using var lanes = model.Open(Lanes);
        var random = new Random(6);
        var states = Array.ConvertAll(new int[Lanes], _ => Empty());
        var places = new int[Lanes];
        for (var step = 0; step < 9; step++)
        {
            int[] items = [.. places.Select(_ => random.Next(5) == 0 ? ItemCatalog.UnknownItem : random.Next(Items))];
            byte[] gaps = [.. places.Select(_ => (byte)random.Next(12))];
            if (step == 5)
            {
                lanes.Reset(2);
                (states[2], places[2]) = (Empty(), 0);
            }

            if (withTimes)
                lanes.Advance(items, gaps);
            else
                lanes.Advance(items);
            for (var lane = 0; lane < Lanes; lane++)
            {
                if (items[lane] >= 0)
                    states[lane] = reference.Next(states[lane], new DoubleEvent(items[lane], null, null) { Gap = withTimes ? gaps[lane] : 0, Position = places[lane]++ });
                if (places[lane] == 0)
                    continue; // nothing seen: cosines score nothing
                var expected = reference.Scores(states[lane][^1]);
                var best = BestOf(lanes, lane);
                Assert.Equal(Items, best.Length);
                Assert.All(best, item => Assert.Equal(expected[item.ItemIndex], item.Score, 2e-5));
            }
        }

        double[][] Empty() => [.. model.Options.Layers.Select(units => new double[units])];
    }

    /// <summary>The number of events is part of the state: what goes on elsewhere gives the same bits, and a lane that starts anew counts anew.</summary>
    [Fact]
    public void Save_ThenLoadElsewhere_GoesOnWithTheSamePlaces()
    {
        using var model = Model(s_both, out _);
        using var lanes = model.Open(3);
        using var other = model.Open(1);
        for (var step = 0; step < 6; step++)
        {
            other.Load(0, lanes.Save(1));
            Assert.Equal(lanes.Save(1), other.Save(0));
            lanes.Advance([step, 7 + step, -1], [0, 3, 5]);
            other.Advance([7 + step], [3]);
            Assert.Equal(BestOf(lanes, 1), BestOf(other, 0));
            Assert.Equal(lanes.Save(1), other.Save(0));
        }

        using var fresh = model.Open(1);
        other.Reset(0);
        Assert.Equal(fresh.Save(0), other.Save(0));
        Assert.Equal(fresh.Save(0), lanes.Save(2));
        using var without = Model(s_both with { PositionClasses = 0 }, out _);
        using var shorter = without.Open(1);
        Assert.Equal(fresh.Save(0).Length - sizeof(float), shorter.Save(0).Length);
        Assert.Throws<ArgumentException>(() => shorter.Load(0, fresh.Save(0)));
    }

    /// <summary>A state may come from anywhere; no number in it may lead out of the table.</summary>
    [Theory, InlineData(-7), InlineData(1e30f), InlineData(2.5f)]
    public void Load_PlaceThatIsNone_IsTheNearest(float place)
    {
        using var model = Model(s_both, out _);
        using var lanes = model.Open(2);
        var state = lanes.Save(0);
        BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(state.Length - PlaceAt), place);
        lanes.Load(0, state);
        BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(state.Length - PlaceAt), Math.Clamp((int)place, 0, 3));
        lanes.Load(1, state);
        lanes.Advance([5, 5], [2, 2]);
        Assert.Equal(BestOf(lanes, 1), BestOf(lanes, 0));
    }

    [Theory, InlineData(0, EmbeddingMode.Shared), InlineData(9, EmbeddingMode.Shared), InlineData(0, EmbeddingMode.Separate)]
    public void Save_TrainedModel_LoadedAndMappedAreTheSame(float cosineScale, EmbeddingMode embedding)
    {
        var trained = Trainer.Fit(s_train, s_small with { CosineScale = cosineScale, Embedding = embedding, EmbeddingSize = embedding == EmbeddingMode.Separate ? 5 : 0 });
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
                ModelFile.Save(file, trained);
            using var stream = File.OpenRead(path);
            using var loaded = ModelFile.Load(stream);
            using var again = File.OpenRead(path);
            using var mapped = ModelFile.Map(again);
            var expected = (Gru4RecModel)trained.Model;
            foreach (var found in new[] { (Gru4RecModel)loaded.Model, (Gru4RecModel)mapped.Model })
            {
                Assert.Equal((6, 4), (found.Options.TimeClasses, found.Options.PositionClasses));
                Assert.Equal(expected.ParameterCount, found.ParameterCount);
                Assert.Equal(expected.Parameters.All.Tables.Select(ValuesOf), found.Parameters.All.Tables.Select(ValuesOf));
                Assert.Contains(ValuesOf(found.Parameters.TimeInputs!), value => value != 0);
                Assert.Contains(ValuesOf(found.Parameters.PositionInputs!), value => value != 0);
                Assert.Equal(Evaluator.Evaluate(expected, s_train).Metrics, Evaluator.Evaluate(found, SessionsFor(found.Catalog)).Metrics);
            }
        }
        finally
        {
            File.Delete(path);
        }

        static SessionSet SessionsFor(ItemCatalog catalog) => Generated.Sessions(80, 25, seed: 1, catalog: catalog);
    }

    [Fact]
    public void TakeFrom_TrainedModel_BringsTheClasses()
    {
        var trained = Trainer.Fit(s_train, s_small);
        var more = Generated.Sessions(90, 31, seed: 2);
        using var run = new Gru4RecRun(more, s_small);
        run.TakeFrom(trained.Model);
        var before = ((Gru4RecModel)trained.Model).Parameters;
        Assert.Equal(ValuesOf(before.TimeInputs!), ValuesOf(run.Parameters["time_inputs"]));
        Assert.Equal(ValuesOf(before.PositionInputs!), ValuesOf(run.Parameters["position_inputs"]));
        var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(more, s_small with { TimeClasses = 5 }, new TrainingContext { WarmStart = trained }));
        Assert.Contains("TimeClasses 5 where the model has TimeClasses 6", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(6, 0), InlineData(0, 4)]
    public void Fit_TeacherWithClasses_IsRefused(int times, int places)
    {
        var teacher = Trainer.Fit(s_train, s_small with { TimeClasses = times, PositionClasses = places }).Model;
        var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, s_small with { Distillation = 0.5f }, new TrainingContext { Teachers = [teacher] }));
        Assert.Contains("Teacher 1 has one of TimeClasses, PositionClasses", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>A student may have classes where its teachers read items alone.</summary>
    [Fact]
    public void Fit_StudentWithClasses_LearnsFromATeacherWithout()
    {
        var teacher = Trainer.Fit(s_train, s_small with { TimeClasses = 0, PositionClasses = 0 }).Model;
        var student = (Gru4RecModel)Trainer.Fit(s_train, s_small with { Distillation = 0.5f }, new TrainingContext { Teachers = [teacher] }).Model;
        Assert.Contains(ValuesOf(student.Parameters.TimeInputs!), value => value != 0);
    }

    /// <summary>An item is followed by one of two: after a short time by the one, after a long time by the other.</summary>
    [Theory, InlineData(0), InlineData(9)]
    public void Fit_NextItemGoesByTheTime_IsFoundWithTimeClassesAlone(float cosineScale)
    {
        var options = s_small with { Layers = [24], Epochs = 30, CosineScale = cosineScale, TimeClasses = 0, PositionClasses = 0 };
        var (train, test) = Logs((item, _, isLong) => (item * 3) + (isLong ? 7 : 1));
        var (without, with) = (Recall(train, test, options), Recall(train, test, options with { TimeClasses = 12 }));
        Assert.True(without < 0.65 && with > 0.9, $"Recall@1 {without:F3} without, {with:F3} with");

        // A fusion passes the times on.
        var model = Trainer.Fit(train, options with { TimeClasses = 12 }).Model;
        Assert.Equal(RecallOf(model, test), RecallOf(FusionModel.Of([model, model]), test), 0.005);
    }

    /// <summary>What follows an item goes by its place, every second time; a network that must count by itself has learned less of it after three epochs.</summary>
    [Theory, InlineData(0), InlineData(9)]
    public void Fit_NextItemGoesByThePlace_IsFoundSoonerWithPositionClasses(float cosineScale)
    {
        int[] steps = [5, 0, 11, 0, 8, 0, 13];
        var random = new Random(5);
        var options = s_small with { Layers = [24], Epochs = 3, CosineScale = cosineScale, TimeClasses = 0, PositionClasses = 0 };
        var (train, test) = Logs((item, place, _) => place % 2 == 0 ? item + steps[place] : random.Next(19));
        var (without, with) = (Recall(train, test, options), Recall(train, test, options with { PositionClasses = 8 }));
        Assert.True(with > without + 0.1, $"Recall@1 {without:F3} without, {with:F3} with");
    }

    /// <summary>Sessions of eight events, times of two kinds between them.</summary>
    private static (SessionSet Train, SessionSet Test) Logs(Func<int, int, bool, int> next)
    {
        var random = new Random(8);
        var train = SessionSet.From(Events(500));
        return (train, SessionSet.From(Events(100), train.Catalog));

        List<SessionEvent> Events(int sessions)
        {
            var events = new List<SessionEvent>();
            for (var session = 0; session < sessions; session++)
            {
                var item = random.Next(19);
                double time = session * 100_000;
                for (var (place, isLong) = (0, false); place < 8; place++)
                {
                    events.Add(new SessionEvent($"s{session}", $"i{item}", time));
                    item = next(item, place % 7, isLong) % 19;
                    isLong = random.Next(2) == 0;
                    time += isLong ? random.Next(300, 1000) : random.Next(2, 30);
                }
            }

            return events;
        }
    }

    private static double Recall(SessionSet train, SessionSet test, Gru4RecOptions options) => RecallOf(Trainer.Fit(train, options).Model, test);

    private static double RecallOf(ISessionModel model, SessionSet test) => Evaluator.Evaluate(model, test, new EvaluationOptions { Cutoffs = [1] }).Metrics[0].Value;

    private static ScoredItem[] BestOf(SessionLanes lanes, int lane)
    {
        var best = new ScoredItem[Items];
        return best[..lanes.TopK(lane, null, [], best)];
    }

    private static Gru4RecModel Model(Gru4RecOptions options, out DoubleNetwork reference)
    {
        var catalog = ItemCatalog.From(Enumerable.Range(0, Items).Select(item => $"i{item}"), Enumerable.Repeat(1, Items));
        var parameters = new Gru4RecParameters(options, Items, states: 0);
        StepHarness.Randomise(parameters, seed: 11);
        for (var row = 0; row < Items && options.CosineScale > 0; row++)
            parameters.Items.At(row, 0, parameters.VectorLength) = 0;
        if (options.CosineScale > 0)
            CosineScores.Normalise(parameters.Items, parameters.VectorLength); // as finished models have them
        reference = new DoubleNetwork(parameters.All, options, [.. catalog.Support]);
        return new Gru4RecModel(catalog, options, parameters);
    }
}
