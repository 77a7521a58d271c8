namespace NextItem.Tests.Reference;

/// <summary>
/// Every loss as algorithms section 3 writes it: over all B + N columns, one lane and one column at a time, in double. Nothing
/// here knows of distinct items, ranges or vectors.
/// </summary>
internal static class DoubleLoss
{
    /// <summary>The sum of the losses over the lanes.</summary>
    /// <param name="o">Loss, final activation and their numbers.</param>
    /// <param name="itemScores">[B][I] logit of every item.</param>
    /// <param name="targets">[B] target item indices: the first B columns.</param>
    /// <param name="drawn">[N] drawn item indices: the other columns.</param>
    /// <param name="support">[I] counts.</param>
    public static double Sum(Gru4RecOptions o, double[][] itemScores, int[] targets, int[] drawn, double[] support) =>
        Enumerable.Range(0, targets.Length).Sum(lane => OfLane(o, itemScores[lane], lane, targets, drawn, support));

    /// <summary>The loss of one lane, from its own scores [I].</summary>
    public static double OfLane(Gru4RecOptions o, double[] itemScores, int lane, int[] targets, int[] drawn, double[] support)
    {
        // Column by column: the score, and what is taken off it before a softmax. Masked columns are not there.
        int[] columns = [.. targets, .. drawn];
        var kept = Enumerable.Range(0, columns.Length).Where(j => j == lane || !o.MaskTargets || columns[j] != targets[lane]).ToArray();
        var scores = kept.Select(j => Activation(o.Activation, itemScores[columns[j]])).ToArray();
        var corrections = kept.Select(j => o.LogQ * Math.Log(j < targets.Length ? support[columns[j]] : Math.Pow(support[columns[j]], o.SampleAlpha))).ToArray();
        if (o.TopSamples > 0)
        {
            var counted = Best(o.TopSamples, targets[lane], columns, [.. scores.Zip(corrections, (score, correction) => Math.Exp(score - correction))]);
            (kept, scores, corrections) = ([.. kept.Where(counted)], [.. scores.Where((_, j) => counted(j))], [.. corrections.Where((_, j) => counted(j))]);
        }

        var positive = Array.IndexOf(kept, lane);
        var inBatch = kept.Count(j => j < targets.Length);
        return o.Loss switch
        {
            Loss.CrossEntropy => CrossEntropy(o, [.. scores.Zip(corrections, (score, correction) => score - correction)], positive),
            Loss.Top1PyGru4Rec => Top1PyGru4Rec(scores[..inBatch], positive),
            _ => Ranking(o, scores[positive], [.. scores.Where((_, j) => j != positive)], support.Length),
        };
    }

    /// <summary>The gradient of <see cref="Sum"/> by the logit of every item of every lane, by central differences.</summary>
    public static double[][] Gradient(Gru4RecOptions o, double[][] itemScores, int[] targets, int[] drawn, double[] support)
    {
        const double Step = 1e-5;
        return [.. itemScores.Select(row => row.Select((score, item) =>
        {
            row[item] = score + Step;
            var up = Sum(o, itemScores, targets, drawn, support);
            row[item] = score - Step;
            var down = Sum(o, itemScores, targets, drawn, support);
            row[item] = score;
            return (up - down) / (2 * Step);
        }).ToArray())];
    }

    /// <summary>The final activation.</summary>
    public static double Activation(FinalActivation f, double o) => f.Kind switch
    {
        ActivationKind.Relu => Math.Max(o, 0),
        ActivationKind.Tanh => Math.Tanh(o),
        ActivationKind.Leaky => o >= 0 ? o : f.Alpha * o,
        ActivationKind.Elu => o >= 0 ? o : f.Alpha * (Math.Exp(o) - 1),
        ActivationKind.Selu => f.Lambda * (o >= 0 ? o : f.Alpha * (Math.Exp(o) - 1)),
        _ => o,
    };

    /// <summary>Which columns count: all of the target's item, and all of those k other items whose columns' numerators have the largest sums.</summary>
    private static Func<int, bool> Best(int k, int target, int[] columns, double[] numerators)
    {
        var sums = columns.Zip(numerators).GroupBy(column => column.First).ToDictionary(item => item.Key, item => item.Sum(column => column.Second));
        var others = sums.Where(item => item.Key != target).Select(item => item.Value).OrderDescending().ToArray();
        var kth = others.Length <= k ? 0 : others[k - 1];
        return j => columns[j] == target || sums[columns[j]] >= kth;
    }

    private static double CrossEntropy(Gru4RecOptions o, double[] scores, int positive)
    {
        var max = scores.Max();
        var z = scores.Sum(score => Math.Exp(score - max));
        var losses = scores.Select(score => -Math.Log((Math.Exp(score - max) / z) + 1e-24)).ToArray();
        double n = losses.Length, e = n > 1 ? o.LabelSmoothing : 0;
        return ((1 - (e == 0 ? 0 : e * n / (n - 1))) * losses[positive]) + (e == 0 ? 0 : e / (n - 1) * losses.Sum());
    }

    /// <summary>The mean over the B x B square's row, the positive's own column included.</summary>
    private static double Top1PyGru4Rec(double[] scores, int positive) =>
        scores.Average(score => Sigma(score - scores[positive]) + Sigma(score * score));

    private static double Ranking(Gru4RecOptions o, double r, double[] negatives, int items)
    {
        int n = negatives.Length, columns = n + 1;
        var beta = 1 - (o.SigmoidCalibration * (1 - Math.Min(1, (columns - 1.0) / Math.Max(1, items - 1))));
        switch (o.Loss)
        {
            case Loss.Bpr:
                return n == 0 ? 0 : negatives.Average(x => Softplus(x - r));
            case Loss.BprSum:
                return negatives.Sum(x => Softplus(x - r)) + Math.Log(2);
            case Loss.Top1:
                return (negatives.Sum(x => Sigma(x - r) + Sigma(x * x)) / columns) + (0.5 / columns);
            case Loss.SigmoidCrossEntropy:
                return (beta * Softplus(-r)) + (n == 0 ? 0 : negatives.Average(Softplus));
        }

        if (n == 0)
            return 0;
        var max = negatives.Max();
        var s = negatives.Select(x => Math.Exp(x - max)).ToArray();
        var z = s.Sum();
        double Weighted(Func<double, double> f) => negatives.Select((x, j) => s[j] / z * f(x)).Sum();
        return o.Loss == Loss.Top1Max
            ? Weighted(x => Sigma(x - r) + Sigma(x * x))
            : -Math.Log(Weighted(x => Sigma(r - x)) + 1e-24) + (o.ScoreRegularisation * Weighted(x => x * x));
    }

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
