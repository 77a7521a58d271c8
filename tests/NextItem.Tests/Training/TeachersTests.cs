using NextItem.Tests.Fixtures;
using NextItem.Training;

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

    /// <summary>Scores tend to log p less logarithms of how often an item is drawn, unless logQ is 1: the student weighs them by its own.</summary>
    [Fact]
    public void Fit_TeachersWhoseScoresAreOfOtherSamples_AreRefused()
    {
        var taught = s_options with { Distillation = 0.5f };
        Refused("Teacher 1 was trained with LogQ 0; expected 1, as in this run", taught, Model(s_options with { LogQ = 0 }));
        Refused("Teacher 2 was trained with LogQ 1; expected 0.5, as in this run", taught with { LogQ = 0.5f }, Model(s_options with { LogQ = 0.5f }), s_teacher);
        var biased = s_options with { LogQ = 0 };
        Refused(
            "Teacher 1 was trained with SampleAlpha 0.25, NegativeSampleCount 5 and BatchSize 7; expected SampleAlpha 0.5, NegativeSampleCount 5 and BatchSize 7, as in this run",
            biased with { Distillation = 0.5f },
            Model(biased with { SampleAlpha = 0.25f }));
        Refused("Teacher 1 was trained with NegativeSampleCount 0; expected SampleAlpha 0.5", biased with { Distillation = 0.5f }, Model(biased with { NegativeSampleCount = 0 }));
        Refused("NegativeSampleCount 50 and BatchSize 7; expected", biased with { Distillation = 0.5f }, Model(biased with { NegativeSampleCount = 50 }));

        Taken(taught, Model(s_options with { SampleAlpha = 0, NegativeSampleCount = 50, BatchSize = 3 })); // with logQ 1 none of this matters
        Taken(biased with { Distillation = 0.5f }, Model(biased with { NegativeSampleCount = 10, BatchSize = 14 })); // as many a lane
        var inBatch = biased with { NegativeSampleCount = 0 };
        Taken(inBatch with { Distillation = 0.5f }, Model(inBatch with { SampleAlpha = 0.25f, BatchSize = 20 })); // nothing is drawn
        Taken(inBatch with { Distillation = 0.5f }, Model(biased with { SampleAlpha = 1 })); // drawn as targets are
    }

    [Fact]
    public void RequireStart_RefusedTeacher_SaysWhichOne()
    {
        var context = new TrainingContext { Teachers = [s_teacher, PopularityModel.Fit(s_train)] };
        Assert.Equal(1, Assert.Throws<TrainingStartException>(() => Trainer.RequireStart(s_train, s_options with { Distillation = 0.5f }, context)).TeacherIndex);
        Assert.Null(Assert.Throws<TrainingStartException>(() => Trainer.RequireStart(s_train, s_options, context)).TeacherIndex);
    }

    [Fact]
    public void Fit_TeachersThatAreNull_SaysSo()
    {
        var context = new TrainingContext { Teachers = null! };
        Assert.Equal("context.Teachers", Assert.Throws<ArgumentNullException>(() => Trainer.Fit(s_train, s_options, context)).ParamName);
        Assert.Equal("context.Teachers", Assert.Throws<ArgumentNullException>(() => Trainer.RequireStart(s_train, s_options, context)).ParamName);
        Assert.Equal("context.Teachers", Assert.Throws<ArgumentNullException>(() => Trainer.Fit(s_train, new PrnnOptions { Architecture = PrnnArchitecture.IdOnly }, null, context)).ParamName);
        Assert.Throws<ArgumentNullException>(() => Trainer.EstimateMemory(10, s_options, null!));
    }

    public static TheoryData<string> Openings => [.. s_openings.Keys];

    private static readonly Dictionary<string, Gru4RecOptions> s_openings = new()
    {
        ["shared"] = s_options,
        ["two layers, cosines"] = s_options with { Layers = [6, 9], CosineScale = 7 },
        ["separate"] = s_options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 5 },
        ["one-hot, reset after"] = s_options with { Embedding = EmbeddingMode.None, Variant = GruVariant.ResetAfter },
    };

    /// <summary>A run that was begun in code goes on from the command line, which maps its files.</summary>
    [Theory, MemberData(nameof(Openings))]
    public void Fingerprint_ModelInMemoryLoadedOrMapped_IsTheSame(string kind)
    {
        var trained = Trainer.Fit(s_train, s_openings[kind]);
        using var loaded = Loaded(trained);
        using var mapped = Mapped(trained);
        if (!OperatingSystem.IsWindows())
            Assert.True(((Gru4RecModel)mapped.Model).IsMapped);
        var expected = Fingerprint(trained.Model);
        Assert.Equal(64, expected.Length);
        Assert.Equal(expected, Fingerprint(loaded.Model));
        Assert.Equal(expected, Fingerprint(mapped.Model));

        var sink = new Keeper();
        var options = s_options with { Distillation = 0.5f };
        var first = Trainer.Fit(s_train, options, new TrainingContext { Teachers = [trained.Model], Checkpoints = sink });
        Assert.Equal(expected, Assert.Single(first.Provenance.Teachers));
        using var stream = new MemoryStream(sink.Last!);
        using var checkpoint = CheckpointFile.Load(stream);
        var second = Trainer.Fit(s_train, options with { Epochs = 3 }, new TrainingContext { Teachers = [mapped.Model], ResumeFrom = checkpoint });
        Assert.Equal(expected, Assert.Single(second.Provenance.Teachers));
    }

    /// <summary>Everything that scores come from is in it: one number, one option, one key.</summary>
    [Fact]
    public void Fingerprint_AnythingThatScoringReads_ChangesIt()
    {
        foreach (var options in s_openings.Values)
        {
            var trained = Trainer.Fit(s_train, options);
            var model = (Gru4RecModel)trained.Model;
            var seen = new HashSet<string> { Fingerprint(model) };
            foreach (var table in model.Parameters.All.Tables)
            {
                foreach (var (row, block, column) in new[] { (0, 0, 0), (table.Rows - 1, table.Blocks - 1, table.BlockColumns - 1) }) // of items the last column is the bias
                {
                    using var changed = Loaded(trained);
                    ((Gru4RecModel)changed.Model).Parameters.All[table.Name].At(row, block, column) += 1;
                    Assert.True(seen.Add(Fingerprint(changed.Model)), $"{table.Name} [{row}, {block}, {column}]");
                }
            }

            Assert.True(seen.Add(Fingerprint(new Gru4RecModel(model.Catalog, options with { CosineScale = options.CosineScale + 1 }, model.Parameters))), "scale of cosines");
            var keys = Enumerable.Range(0, model.Catalog.Count).Select(model.Catalog.KeyOf).ToArray();
            keys[3] += "x";
            Assert.True(seen.Add(Fingerprint(new Gru4RecModel(ItemCatalog.From(keys, new int[keys.Length]), options, model.Parameters))), "a key");
            Assert.False(seen.Add(Fingerprint(new Gru4RecModel(model.Catalog, options with { Seed = 99, Epochs = 7 }, model.Parameters))), "what scoring does not read");
        }
    }

    private static string Fingerprint(ISessionModel model) => Assert.Single(RunTeachers.Fingerprints([model]));

    private static TrainedModel Loaded(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Save(stream, model);
        stream.Position = 0;
        return ModelFile.Load(stream);
    }

    private static TrainedModel Mapped(TrainedModel model)
    {
        using var stream = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 4096, FileOptions.DeleteOnClose);
        ModelFile.Save(stream, model);
        stream.Position = 0;
        return ModelFile.Map(stream);
    }

    private static void Taken(Gru4RecOptions options, ISessionModel teacher) => Trainer.RequireStart(s_train, options, new TrainingContext { Teachers = [teacher] });

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
