namespace NextItem;

/// <summary>What kind of values a searched hyperparameter has.</summary>
public enum SearchKind
{
    /// <summary>One of listed values, without an order.</summary>
    Choice,

    /// <summary>A number between two others.</summary>
    Real,

    /// <summary>A whole number between two others, both included.</summary>
    Whole,
}
