using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Training;

/// <summary>Which models a run can learn from, and that it does.</summary>
public class TeachersTests
{
    private static readonly SessionSet s_train = Generated.Sessions(60, 25, seed: 1);

    private static readonly Gru4RecOptions s_options = new() { Layers = [6], Epochs = 2, BatchSize = 7, NegativeSampleCount = 5 };

    private static readonly Gru4RecModel s_teacher = Model(s_options with { Seed = 5 });

    [Fact]
    public void Fit_WithTeachers_DependsOnEachAndOnTheirShareAndIsTheSameAgain()
    {
        var other = Model(s_options with { Seed = 6 });
        float[][] vectors =
        [
            VectorsOf(0, []), VectorsOf(0.5f, [s_teacher]), VectorsOf(0.5f, [other]), VectorsOf(0.5f, [s_teacher, other]), VectorsOf(0.9f, [s_teacher, other]),
        ];
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.NotEqual(vectors[i], vectors[j]);
        }

        Assert.Equal(vectors[3], VectorsOf(0.5f, [s_teacher, other]));
    }

    /// <summary>Taught by it alone, a model of the same size comes closer to the teacher's lists than one that learns from the sessions.</summary>
    [Fact]
    public void Fit_TaughtAlone_RecommendsWhatTheTeacherDoes()
    {
        var options = s_options with { Layers = [16], Epochs = 40, LearningRate = 0.1f, NegativeSampleCount = 40 };
        var teacher = Model(options with { Seed = 9 });
        var taught = Trainer.Fit(s_train, options with { Distillation = 1 }, new TrainingContext { Teachers = [teacher] }).Model;
        var alone = Trainer.Fit(s_train, options).Model;
        Assert.True(
            Shared(teacher, taught) > Shared(teacher, alone) + 10,
            $"of the teacher's lists {Shared(teacher, taught)} items are the taught model's, {Shared(teacher, alone)} that of one that never met it");
    }

    [Fact]
    public void Fit_TeachersThatDoNotGoWithTheRun_AreRefused()
    {
        Refused("Distillation is 0.5, but there is no teacher", s_options with { Distillation = 0.5f });
        Refused("There are 1 teachers, but Distillation is 0", s_options, s_teacher);
        var taught = s_options with { Distillation = 0.5f };
        Refused("Teacher 2 is 'pop'; expected gru4rec", taught, s_teacher, PopularityModel.Fit(s_train));
        Refused("Teacher 1 was trained with BprMax", taught, Model(s_options with { Loss = Loss.BprMax }));
        Refused("Teacher 1 was trained with CrossEntropy and a final activation of tanh", taught, Model(s_options with { FinalActivation = FinalActivation.Tanh }));
        var fewer = SessionSet.From(Enumerable.Range(0, 6).Select(i => new SessionEvent($"s{i / 3}", s_train.Catalog.KeyOf(i), i)));
        Refused($"Teacher 1 does not know {s_train.Catalog.Count - 6} of the {s_train.Catalog.Count} training items", taught, Trainer.Fit(fewer, s_options).Model);
        var prnn = new PrnnOptions { Architecture = PrnnArchitecture.IdOnly };
        var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, prnn, null, new TrainingContext { Teachers = [s_teacher] }));
        Assert.Contains("only gru4rec learns from teachers", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ResumedWithOtherTeachers_IsRefused()
    {
        var options = s_options with { Distillation = 0.5f };
        var sink = new Keeper();
        Trainer.Fit(s_train, options, new TrainingContext { Teachers = [s_teacher], Checkpoints = sink });
        using var stream = new MemoryStream(sink.Last!);
        using var checkpoint = CheckpointFile.Load(stream);
        foreach (ISessionModel[] others in new ISessionModel[][] { [Model(s_options with { Seed = 6 })], [s_teacher, s_teacher] })
        {
            var context = new TrainingContext { Teachers = others, ResumeFrom = checkpoint };
            Assert.Contains("other teachers", Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, options with { Epochs = 3 }, context)).Message, StringComparison.Ordinal);
        }

        Trainer.Fit(s_train, options with { Epochs = 3 }, new TrainingContext { Teachers = [s_teacher], ResumeFrom = checkpoint });
    }

    private static Gru4RecModel Model(Gru4RecOptions options) => (Gru4RecModel)Trainer.Fit(s_train, options).Model;

    private static float[] VectorsOf(float share, ISessionModel[] teachers)
    {
        var model = (Gru4RecModel)Trainer.Fit(s_train, s_options with { Distillation = share }, new TrainingContext { Teachers = teachers }).Model;
        return [.. Enumerable.Range(0, s_train.Catalog.Count).SelectMany(item => model.VectorOf(item).ToArray())];
    }

    private static int Shared(ISessionModel one, ISessionModel other)
    {
        var (first, second) = (new Recommender(one), new Recommender(other));
        return Enumerable.Range(0, s_train.Catalog.Count)
            .Sum(item => first.Recommend([s_train.Catalog.KeyOf(item)], 5).Items.Select(each => each.ItemKey)
                .Intersect(second.Recommend([s_train.Catalog.KeyOf(item)], 5).Items.Select(each => each.ItemKey)).Count());
    }

    private static void Refused(string message, Gru4RecOptions options, params ISessionModel[] teachers)
    {
        var context = new TrainingContext { Teachers = teachers };
        Assert.Contains(message, Assert.Throws<TrainingStartException>(() => Trainer.RequireStart(s_train, options, context)).Message, StringComparison.Ordinal);
        Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, options, context));
    }

    private sealed class Keeper : ICheckpointSink
    {
        public byte[]? Last { get; private set; }

        public void Save(Checkpoint checkpoint)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Save(stream, checkpoint);
            Last = stream.ToArray();
        }
    }
}
