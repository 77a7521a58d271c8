namespace NextItem.Tests.Reference;

/// <summary>The loss towards soft targets: -sum q_n log p_n over the distinct items that a step scores, q the mean of the teachers' probabilities.</summary>
internal static class DoubleDistillation
{
    /// <summary>Its sum over the lanes.</summary>
    /// <param name="scores">[B][I] the student's score of every item.</param>
    /// <param name="teacherScores">[teacher][B][I] the teachers' scores.</param>
    /// <param name="targets">[B] target item indices.</param>
    /// <param name="drawn">[N] drawn item indices.</param>
    /// <param name="support">[I] counts.</param>
    /// <param name="alpha">The sampler's exponent.</param>
    /// <param name="logQ">Strength of the correction.</param>
    public static double Sum(double[][] scores, double[][][] teacherScores, int[] targets, int[] drawn, double[] support, double alpha, double logQ)
    {
        double loss = 0;
        for (var lane = 0; lane < targets.Length; lane++)
        {
            var p = Probabilities(scores[lane], targets, drawn, support, alpha, logQ);
            foreach (var teacher in teacherScores)
            {
                var q = Probabilities(teacher[lane], targets, drawn, support, alpha, logQ);
                foreach (var (item, probability) in p)
                    loss -= q[item] * Math.Log(probability) / teacherScores.Length;
            }
        }

        return loss;
    }

    /// <summary>The softmax over all columns, those of an item added up.</summary>
    private static Dictionary<int, double> Probabilities(double[] scores, int[] targets, int[] drawn, double[] support, double alpha, double logQ)
    {
        var numerators = new Dictionary<int, double>();
        foreach (var item in targets)
            numerators[item] = numerators.GetValueOrDefault(item) + Math.Exp(scores[item] - (logQ * Math.Log(support[item])));
        foreach (var item in drawn)
            numerators[item] = numerators.GetValueOrDefault(item) + Math.Exp(scores[item] - (logQ * alpha * Math.Log(support[item])));
        var sum = numerators.Values.Sum();
        return numerators.ToDictionary(pair => pair.Key, pair => pair.Value / sum);
    }
}
