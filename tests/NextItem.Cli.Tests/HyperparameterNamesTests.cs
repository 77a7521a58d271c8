using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

public class HyperparameterNamesTests
{
    private static readonly Gru4RecOptions s_standard = new() { Threads = 3 };
    private static readonly Gru4RecOptions s_bprMax = s_standard with { Loss = Loss.BprMax };
    private static readonly Gru4RecOptions s_adam = s_standard with { Optimizer = Optimizer.Adam };

    /// <summary>What is written, and the options that it makes of the defaults. Parts between commas are also tried in the opposite order.</summary>
    private static readonly Dictionary<string, Gru4RecOptions> s_understood = new()
    {
        ["layers=7"] = s_standard with { Layers = [7] },
        ["layers=[100/50]"] = s_standard with { Layers = [100, 50] },
        ["variant=reset-after"] = s_standard with { Variant = GruVariant.ResetAfter },
        ["gru_variant=ResetAfter"] = s_standard with { Variant = GruVariant.ResetAfter },
        ["hidden_act=tanh"] = s_standard,

        // The embedding: constrained True wins over any size, False leaves it to the size, a size alone is a separate one's.
        ["constrained_embedding=True"] = s_standard,
        ["constrained_embedding=False"] = s_standard with { Embedding = EmbeddingMode.None },
        ["embedding=0"] = s_standard,
        ["embedding=64"] = s_standard with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 64 },
        ["embedding_size=64"] = s_standard with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 64 },
        ["embedding=layersize"] = s_standard with { Embedding = EmbeddingMode.Separate },
        ["constrained_embedding=True,embedding=64"] = s_standard,
        ["constrained_embedding=True,embedding=layersize"] = s_standard,
        ["constrained_embedding=True,embedding=0"] = s_standard,
        ["constrained_embedding=False,embedding=64"] = s_standard with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 64 },
        ["constrained_embedding=False,embedding=LayerSize"] = s_standard with { Embedding = EmbeddingMode.Separate },
        ["constrained_embedding=False,embedding=0"] = s_standard with { Embedding = EmbeddingMode.None },
        ["embedding_mode=shared"] = s_standard,
        ["embedding_mode=separate"] = s_standard with { Embedding = EmbeddingMode.Separate },
        ["embedding_mode=none"] = s_standard with { Embedding = EmbeddingMode.None },
        ["embedding_mode=separate,embedding_size=64"] = s_standard with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 64 },
        ["embedding_mode=none,embedding=0"] = s_standard with { Embedding = EmbeddingMode.None },

        ["loss=cross-entropy"] = s_standard,
        ["loss=xe_logit"] = s_standard,
        ["loss=bpr-max"] = s_bprMax,
        ["loss=BPR_Max"] = s_bprMax,
        ["loss=top1-max"] = s_standard with { Loss = Loss.Top1Max },
        ["loss=bpr"] = s_standard with { Loss = Loss.Bpr },
        ["loss=bpr-sum"] = s_standard with { Loss = Loss.BprSum },
        ["loss=top1"] = s_standard with { Loss = Loss.Top1 },
        ["loss=sigmoid-cross-entropy"] = s_standard with { Loss = Loss.SigmoidCrossEntropy },
        ["loss=top1-pygru4rec,n_sample=0"] = s_standard with { Loss = Loss.Top1PyGru4Rec, NegativeSampleCount = 0 },
        ["final_act=softmax"] = s_standard,
        ["final_act=softmax_logit,loss=xe_logit"] = s_standard,
        ["final_act=tanh"] = s_standard with { FinalActivation = FinalActivation.Tanh },
        ["final_activation=linear,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Linear },
        ["final_act=relu,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Relu },
        ["final_act=leaky-0.25,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Leaky(0.25f) },
        ["final_act=elu-1,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Elu(1) },
        ["final_act=elu-0.5,loss=bpr-max"] = s_bprMax,
        ["final_act=selu-1.05-1.67,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Selu(1.05f, 1.67f) },
        ["elu_param=0,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Linear },
        ["elu_param=1.5,loss=bpr-max"] = s_bprMax with { FinalActivation = FinalActivation.Elu(1.5f) },
        ["elu_param=0.5,loss=bpr-max"] = s_bprMax,
        ["elu_param=0"] = s_standard,
        ["elu_param=-3"] = s_standard,
        ["elu_param=1.5,loss=top1-max"] = s_standard with { Loss = Loss.Top1Max },
        ["bpreg=0.25,loss=bpr-max"] = s_bprMax with { ScoreRegularisation = 0.25f },
        ["score_regularisation=0.25"] = s_standard with { ScoreRegularisation = 0.25f },
        ["smoothing=0.25"] = s_standard with { LabelSmoothing = 0.25f },
        ["label_smoothing=0.25"] = s_standard with { LabelSmoothing = 0.25f },
        ["gbce_t=0.25,loss=sigmoid-cross-entropy"] = s_standard with { Loss = Loss.SigmoidCrossEntropy, SigmoidCalibration = 0.25f },
        ["sigmoid_calibration=0.25,loss=sigmoid-cross-entropy"] = s_standard with { Loss = Loss.SigmoidCrossEntropy, SigmoidCalibration = 0.25f },
        ["cosine_scale=16"] = s_standard with { CosineScale = 16 },
        ["distillation=0.25"] = s_standard with { Distillation = 0.25f },
        ["mask_targets=True"] = s_standard with { MaskTargets = true },
        ["negative_sample_count=7"] = s_standard with { NegativeSampleCount = 7 },
        ["n_sample=7"] = s_standard with { NegativeSampleCount = 7 },
        ["top_samples=7"] = s_standard with { TopSamples = 7 },
        ["sample_alpha=.25"] = s_standard with { SampleAlpha = 0.25f },
        ["logq=.25"] = s_standard with { LogQ = 0.25f },
        ["logq=.25,loss=bpr-max"] = s_bprMax with { LogQ = 0.25f },

        ["epochs=7"] = s_standard with { Epochs = 7 },
        ["n_epochs=7"] = s_standard with { Epochs = 7 },
        ["N-Epochs=7"] = s_standard with { Epochs = 7 },
        ["batch_size=7"] = s_standard with { BatchSize = 7 },
        ["BatchSize=7"] = s_standard with { BatchSize = 7 },
        ["session_order=by-time"] = s_standard,
        ["session_order=random"] = s_standard with { SessionOrder = SessionOrder.Random },
        ["session_order=file"] = s_standard with { SessionOrder = SessionOrder.File },
        ["time_sort=True"] = s_standard,
        ["time_sort=False"] = s_standard with { SessionOrder = SessionOrder.File },
        ["train_random_order=True"] = s_standard with { SessionOrder = SessionOrder.Random },
        ["time_sort=True,train_random_order=True"] = s_standard with { SessionOrder = SessionOrder.Random },
        ["time_sort=False,train_random_order=True"] = s_standard with { SessionOrder = SessionOrder.Random },
        ["time_sort=False,train_random_order=False"] = s_standard with { SessionOrder = SessionOrder.File },
        ["time_sort=1,train_random_order=0"] = s_standard,
        ["bptt=4"] = s_standard with { BackpropagationSteps = 4 },
        ["backpropagation_steps=4"] = s_standard with { BackpropagationSteps = 4 },
        ["dropout_embedding=.25"] = s_standard with { DropoutEmbedding = 0.25f },
        ["dropout_p_embed=.25"] = s_standard with { DropoutEmbedding = 0.25f },
        ["dropout_hidden=.25"] = s_standard with { DropoutHidden = 0.25f },
        ["dropout_p_hidden=.25"] = s_standard with { DropoutHidden = 0.25f },

        ["adapt=adagrad"] = s_standard,
        ["adapt=rmsprop"] = s_standard with { Optimizer = Optimizer.RmsProp },
        ["adapt=adadelta"] = s_standard with { Optimizer = Optimizer.Adadelta },
        ["adapt=adam"] = s_adam,
        ["adapt=sgd"] = s_standard with { Optimizer = Optimizer.Sgd },
        ["adapt=None"] = s_standard with { Optimizer = Optimizer.Sgd },
        ["optimizer=adam"] = s_adam,
        ["adapt_params="] = s_standard,
        ["adapt_params=[]"] = s_standard,
        ["adapt_params=None,adapt=adam"] = s_adam,
        ["adapt_params=0.75,adapt=rmsprop"] = s_standard with { Optimizer = Optimizer.RmsProp, OptimizerDecay = 0.75f },
        ["adapt_params=[0.75],adapt=adadelta"] = s_standard with { Optimizer = Optimizer.Adadelta, OptimizerDecay = 0.75f },
        ["adapt_params=0.75,adapt=adam"] = s_adam with { AdamBeta1 = 0.75f },
        ["adapt_params=0.75/0.25,adapt=adam"] = s_adam with { AdamBeta1 = 0.75f, AdamBeta2 = 0.25f },
        ["adapt=rmsprop,optimizer_decay=0.75"] = s_standard with { Optimizer = Optimizer.RmsProp, OptimizerDecay = 0.75f },
        ["adapt=adam,adam_beta1=0.75"] = s_adam with { AdamBeta1 = 0.75f },
        ["adapt=adam,adam_beta2=0.75"] = s_adam with { AdamBeta2 = 0.75f },
        ["optimizer_epsilon=1e-3"] = s_standard with { OptimizerEpsilon = 1e-3f },
        ["learning_rate=.25"] = s_standard with { LearningRate = 0.25f },
        ["lr=2.5e-1"] = s_standard with { LearningRate = 0.25f },
        ["learning_rate_decay=.25"] = s_standard with { LearningRateDecay = 0.25f },
        ["momentum=.25"] = s_standard with { Momentum = 0.25f },
        ["lmbd=.25"] = s_standard with { L2Penalty = 0.25f },
        ["l2_penalty=.25"] = s_standard with { L2Penalty = 0.25f },
        ["grad_cap=.25"] = s_standard with { GradientCap = 0.25f },
        ["gradient_cap=.25"] = s_standard with { GradientCap = 0.25f },
        ["sigma=.25"] = s_standard with { InitialScale = 0.25f },
        ["initial_scale=.25"] = s_standard with { InitialScale = 0.25f },
        ["init_as_normal=True"] = s_standard with { InitialNormal = true },
        ["initial_normal=true"] = s_standard with { InitialNormal = true },

        ["patience=7"] = s_standard with { Patience = 7 },
        ["validation_metric=recall@10"] = s_standard with { ValidationMetric = ValidationMetric.Recall, ValidationCutoff = 10 },
        ["validation_metric=MRR@5"] = s_standard with { ValidationCutoff = 5 },
        ["validation_metric=recall"] = s_standard with { ValidationMetric = ValidationMetric.Recall },
        ["validation_metric=recall,validation_cutoff=5"] = s_standard with { ValidationMetric = ValidationMetric.Recall, ValidationCutoff = 5 },
        ["seed=7"] = s_standard with { Seed = 7 },
        ["threads=7"] = s_standard with { Threads = 7 },
    };

    public static TheoryData<string> Understood => [.. s_understood.Keys];

    public static TheoryData<string> Properties => [.. typeof(Gru4RecOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    [Theory, MemberData(nameof(Understood))]
    public void Set_Understood_MakesTheseOptionsInAnyOrder(string assignments)
    {
        Assert.Equal(s_understood[assignments], Options("threads=3", assignments));
        Assert.Equal(s_understood[assignments], Options(["threads=3", .. assignments.Split(',').Reverse()]));
    }

    [Theory, MemberData(nameof(Properties))]
    public void Set_EveryOption_IsChangedByOurNameForIt(string name)
    {
        // Two are set together with what they belong to.
        string[] ours = name == nameof(Gru4RecOptions.Embedding) ? ["embedding_mode", "embedding_size"] : [name];
        var property = typeof(Gru4RecOptions).GetProperty(name)!;

        Assert.All(ours, own => Assert.Contains(HyperparameterNames.Plain(own), HyperparameterNames.All.Select(HyperparameterNames.Plain)));
        Assert.Contains(
            s_understood,
            pair => !Equals(property.GetValue(pair.Value), property.GetValue(s_standard)) && ours.Any(own => HyperparameterNames.Plain(pair.Key).Contains(HyperparameterNames.Plain(own))));
    }

    [Fact]
    public void Set_EveryName_IsTried()
    {
        var tried = s_understood.Keys.SelectMany(line => line.Split(',')).Select(assignment => HyperparameterNames.Plain(assignment.Split('=')[0])).ToHashSet();

        Assert.Equal([], HyperparameterNames.All.Select(HyperparameterNames.Plain).Except(tried));
    }

    [Theory]
    [InlineData("layers=[7,]", "--set has ']'; expected name=value. Lists are written with '/'")]
    [InlineData("layers=7/x", "'layers' is 'x'; expected a whole number.")]
    [InlineData("layers=", "layers is empty")]
    [InlineData("variant=lstm", "'variant' is 'lstm'; expected one of reset-before, reset-after.")]
    [InlineData("hidden_act=relu", "'hidden_act' is 'relu'; expected tanh, the only")]
    [InlineData("constrained_embedding=maybe", "'constrained_embedding' is 'maybe'; expected True or False.")]
    [InlineData("embedding=many", "'embedding' is 'many'; expected 0, a whole number or layersize")]
    [InlineData("embedding=1.5", "'embedding' is '1.5'; expected 0, a whole number or layersize")]
    [InlineData("embedding=-1", "embedding is -1; expected 1 to 65536")]
    [InlineData("embedding_mode=own", "'embedding_mode' is 'own'; expected one of shared, separate, none.")]
    [InlineData("embedding_size=64,embedding_mode=none", "embedding_size is 64; only a separate embedding has a size of its own, embedding_mode is none: expected 0.")]
    [InlineData("embedding_mode=shared,embedding_size=64", "embedding_size is 64; only a separate embedding has a size of its own, embedding_mode is shared: expected 0.")]
    [InlineData("constrained_embedding=False,dropout_p_embed=0.5", "dropout_p_embed is 0.5, but embedding_mode is none: there is nothing to drop. Expected 0 (dropout_p_embed=0), or an embedding")]
    [InlineData("loss=hinge", "'loss' is 'hinge'; expected one of cross-entropy, xe_logit, bpr-max,")]
    [InlineData("loss=top1-pygru4rec", "negative_sample_count is 2048; top1-pygru4rec")]
    [InlineData("final_act=gelu", "'final_act' is 'gelu'; expected linear, relu, tanh, softmax, leaky-X")]
    [InlineData("final_act=softmax,loss=bpr-max", "final_act is softmax, which is part of cross-entropy")]
    [InlineData("elu_param=x", "'elu_param' is 'x'; expected a number.")]
    [InlineData("elu_param=-1,loss=bpr-max", "final_activation's alpha is -1; expected 0 or more.")]
    [InlineData("bpreg=-1", "bpreg is -1; expected 0 or more.")]
    [InlineData("smoothing=1", "smoothing is 1; expected 0 to 1, without the latter.")]
    [InlineData("smoothing=0.1,loss=bpr", "smoothing is 0.1; only cross-entropy has it, loss is bpr: expected 0.")]
    [InlineData("gbce_t=0.5", "gbce_t is 0.5; only sigmoid-cross-entropy has it, loss is cross-entropy: expected 0.")]
    [InlineData("mask_targets=2", "'mask_targets' is '2'; expected True or False.")]
    [InlineData("session_order=sideways", "'session_order' is 'sideways'; expected one of by-time, random, file.")]
    [InlineData("time_sort=up", "'time_sort' is 'up'; expected True or False.")]
    [InlineData("train_random_order=", "'train_random_order' is ''; expected True or False.")]
    [InlineData("adapt=lion", "'adapt' is 'lion'; expected one of adagrad, rmsprop, adadelta, adam, sgd, None")]
    [InlineData("adapt_params=0.9", "'adapt_params' is '0.9'; expected none, for adagrad has no parameters of its own")]
    [InlineData("adapt_params=0.9,adapt=None", "'adapt_params' is '0.9'; expected none, for sgd has no parameters of its own")]
    [InlineData("adapt_params=0.9/0.9,adapt=rmsprop", "'adapt_params' is '0.9/0.9'; expected one number at most, the decay of rmsprop.")]
    [InlineData("adapt_params=0.9/0.9/0.9,adapt=adam", "'adapt_params' is '0.9/0.9/0.9'; expected beta1/beta2 at most, what adam has.")]
    [InlineData("adapt_params=x,adapt=adam", "'adapt_params' is 'x'; expected a number.")]
    [InlineData("adapt_params=0.9/1,adapt=adam", "adam_beta2 is 1; expected 0 to 1, without the latter.")]
    [InlineData("adapt_params=1,adapt=adadelta", "optimizer_decay is 1; expected 0 to 1, without the latter.")]
    [InlineData("adapt=adam,momentum=0.1", "momentum is 0.1; adam has its own")]
    [InlineData("grad_cap=nan", "grad_cap is NaN; expected 0 or more.")]
    [InlineData("init_as_normal=1.0", "'init_as_normal' is '1.0'; expected True or False.")]
    [InlineData("validation_metric=ndcg@3", "'validation_metric' is 'ndcg@3'; expected mrr@K or recall@K, as in mrr@20.")]
    [InlineData("validation_metric=mrr@", "'validation_metric' is 'mrr@'; expected mrr@K or recall@K")]
    [InlineData("validation_metric=mrr@0", "validation_cutoff is 0; expected at least 1.")]
    [InlineData("seed=-1", "'seed' is '-1'; expected a whole number of at least 0.")]
    [InlineData("lr=fast", "'lr' is 'fast'; expected a number.")]
    [InlineData("n_sample=2e3", "'n_sample' is '2e3'; expected a whole number.")]
    [InlineData("lerning_rate=1", "There is no hyperparameter 'lerning_rate'. Did you mean 'learning_rate'?")]
    [InlineData("constraint_embedding=1", "There is no hyperparameter 'constraint_embedding'. Did you mean 'constrained_embedding'?")]
    [InlineData("qqqqqqqqq=1", "There is no hyperparameter 'qqqqqqqqq'. All: layers, variant,")]
    [InlineData("layers", "--set has 'layers'; expected name=value.")]
    [InlineData("=3", "--set has '=3'; expected name=value.")]
    [InlineData("", "--set has ''; expected name=value.")]
    public void Set_NotUnderstood_IsToldInOneSentence(string assignments, string expected)
    {
        var refused = Record.Exception(() => Options("threads=3", assignments));

        var message = FailureMessage.Of(Assert.IsType<Exception>(refused, exactMatch: false));
        Assert.Equal(ExitCodes.WrongUsage, message.ExitCode);
        Assert.StartsWith(expected, Assert.Single(message.Lines), StringComparison.Ordinal);
    }

    // Two names for one thing, and a thing said twice: what was written later counts.
    [Theory]
    [InlineData("n_epochs=3,epochs=7", "epochs=7")]
    [InlineData("n_epochs=x,epochs=7", "epochs=7")]
    [InlineData("adapt=adam,adapt_params=0.8/0.9,adapt=rmsprop,adapt_params=0.7", "adapt=rmsprop,optimizer_decay=0.7")]
    [InlineData("adapt=rmsprop,optimizer_decay=0.6,adapt_params=0.7", "adapt=rmsprop,optimizer_decay=0.7")]
    [InlineData("adapt=rmsprop,adapt_params=0.7,optimizer_decay=0.6", "adapt=rmsprop,optimizer_decay=0.6")]
    [InlineData("loss=bpr-max,final_act=elu-1,elu_param=0", "loss=bpr-max,final_act=linear")]
    [InlineData("loss=bpr-max,elu_param=0,final_act=elu-1", "loss=bpr-max,final_act=elu-1")]
    [InlineData("constrained_embedding=True,embedding_mode=none", "embedding_mode=none")]
    [InlineData("embedding=64,constrained_embedding=True,embedding_mode=separate", "embedding_mode=separate,embedding_size=64")]
    [InlineData("embedding_mode=none,constrained_embedding=True", "embedding_mode=shared")]
    [InlineData("embedding_mode=shared,constrained_embedding=False", "embedding_mode=none")]
    [InlineData("train_random_order=True,session_order=file", "session_order=file")]
    [InlineData("time_sort=False,session_order=by-time", "session_order=by-time")]
    [InlineData("session_order=random,time_sort=True", "session_order=by-time")]
    [InlineData("session_order=file,train_random_order=True", "session_order=random")]
    [InlineData("validation_metric=recall@5,validation_cutoff=7", "validation_metric=recall@7")]
    public void Set_Twice_TheLaterCounts(string assignments, string same)
    {
        Assert.NotEqual(s_standard, Options("threads=3,seed=9", same));
        Assert.Equal(Options("threads=3,seed=9", same), Options("threads=3,seed=9", assignments));
    }

    // On top of the options of an earlier run.
    [Theory]
    [InlineData("embedding=64", "embedding=0", "embedding_mode=none")]
    [InlineData("embedding=64", "embedding=32", "embedding=32")]
    [InlineData("embedding=64", "constrained_embedding=True", "embedding_mode=shared")]
    [InlineData("embedding=64", "constrained_embedding=False", "embedding=64")]
    [InlineData("embedding_mode=none", "embedding=64", "embedding=64")]
    [InlineData("embedding_mode=none", "constrained_embedding=True", "embedding_mode=shared")]
    [InlineData("session_order=random", "train_random_order=False", "session_order=by-time")]
    [InlineData("session_order=random", "time_sort=False,train_random_order=False", "session_order=file")]
    [InlineData("session_order=file", "train_random_order=False", "session_order=file")]
    [InlineData("loss=bpr-max", "elu_param=0", "loss=bpr-max,final_act=linear")]
    [InlineData("loss=bpr-max,final_act=linear", "elu_param=0.5", "loss=bpr-max")]
    public void Set_OnEarlierOptions_ChangesThose(string before, string assignments, string same)
    {
        var changed = new TrainingSettings(null, null, [assignments], 3, null).Resolve(Options("threads=3", before));

        Assert.Equal(Options("threads=3", same), changed);
    }

    [Fact]
    public void Set_ThePublishedLineAsItIs_IsUnderstood()
    {
        const string line = "loss=cross-entropy,final_act=softmax,constrained_embedding=True,embedding=0,layers=100/50,batch_size=32,n_sample=2048,"
            + "sample_alpha=0.75,dropout_p_embed=0.1,dropout_p_hidden=0.2,learning_rate=0.07,momentum=0.3,logq=0.9,n_epochs=7,hidden_act=tanh,adapt=adagrad,"
            + "adapt_params=[],smoothing=0,lmbd=0.0,grad_cap=0,sigma=0,init_as_normal=False,time_sort=True,train_random_order=False,elu_param=0";

        var options = new TrainingSettings(null, null, [line], 1, null).Resolve();

        var expected = new Gru4RecOptions
        {
            Layers = [100, 50],
            BatchSize = 32,
            NegativeSampleCount = 2048,
            SampleAlpha = 0.75f,
            DropoutEmbedding = 0.1f,
            DropoutHidden = 0.2f,
            LearningRate = 0.07f,
            Momentum = 0.3f,
            LogQ = 0.9f,
            Epochs = 7,
        };
        Assert.Equal(expected, options);
        Assert.Equal(expected with { ScoreRegularisation = 0.5f }, new TrainingSettings(null, null, ["bpreg=0.5", line], 1, null).Resolve());
    }

    private static Gru4RecOptions Options(params string[] set) => new TrainingSettings(null, null, set, null, null).Resolve();
}
