namespace NextItem;

/// <summary>What a column of item features holds, and so how it becomes numbers.</summary>
public enum FeatureKind
{
    /// <summary>Running text: TF-IDF of its words and word pairs.</summary>
    Text,

    /// <summary>One or more of a set of values: a one for each value that the item has, scaled to length 1.</summary>
    Category,

    /// <summary>A quantity: standardised to mean 0 and standard deviation 1.</summary>
    Number,

    /// <summary>A dense vector, such as the embedding of an image: as it is, or scaled to length 1.</summary>
    Vector,
}
