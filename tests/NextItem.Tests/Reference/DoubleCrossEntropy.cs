namespace NextItem.Tests.Reference;

/// <summary>
/// Cross-entropy with logQ as the original computes it: over all B + N columns, duplicates and collisions kept, one column at
/// a time. Nothing here knows of distinct items.
/// </summary>
internal static class DoubleCrossEntropy
{
    /// <summary>The sum of the losses over the lanes, and its gradient by the score of every item of every lane.</summary>
    /// <param name="itemScores">[B][I] score of every item.</param>
    /// <param name="targets">[B] target item indices: the first B columns.</param>
    /// <param name="drawn">[N] drawn item indices: the other columns.</param>
    /// <param name="support">[I] counts.</param>
    /// <param name="alpha">The sampler's exponent.</param>
    /// <param name="logQ">Strength of the correction.</param>
    public static (double Loss, double[][] GradientByItem) OfItems(
        double[][] itemScores, int[] targets, int[] drawn, double[] support, double alpha, double logQ)
    {
        int[] columns = [.. targets, .. drawn];
        var gradient = Array.ConvertAll(itemScores, row => new double[row.Length]);
        double loss = 0;
        for (var lane = 0; lane < targets.Length; lane++)
        {
            var corrected = new double[columns.Length];
            for (var j = 0; j < columns.Length; j++)
            {
                var q = j < targets.Length ? support[columns[j]] : Math.Pow(support[columns[j]], alpha);
                corrected[j] = itemScores[lane][columns[j]] - (logQ * Math.Log(q));
            }

            var (laneLoss, byColumn) = OfRow(corrected, lane);
            loss += laneLoss;
            for (var j = 0; j < columns.Length; j++)
                gradient[lane][columns[j]] += byColumn[j];
        }

        return (loss, gradient);
    }

    /// <summary>-log(softmax_positive + 1e-24) and its gradient for one row of scores.</summary>
    public static (double Loss, double[] Gradient) OfRow(double[] scores, int positive)
    {
        var max = scores.Max();
        var exp = Array.ConvertAll(scores, score => Math.Exp(score - max));
        var sum = exp.Sum();
        var p = exp[positive] / sum;
        var gradient = new double[scores.Length];
        for (var j = 0; j < scores.Length; j++)
        {
            // d(-log(p + e))/do_j = -1 / (p + e) * dp/do_j, dp/do_j = p ([j is positive] - softmax_j)
            gradient[j] = -1 / (p + 1e-24) * p * ((j == positive ? 1 : 0) - (exp[j] / sum));
        }

        return (-Math.Log(p + 1e-24), gradient);
    }
}
