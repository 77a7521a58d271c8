namespace NextItem;

/// <summary>What an evaluation can measure. docs/evaluation.md defines each, with its source.</summary>
public enum EvaluationMetric
{
    /// <summary>Recall@K, also called hit rate: the share of the targets within the first K.</summary>
    Recall,

    /// <summary>MRR@K: 1 / rank, or 0 beyond K. Of the next item only.</summary>
    Mrr,

    /// <summary>NDCG@K: hits discounted by the logarithm of their rank, against the best possible list.</summary>
    Ndcg,

    /// <summary>MAP@K: mean average precision. Of the next item alone it equals MRR@K.</summary>
    Map,

    /// <summary>Precision@K: the share of the first K that are hits. Of the rest of the session only: of one target it is Recall@K / K.</summary>
    Precision,

    /// <summary>Catalogue coverage@K: the share of all items that are in at least one list of K.</summary>
    Coverage,

    /// <summary>Gini@K: how unevenly the places of the lists are spread over all items, 0 for evenly, towards 1 for one item alone.</summary>
    Gini,

    /// <summary>Average popularity@K: the mean support of the listed items, as a share of the most popular item's.</summary>
    Popularity,

    /// <summary>Novelty@K: the mean self-information of the listed items, in bits.</summary>
    Novelty,

    /// <summary>Intra-list diversity@K: the mean of 1 − cosine of the features of every two items of a list. Needs <see cref="EvaluationOptions.Features"/>.</summary>
    Diversity,
}
