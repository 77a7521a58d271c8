namespace NextItem;

/// <summary>What training minimises. Formulas and gradients: docs/derivations; which to choose: docs/losses.md.</summary>
/// <remarks>Hidasi et al., ICLR 2016 (TOP1, BPR, cross-entropy); Hidasi and Karatzoglou, CIKM 2018 (the max losses, sampling).</remarks>
public enum Loss
{
    /// <summary>Listwise: -log softmax over the sampled columns. Official names: cross-entropy, xe_logit.</summary>
    CrossEntropy,

    /// <summary>Pairwise, negatives weighted by their softmax: -log sum s_j sigma(r_i - r_j), plus bpreg * sum s_j r_j^2. Official name: bpr-max.</summary>
    BprMax,

    /// <summary>Pairwise, negatives weighted by their softmax: sum s_j [sigma(r_j - r_i) + sigma(r_j^2)]. Official name: top1-max.</summary>
    Top1Max,

    /// <summary>Pairwise, the paper's form: mean over the negatives of -log sigma(r_i - r_j). Official name: bpr.</summary>
    Bpr,

    /// <summary>Pairwise, the original code's form: the sum over all columns, the positive's own constant log 2 included. Ours: bpr-sum.</summary>
    BprSum,

    /// <summary>Pairwise: mean of sigma(r_j - r_i) + sigma(r_j^2). Official name: top1.</summary>
    Top1,

    /// <summary>Pointwise: -beta log sigma(r_i) - mean over the negatives of log(1 - sigma(r_j)). Ours: sigmoid-cross-entropy.</summary>
    SigmoidCrossEntropy,

    /// <summary>TOP1 as pyGRU4REC's code has it: in-batch columns only, the positive's own among them. Ours: top1-pygru4rec.</summary>
    Top1PyGru4Rec,
}
