namespace NextItem.Reports.Tests;

/// <summary>Comparisons of made-up models: the numbers of each session are written down or drawn.</summary>
internal static class Comparisons
{
    public static readonly ResamplingOptions Quick = new() { Resamples = 200 };

    /// <summary>A model of which every session's share of hits is given; four cases a session, unless said otherwise.</summary>
    public static ComparedModel Model(string name, double[] shares, int cases = 4, TieBreaking ties = TieBreaking.Conservative, int cutoff = 20, double tieShare = 0)
    {
        int[] counts = [.. shares.Select(_ => cases)];
        var sums = SessionSums.From(counts, new Dictionary<(string, int), IReadOnlyList<double>>
        {
            [("recall", cutoff)] = [.. shares.Select(share => share * cases)],
            [("mrr", cutoff)] = [.. shares.Select(share => share * cases / 2)],
        });
        var result = new EvaluationResult
        {
            Metrics = [new("recall", cutoff, sums.MeanOf("recall", cutoff)), new("mrr", cutoff, sums.MeanOf("mrr", cutoff)), new("coverage", cutoff, 0.5)],
            Cases = counts.Sum(),
            TiedCases = (int)(tieShare * counts.Sum()),
            UnscoredCases = 0,
            CasesUnderDrop = counts.Sum(),
            CasesUnderMiss = counts.Sum(),
            UnknownEvents = 0,
            Sessions = shares.Length,
            Ties = ties,
            Unknown = UnknownItems.Drop,
        };
        EvaluationSlice Slice(string bucket, double factor) => new(SliceBy.Position, bucket, counts.Sum() / 2, [new("recall", cutoff, factor * result.Metrics[0].Value), new("mrr", cutoff, factor * result.Metrics[1].Value)]);
        return new ComparedModel { Name = name, Algorithm = "made-up", Evaluation = new DetailedEvaluation(result, [Slice("1", 1.1), Slice("2", 0.9)], sums) };
    }

    /// <summary>Shares of so many sessions around a mean, some higher, some lower.</summary>
    public static double[] Shares(double mean, int sessions = 1_200) => [.. Enumerable.Range(0, sessions).Select(session => mean + (((session * 7 % 11) - 5) * 0.02))];

    /// <summary>The model with a time for an event and with epochs of training.</summary>
    public static ComparedModel WithCosts(ComparedModel model, double milliseconds, string lossName, params double[] losses) => model with
    {
        Latency = new ScoringLatency(2_000, 20, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(2 * milliseconds)),
        Training = losses.Length == 0 ? null : new TrainingCurve(lossName, [.. losses], losses.Length - 1, [new("recall", 5, 0.25), new("recall", 20, 0.5)]),
    };

    public static ModelComparison Of(params ComparedModel[] models) => ModelComparison.Of(models, "test.tsv", [], Quick);
}
