using System.Collections.Immutable;

namespace NextItem.Reports;

/// <summary>
/// Several models on the same cases: their numbers with intervals, what each is behind the best, whether that is beyond chance, and
/// in plain sentences what follows. <see cref="ComparisonReport"/> writes it.
/// </summary>
public sealed class ModelComparison
{
    private const int UsualCutoff = 20;
    private const int FewSessions = 1_000;
    private const double ManyTies = 0.01;
    private readonly ImmutableArray<ImmutableArray<ConfidenceInterval>> _intervals;

    private ModelComparison(IReadOnlyList<ComparedModel> models, string data, IEnumerable<string> warnings, ResamplingOptions resampling, CancellationToken cancellationToken)
    {
        Models = [.. models];
        Data = data;
        Resampling = resampling;
        var metrics = models[0].Evaluation.Sessions.Metrics;
        var cutoffs = metrics.Select(metric => metric.Cutoff).Distinct().ToArray();
        Cutoff = cutoffs.Contains(UsualCutoff) ? UsualCutoff : cutoffs.Max();
        (Headline, _) = metrics[0];
        Best = Enumerable.Range(0, models.Count).MaxBy(model => models[model].Evaluation.Result.ValueOf(Headline, Cutoff));
        _intervals = [.. models.Select(model => SessionResampling.Intervals(model.Evaluation.Sessions, resampling, cancellationToken).ToImmutableArray())];
        Differences = [.. metrics.Where(metric => metric.Cutoff == Cutoff).SelectMany(metric => DifferencesIn(metric.Name, cancellationToken))];
        SessionsWithCases = models[0].Evaluation.Sessions.Cases.Length - models[0].Evaluation.Sessions.Cases.Count(0);
        Warnings = [.. warnings, .. OwnWarnings()];
        Sentences = [.. ComparisonSentences.Of(this)];
    }

    /// <summary>Compares.</summary>
    /// <param name="models">At least one; all measured on the same sessions with the same cases and metrics.</param>
    /// <param name="data">What the test data are called.</param>
    /// <param name="warnings">Sentences about the data that a reader must know.</param>
    /// <param name="resampling">How intervals and tests resample; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="ArgumentException">There is no model, two have one name, or they were not measured alike.</exception>
    public static ModelComparison Of(
        IReadOnlyList<ComparedModel> models, string data, IEnumerable<string> warnings, ResamplingOptions? resampling = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(warnings);
        if (models.Count == 0)
            throw new ArgumentException("There is no model; expected at least one.", nameof(models));
        if (models.GroupBy(model => model.Name).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException($"{same.Count()} models are called '{same.Key}'; expected a name of its own for each.", nameof(models));
        var first = models[0].Evaluation;
        if (first.Sessions.Metrics.IsEmpty)
            throw new ArgumentException("The models were measured without a metric of single cases, such as recall; expected at least one.", nameof(models));
        foreach (var model in models)
        {
            var (result, _, sessions) = model.Evaluation;
            if (!sessions.Cases.SequenceEqual(first.Sessions.Cases))
                throw new ArgumentException($"'{model.Name}' was measured on other cases than '{models[0].Name}'; expected the same sessions with the same number of cases each.", nameof(models));
            if (!result.Metrics.Select(metric => (metric.Name, metric.Cutoff)).SequenceEqual(first.Result.Metrics.Select(metric => (metric.Name, metric.Cutoff))))
                throw new ArgumentException($"'{model.Name}' was measured with other metrics than '{models[0].Name}'; expected the same in the same order.", nameof(models));
            if ((result.Ties, result.Unknown) != (first.Result.Ties, first.Result.Unknown))
                throw new ArgumentException($"'{model.Name}' was measured with other rules for ties or unknown items than '{models[0].Name}'; expected the same.", nameof(models));
        }

        using var culture = OneCulture.Here();
        return new ModelComparison(models, data, warnings, resampling ?? new ResamplingOptions(), cancellationToken);
    }

    /// <summary>The models, in the order given.</summary>
    public ImmutableArray<ComparedModel> Models { get; }

    /// <summary>What the test data are called.</summary>
    public string Data { get; }

    /// <summary>The metric that decides which model is best: the first measured.</summary>
    public string Headline { get; }

    /// <summary>The cutoff of the differences and of the headline: 20 where it was measured, else the largest.</summary>
    public int Cutoff { get; }

    /// <summary>The best model's place among <see cref="Models"/>.</summary>
    public int Best { get; }

    /// <summary>What the best model is ahead of each other one in every metric of single cases at <see cref="Cutoff"/>.</summary>
    public ImmutableArray<ModelDifference> Differences { get; }

    /// <summary>Number of test sessions with at least one case: what was resampled.</summary>
    public int SessionsWithCases { get; }

    /// <summary>How intervals and tests were resampled.</summary>
    public ResamplingOptions Resampling { get; }

    /// <summary>What a reader must know, a sentence each.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>What follows from the numbers, in plain sentences.</summary>
    public ImmutableArray<string> Sentences { get; }

    /// <summary>A metric's interval; null for coverage, Gini, popularity and novelty, which no session has of its own.</summary>
    public ConfidenceInterval? IntervalOf(int model, string metric, int cutoff)
    {
        var place = Models[model].Evaluation.Sessions.Metrics.IndexOf((metric, cutoff));
        return place < 0 ? null : _intervals[model][place];
    }

    private IEnumerable<ModelDifference> DifferencesIn(string metric, CancellationToken cancellationToken)
    {
        var best = Models[Best].Evaluation.Sessions;
        var others = Enumerable.Range(0, Models.Length).Where(model => model != Best).ToArray();
        var paired = Array.ConvertAll(others, model => SessionResampling.Compare(best, Models[model].Evaluation.Sessions, metric, Cutoff, Resampling, cancellationToken));
        var adjusted = SessionResampling.Holm([.. paired.Select(each => each.PValue)]);
        return others.Select((model, i) => new ModelDifference(model, metric, Cutoff, paired[i], adjusted[i]));
    }

    private IEnumerable<string> OwnWarnings()
    {
        if (SessionsWithCases < FewSessions)
            yield return $"only {SessionsWithCases:N0} test sessions have a case: small differences cannot be told from chance.";
        var tied = Models.Where(model => model.Evaluation.Result.TieShare > ManyTies).Select(model => $"{model.Name} {model.Evaluation.Result.TieShare:P1}").ToArray();
        if (tied.Length > 0)
            yield return $"cases are tied with other items ({string.Join(", ", tied)}); ranks are {Models[0].Evaluation.Result.Ties.ToString().ToLowerInvariant()}, another rule gives other numbers.";
    }
}
