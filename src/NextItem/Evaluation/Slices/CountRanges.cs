namespace NextItem.Evaluation.Slices;

/// <summary>Numbers in growing ranges: one by one up to 5, then 6-10, 11-20, and more.</summary>
internal static class CountRanges
{
    public static readonly string[] Labels = ["1", "2", "3", "4", "5", "6-10", "11-20", "21+"];

    /// <summary>The range of a number of at least 1.</summary>
    public static int Of(int number) => number switch
    {
        <= 5 => number - 1,
        <= 10 => 5,
        <= 20 => 6,
        _ => 7,
    };
}
