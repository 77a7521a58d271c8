using System.Collections.Immutable;
using NextItem.Models.Gru4Rec;

namespace NextItem;

/// <summary>
/// Everything that shapes a GRU4Rec model and its training. Immutable; defaults are those of the authors' current version,
/// except that <see cref="LogQ"/> is 1, as the papers advise for cross-entropy.
/// </summary>
public sealed partial record Gru4RecOptions
{
    private readonly LayerSizes _layers = new([100]);

    /// <summary>Units H of each GRU layer, the first layer first. Default: one layer of 100. Official name: layers.</summary>
    public ImmutableArray<int> Layers
    {
        get => _layers.Units;
        init => _layers = new LayerSizes(value);
    }

    /// <summary>Where the reset gate acts. Default: before the recurrent product, as in the papers.</summary>
    public GruVariant Variant { get; init; } = GruVariant.ResetBefore;

    /// <summary>Where the first layer's input comes from. Default: shared with the output. Official names: constrained_embedding, embedding.</summary>
    public EmbeddingMode Embedding { get; init; } = EmbeddingMode.Shared;

    /// <summary>Length E of a separate embedding's vectors. Default 0: as many as the first layer has units. Official name: embedding.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>What training minimises. Default: cross-entropy. Official name: loss.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>
    /// What is applied to the logits before the loss, in training only. Default null: the usual one of the loss, which is
    /// softmax for cross-entropy, elu-0.5 for bpr-max, tanh for TOP1 and BPR (the 2016 paper's), linear for the rest. With
    /// cross-entropy any other stands before the softmax, as in pyGRU4REC. Official name: final_act.
    /// </summary>
    public FinalActivation? FinalActivation { get; init; }

    /// <summary>Weight of BPR-max's penalty on the negatives' scores. Default 1. Official name: bpreg.</summary>
    public float ScoreRegularisation { get; init; } = 1;

    /// <summary>Label smoothing of cross-entropy. Default 0: none. Official name: smoothing.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// gBCE's calibration t of sigmoid cross-entropy, 0 to 1: 0 is plain, 1 undoes the overconfidence that sampling causes. Default 0.
    /// </summary>
    /// <remarks>Petrov and Macdonald, gSASRec, RecSys 2023.</remarks>
    public float SigmoidCalibration { get; init; }

    /// <summary>
    /// Leaves out the negatives that are the lane's own target, as if they had not been there. Default false, as in the originals:
    /// they count as negatives.
    /// </summary>
    public bool MaskTargets { get; init; }

    /// <summary>
    /// Scores are this number times the cosine of the hidden state and the item's vector, instead of their product and the item's bias;
    /// it takes the place of a softmax's inverse temperature. 10 to 20 is usual, 0.001 to 1000 possible. Default 0: products. The finished model's item vectors
    /// have length 1 and its biases are 0. No official name.
    /// </summary>
    /// <remarks>Gupta et al. 2019 (NISER), section 3. docs/derivations/cosine.md.</remarks>
    public float CosineScale { get; init; }

    /// <summary>
    /// Share of a lane's target that is what the teachers of <see cref="TrainingContext.Teachers"/> expect next, instead of the next item: 0 to 1, 0.5 is a
    /// good start. Only for cross-entropy without label smoothing, masked targets and <see cref="TopSamples"/>. Default 0: no teachers. No official name.
    /// </summary>
    /// <remarks>Hinton, Vinyals and Dean 2015, at temperature 1. docs/derivations/distillation.md.</remarks>
    public float Distillation { get; init; }

    /// <summary>Passes over the training data. Default 10. Official name: n_epochs.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Lanes B of a mini-batch. Default 64. Official name: batch_size.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>In which order an epoch takes the sessions. Default: by time. Official names: time_sort, train_random_order.</summary>
    public SessionOrder SessionOrder { get; init; } = SessionOrder.ByTime;

    /// <summary>Probability of dropping each element of the first layer's input. Default 0. Official name: dropout_p_embed.</summary>
    public float DropoutEmbedding { get; init; }

    /// <summary>
    /// Probability of dropping each element of each layer's new hidden state; the dropped-out state is what carries on.
    /// Default 0. Official name: dropout_p_hidden.
    /// </summary>
    public float DropoutHidden { get; init; }

    /// <summary>
    /// GRU steps that a mini-batch's gradient flows back through, the current one included: truncated back-propagation through
    /// time. The steps before the current one are computed again. Default 1: the previous state is a constant, as in the papers.
    /// Official name: none.
    /// </summary>
    public int BackpropagationSteps { get; init; } = 1;

    /// <summary>The optimiser. Default: Adagrad. Official name: adapt.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adagrad;

    /// <summary>The optimiser's learning rate. Default 0.05. Official name: learning_rate.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>What the learning rate is multiplied with after each epoch. Default 1: constant.</summary>
    public float LearningRateDecay { get; init; } = 1;

    /// <summary>Momentum on the scaled gradient. Default 0: none. Adam has its own. Official name: momentum.</summary>
    public float Momentum { get; init; }

    /// <summary>rho of RMSProp and Adadelta. Default 0.9. Official name: the first of adapt_params.</summary>
    public float OptimizerDecay { get; init; } = 0.9f;

    /// <summary>Adam's decay of the mean gradient. Default 0.9. Official name: the first of adapt_params.</summary>
    public float AdamBeta1 { get; init; } = 0.9f;

    /// <summary>Adam's decay of the mean square. Default 0.999. Official name: the second of adapt_params.</summary>
    public float AdamBeta2 { get; init; } = 0.999f;

    /// <summary>Added to what an optimiser divides by; inside the root but for Adam. Default 1e-6, as in the original.</summary>
    public float OptimizerEpsilon { get; init; } = 1e-6f;

    /// <summary>L2 penalty on the rows that a step touches: p -= lr lambda p. Default 0: none. Official name: lmbd.</summary>
    public float L2Penalty { get; init; }

    /// <summary>
    /// Largest norm of a step's whole gradient; a larger one is scaled down to it. Default 0: no limit. Needs all gradients before
    /// the first update, so a step takes longer. Official name: grad_cap.
    /// </summary>
    public float GradientCap { get; init; }

    /// <summary>Additional negative samples N of a mini-batch, beside the other lanes' targets. Default 2048. Official name: n_sample.</summary>
    public int NegativeSampleCount { get; init; } = 2048;

    /// <summary>
    /// How many of a lane's negatives its loss counts: those k items with the best scores, corrected for popularity, and what is level with the k-th.
    /// Default 0: all. Only for cross-entropy without label smoothing, masked targets and teachers. No official name.
    /// </summary>
    /// <remarks>Wilm et al., TRON, RecSys 2023. docs/derivations/cross-entropy.md.</remarks>
    public int TopSamples { get; init; }

    /// <summary>Popularity exponent of the negative sampler: 0 uniform, 1 by popularity. Default 0.5. Official name: sample_alpha.</summary>
    public float SampleAlpha { get; init; } = 0.5f;

    /// <summary>
    /// Strength of the sampled softmax's popularity correction, 0 to 1; only cross-entropy has one. Default 1. Official name: logq
    /// (default 0 there).
    /// </summary>
    public float LogQ { get; init; } = 1f;

    /// <summary>
    /// Scale s of the initial parameters, drawn from U(-s, s). Default 0: Glorot's, sqrt(6 / (rows + columns)) of each matrix.
    /// Official name: sigma.
    /// </summary>
    public float InitialScale { get; init; }

    /// <summary>Draws the initial parameters from N(0, s) instead of U(-s, s). Default false. Official name: init_as_normal.</summary>
    public bool InitialNormal { get; init; }

    /// <summary>
    /// Stops when the validation metric has not improved for so many epochs, and takes the best epoch's parameters. Default 0: all
    /// epochs are run and the last one's parameters kept.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>What decides which epoch is the best. Default: MRR.</summary>
    public ValidationMetric ValidationMetric { get; init; } = ValidationMetric.Mrr;

    /// <summary>The cutoff K of that metric. Default 20.</summary>
    public int ValidationCutoff { get; init; } = 20;

    /// <summary>Seed of all randomness: initial parameters, negative samples, dropout, random session orders. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>
    /// Threads of training. Default 1. The same seed, machine kind and thread count give the same bytes; another thread count
    /// adds in another order and differs in the last digits.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>The final activation that training uses: <see cref="FinalActivation"/>, or the usual one of the loss.</summary>
    internal FinalActivation Activation => FinalActivation ?? FinalActivation.UsualOf(Loss);

    /// <summary>Length E of the first layer's input; 0 for one-hot input.</summary>
    internal int InputSize => Embedding switch
    {
        EmbeddingMode.Shared => Layers[^1],
        EmbeddingMode.Separate => EmbeddingSize == 0 ? Layers[0] : EmbeddingSize,
        _ => 0,
    };
}
