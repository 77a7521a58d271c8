using System.Globalization;
using System.IO.Compression;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

/// <summary><c>import</c>. What archives may hold: NextItem.Interchange.Tests.</summary>
public sealed class ImportTests(SmallShop shop) : IDisposable
{
    private static readonly string s_archives = Path.Combine(Repository.Root, "tests", "NextItem.Interchange.Tests", "Fixtures", "pytorch");

    private readonly TempFolder _folder = new();

    /// <summary>A field, another value of it, and RecBole's default.</summary>
    public static TheoryData<string, string, string> MappedFields => new()
    {
        { "hidden_size", "96", "128" },
        { "num_layers", "2", "1" },
        { "dropout_prob", "0.1", "0.3" },
        { "dropout", "0.1", "0.3" },
        { "MAX_ITEM_LIST_LENGTH", "20", "50" },
        { "epochs", "7", "300" },
        { "train_batch_size", "100", "2048" },
        { "learner", "sgd", "adam" },
        { "learner", "rmsprop", "Adam" },
        { "learning_rate", "1e-2", "0.001" },
        { "weight_decay", "0.0001", "0.0" },
        { "seed", "1", "2020" },
        { "clip_grad_norm", "{'max_norm': 5, 'norm_type': 2}", "~" },
        { "loss_type", "'BPR'", "'CE'" },
        { "stopping_step", "3", "10" },
        { "stopping_step", "0", "10" },
        { "eval_step", "2", "1" },
        { "eval_step", "0", "1" },
        { "valid_metric", "Recall@5", "MRR@10" },
        { "loss_type: BPR\ntrain_neg_sample_args", "{distribution: uniform, sample_num: 3}", "{distribution: uniform, sample_num: 1, alpha: 1.0, dynamic: False, candidate_num: 0}" },
        { "loss_type: BPR\ntrain_neg_sample_args", "{distribution: popularity, sample_num: 1, alpha: 0.5}", "{distribution: uniform, sample_num: 1}" },
        { "loss_type: BPR\nneg_sampling", "{uniform: 4}", "{uniform: 1}" },
        { "loss_type: BPR\nneg_sampling", "\n  popularity: 1", "\n  uniform: 1" },
    };

    [Fact]
    public async Task ImportPyTorch_AnArchive_MakesAModelThatRecommends()
    {
        var model = In("shop.nextitem");
        (await Cli.Run("import", "--from", "gru4rec-pytorch", "--input", Path.Combine(s_archives, "shared-2-layers.npz"), "--out", model))
            .Succeeded("13 items; layers=6/4, variant=reset-after, embedding_mode=shared", $"wrote {model} (");
        (await Cli.Run("recommend", "--model", model, "--items", "item-3,item-5", "--top", "3")).Succeeded("item-");
        var shown = (await Cli.Run("inspect", "--model", model)).Succeeded("imported by ", ", from another program's weights: options of training are defaults").Output;
        Assert.Matches(@"trained until\s+unknown\n", shown);
        Assert.Matches(@"data fingerprint\s+unknown\n", shown);
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts");
        Assert.False(facts.TryGetProperty("trainedUntil", out _) || facts.TryGetProperty("dataFingerprint", out _));
    }

    [Theory]
    [InlineData(false, "these are items in the order of the file, which has no counts of events.")]
    [InlineData(true, "these are the most popular items.")]
    public async Task ImportPyTorch_NothingOfASessionKnown_RecommendIsHonestOfTheOrder(bool isCounted, string told)
    {
        var (archive, model) = (In("weights.npz"), In("shop.nextitem"));
        File.Copy(Path.Combine(s_archives, "shared.npz"), archive);
        if (!isCounted)
        {
            using var entries = ZipFile.Open(archive, ZipArchiveMode.Update);
            entries.GetEntry("item_support.npy")!.Delete();
        }

        (await Cli.Run("import", "--from", "gru4rec-pytorch", "--input", archive, "--out", model)).Succeeded();

        var result = (await Cli.Run("recommend", "--model", model, "--items", "nope")).Succeeded();
        var shown = (await Cli.Run("inspect", "--model", model)).Succeeded().Output;

        Assert.EndsWith($"nextitem: nothing of the session is known; {told}\n", result.Errors, StringComparison.Ordinal);
        Assert.Matches(isCounted ? @"trained on\s+[0-9,]+ events\n" : @"trained on\s+unknown\n", shown);
    }

    [Fact]
    public async Task ImportPyTorch_WhatIsNoArchive_IsRefusedAndNothingIsWritten()
    {
        (await Cli.Run("import", "--from", "gru4rec-pytorch", "--input", shop.Train, "--out", In("shop.nextitem"))).Failed(1, $"{shop.Train}: it cannot be read as an archive (", "expected an .npz file, whole, as numpy.savez writes it.");
        (await Cli.Run("import", "--from", "gru4rec-pytorch", "--input", In("none.npz"), "--out", In("shop.nextitem"))).Failed(1, $"{In("none.npz")} does not exist; expected an .npz archive of weights.");
        (await Cli.Run("import", "--from", "gru4rec-pytorch", "--input", shop.Train, "--input", shop.Test, "--out", In("shop.nextitem"))).Failed(2, "--input names 2 files; expected one archive.");
        (await Cli.Run("import", "--from", "theano", "--input", shop.Train, "--out", In("shop.nextitem"))).Failed(2, "--from is 'theano'; expected one of gru4rec-pytorch, recbole.");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory, MemberData(nameof(MappedFields))]
    public async Task ImportRecBole_AField_ChangesTheSettingsAndItsDefaultDoesNot(string field, string value, string standard)
    {
        var first = field.Contains('\n') ? field.Split('\n')[0] : "";
        var usual = await Imported(first);
        Assert.Equal(usual, await Imported($"{field}: {standard}"));
        Assert.NotEqual(usual, await Imported($"{field}: {value}"));
    }

    [Fact]
    public async Task ImportRecBole_ItsDefaults_AreWhatRecBoleTrains()
    {
        var options = await Imported("");
        Assert.Equal([128], options.Layers);
        Assert.Equal((EmbeddingMode.Shared, GruVariant.ResetAfter, Loss.CrossEntropy, Optimizer.Adam), (options.Embedding, options.Variant, options.Loss, options.Optimizer));
        Assert.Equal((300, 2048, 0.001f, 0.3f, 50), (options.Epochs, options.BatchSize, options.LearningRate, options.DropoutEmbedding, options.BackpropagationSteps));
        Assert.Equal((11, ValidationMetric.Mrr, 10, 2020UL), (options.Patience, options.ValidationMetric, options.ValidationCutoff, options.Seed));
        Assert.Equal((SessionOrder.Random, 1e-8f, 1f, 2048), (options.SessionOrder, options.OptimizerEpsilon, options.LogQ, options.NegativeSampleCount));
    }

    /// <summary>It stops when stopping_step is exceeded; patience is reached here, and 0 is never.</summary>
    [Theory]
    [InlineData("stopping_step: 0", 1)]
    [InlineData("stopping_step: 3", 4)]
    [InlineData("stopping_step: 3\neval_step: 2", 8)]
    [InlineData("stopping_step: 0\neval_step: 0", 0)]
    [InlineData("stopping_step: 2147483647\neval_step: 5", int.MaxValue)]
    public async Task ImportRecBole_StoppingStep_StopsAfterAsManyValidations(string content, int patience)
    {
        Assert.Equal(patience, (await Imported(content)).Patience);
        if (patience > 0)
            (await Import(content)).Succeeded($"-> patience={patience}; there it stops after stopping_step + 1 validations without improvement");
    }

    [Theory]
    [InlineData("adam", Optimizer.Adam, 1e-8f, 0.9f)]
    [InlineData("sparse_adam", Optimizer.Adam, 1e-8f, 0.9f)]
    [InlineData("adagrad", Optimizer.Adagrad, 1e-20f, 0.9f)]
    [InlineData("rmsprop", Optimizer.RmsProp, 1e-16f, 0.99f)]
    [InlineData("sgd", Optimizer.Sgd, 1e-6f, 0.9f)]
    public async Task ImportRecBole_ALearner_HasPyTorchsDefaults(string learner, Optimizer optimizer, float epsilon, float decay)
    {
        var options = await Imported($"learner: {learner}");
        Assert.Equal((optimizer, epsilon, decay), (options.Optimizer, options.OptimizerEpsilon, options.OptimizerDecay));
    }

    [Fact]
    public async Task ImportRecBole_WhatHasNoCounterpart_IsNamed()
    {
        var result = await Import("embedding_size: 64\nhidden_size: 96\nn_heads: 2\nhiden_size: 64\nvalid_metric: NDCG@10\ntopk: [5, 10]\nITEM_ID_FIELD: item_id\n");
        result.Succeeded(
            "embedding_size: 64 -> no counterpart; a linear layer from 96 units to vectors of 64 stands there between",
            "n_heads: 2 -> no counterpart; nothing here goes by it",
            "hiden_size: 64 -> no counterpart; did you mean 'hidden_size'?",
            "clip_grad_norm: ~ (RecBole's default) -> no limit, as here",
            "valid_metric: NDCG@10 -> no counterpart; early stopping goes by mrr@K or recall@K here",
            "topk: [5, 10] -> evaluate --cutoffs",
            "ITEM_ID_FIELD: item_id -> train --item-column",
            "epochs: 300 (RecBole's default) -> n_epochs=300",
            "always -> variant=reset-after; PyTorch's GRU");
        Assert.Equal("nextitem: warning: 4 fields without a counterpart: embedding_size, valid_metric, n_heads, hiden_size\n", result.Errors);
    }

    [Fact]
    public async Task ImportRecBole_SeveralFiles_TheLaterOnesCount()
    {
        var (first, second) = (In("a.yaml"), In("b.yaml"));
        await File.WriteAllTextAsync(first, "hidden_size: 10\nepochs: 3\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(second, "hidden_size: 20\n", TestContext.Current.CancellationToken);
        (await Cli.Run("import", "--from", "recbole", "--input", first, "--input", second, "--out", In("s.json"))).Succeeded("layers=20", "n_epochs=3");
    }

    [Fact]
    public async Task ImportRecBole_ItsSettings_Train()
    {
        (await Import("hidden_size: 8\nMAX_ITEM_LIST_LENGTH: 3\nepochs: 1\ntrain_batch_size: 16\nembedding_size: 8\n")).Succeeded();
        (await Cli.Run("train", "--data", shop.Train, "--valid", shop.Test, "--params", In("settings.json"), "--threads", "1", "--out", In("shop.nextitem"))).Succeeded("bptt=3", "adapt=adam");
    }

    [Fact]
    public async Task ImportRecBole_WrongValues_AreAllToldAndNothingIsWritten()
    {
        var result = await Import("hidden_size: many\nlearner: lamb\nepochs: -1\nmodel: SASRec\nclip_grad_norm: 5\nloss_type: BPR\ntrain_neg_sample_args: {distribution: uniform, dynamic: True}\n");
        result.Failed(
            2,
            ", line 1: hidden_size is 'many'; expected a whole number of at least 1.",
            ", line 2: learner is 'lamb'; expected one of adam, sgd, adagrad, rmsprop, sparse_adam.",
            ", line 3: epochs is '-1'; expected a whole number of at least 1.",
            ", line 4: model is 'SASRec'; expected GRU4Rec.",
            ", line 5: clip_grad_norm is '5'; expected {max_norm: a number above 0, norm_type: 2}.",
            ", line 7: train_neg_sample_args is '{distribution: uniform, dynamic: True}'; expected {distribution: uniform or popularity");
        Assert.Equal(6, result.ErrorLines.Length);
        Assert.False(File.Exists(In("settings.json")));
    }

    [Theory]
    [InlineData("- a\n- b\n", "is no mapping of fields")]
    [InlineData("a: [1\nb: 2\n", "is not YAML; expected a RecBole configuration")]
    [InlineData("a: {1\n", ", line 2: not YAML: ")]
    [InlineData("a: 1\na: 2\n", ", line 2: not YAML: Duplicate key a")]
    [InlineData("a: &x [*x]\n", ", line 1: '*x' is an alias; expected the value itself.")]
    [InlineData("\t", "no mapping of fields|not YAML")]
    [InlineData("", "is no mapping of fields")]
    public async Task ImportRecBole_WhatIsNoConfiguration_IsRefused(string content, string message)
    {
        var result = await Import(content);
        Assert.Contains(message.Split('|'), each => result.Errors.Contains(each, StringComparison.Ordinal));
        result.Failed(1);
    }

    [Fact]
    public async Task ImportRecBole_ListsWithoutEnd_AreRefused() =>
        (await Import($"a: {new string('[', 200_000)}")).Failed(1, ", line 1: lists and mappings stand within each other more than 20 deep");

    [Fact]
    public async Task ImportRecBole_AHugeFile_IsRefused() =>
        (await Import($"a: {new string('1', 2_000_000)}")).Failed(1, "has 2,000,003 bytes; expected a RecBole configuration of at most 1,048,576.");

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private async Task<CliResult> Import(string yaml)
    {
        await File.WriteAllTextAsync(In("recbole.yaml"), yaml, TestContext.Current.CancellationToken);
        return await Cli.Run("import", "--from", "recbole", "--input", In("recbole.yaml"), "--out", In("settings.json"));
    }

    private async Task<Gru4RecOptions> Imported(string yaml)
    {
        (await Import(string.Create(CultureInfo.InvariantCulture, $"model: GRU4Rec\n{yaml}\n"))).Succeeded();
        return new TrainingSettings(null, new FileInfo(In("settings.json")), [], null, null).Resolve();
    }
}
