using System.Collections.Immutable;
using NextItem.Evaluation.Slices;

namespace NextItem.Evaluation;

/// <summary>What an evaluation takes down of each case besides its rank, and how the metrics follow from it.</summary>
internal sealed class RecordingPlan
{
    private readonly SessionSet _test;
    private readonly EvaluationOptions _options;
    private readonly SliceBy[] _slices;
    private readonly EvaluationMetric[] _metrics;
    private readonly int[] _cutoffs;
    private readonly bool _sums;
    private readonly DiversitySums? _diversity;
    private readonly FeatureDirections? _directions;

    public RecordingPlan(SessionSet test, EvaluationOptions options, SliceBy[] slices, bool keepSessions)
    {
        _test = test;
        _options = options;
        _slices = slices;
        _metrics = options.MetricsMeant;
        _cutoffs = [.. options.Cutoffs];
        _sums = keepSessions || (IsRest && Hits.Any());
        var columns = IsRest ? Hits.Select(metric => metric.Name) : Ranks.Select(metric => metric.Name);
        Sums = new SessionSums([.. columns.SelectMany(_ => _cutoffs, (name, cutoff) => (name, cutoff))], _sums ? test.Count : 0);
        if (_metrics.Contains(EvaluationMetric.Diversity))
            (_diversity, _directions) = (new DiversitySums(_cutoffs.Length, test.Count), new FeatureDirections(options.Features!));
    }

    /// <summary>The sums by session, of all threads.</summary>
    public SessionSums Sums { get; }

    private bool IsRest => _options.Protocol == EvaluationProtocol.RestOfSession;

    private IEnumerable<(EvaluationMetric Metric, string Name, Func<double, int, double> Of)> Ranks =>
        _metrics.SelectMany(_ => MetricNames.OfRanks, (metric, each) => (metric, each)).Where(pair => pair.metric == pair.each.Metric).Select(pair => pair.each);

    private IEnumerable<(EvaluationMetric Metric, string Name, MetricNames.HitMetric Of)> Hits =>
        _metrics.SelectMany(_ => MetricNames.OfHits, (metric, each) => (metric, each)).Where(pair => pair.metric == pair.each.Metric).Select(pair => pair.each);

    /// <summary>The recorders of one thread.</summary>
    public ICaseRecorder[] NewRecorders()
    {
        var recorders = new List<ICaseRecorder>();
        var largest = Math.Min(_cutoffs.Max(), _test.Catalog.Count);
        foreach (var by in _slices)
            recorders.Add(new SliceRecorder(Slicing.Of(by, _test.Catalog), largest, _options.Ties));
        if (_sums)
        {
            recorders.Add(IsRest
                ? new RestOfSessionRecorder(Sums, [.. Hits.Select(metric => metric.Of)], _cutoffs, _test.Catalog.Count)
                : new SessionSumRecorder(Sums, [.. Ranks.Select(metric => metric.Of)], _cutoffs, _options.Ties));
        }

        if (MetricNames.OfLists.Any(metric => _metrics.Contains(metric.Metric)))
            recorders.Add(new ListCounts(_cutoffs, _test.Catalog.Count));
        if (_diversity is not null)
            recorders.Add(new DiversityRecorder(_directions!, _cutoffs, _diversity));
        return [.. recorders];
    }

    /// <summary>The metrics in the order asked for.</summary>
    public ImmutableArray<MetricValue> Metrics(Tally total, ICaseRecorder[] recorders)
    {
        var values = ImmutableArray.CreateBuilder<MetricValue>();
        var lists = recorders.OfType<ListCounts>().SingleOrDefault();
        foreach (var metric in _metrics)
        {
            if (Array.Find(MetricNames.OfLists, each => each.Metric == metric) is { Of: { } ofLists } list)
            {
                for (var i = 0; i < _cutoffs.Length; i++)
                    values.Add(new MetricValue(list.Name, _cutoffs[i], ofLists(lists!.Of(i), _test.Catalog.Support)));
            }
            else if (metric == EvaluationMetric.Diversity)
            {
                values.AddRange(_cutoffs.Select((cutoff, i) => new MetricValue(DiversityAtK.Name, cutoff, _diversity!.MeanOf(i))));
            }
            else if (IsRest)
            {
                var name = Array.Find(MetricNames.OfHits, each => each.Metric == metric).Name;
                values.AddRange(_cutoffs.Select(cutoff => new MetricValue(name, cutoff, Sums.MeanOf(name, cutoff))));
            }
            else
            {
                var ranked = Array.Find(MetricNames.OfRanks, each => each.Metric == metric);
                values.AddRange(_cutoffs.Select(cutoff => Value(ranked, cutoff, total)));
            }
        }

        return values.ToImmutable();
    }

    /// <summary>What of the lists has no features; null where diversity is not measured.</summary>
    public static ListedFeatures? Features(ICaseRecorder[] recorders) => recorders.OfType<DiversityRecorder>().SingleOrDefault()?.Counted;

    /// <summary>The metrics of ranks in each bucket that has a case.</summary>
    public ImmutableArray<EvaluationSlice> Slices(ICaseRecorder[] recorders) =>
    [
        .. _slices.Zip(recorders.OfType<SliceRecorder>()).SelectMany(pair => pair.Second.Buckets.Where(bucket => bucket.Tally.Cases > 0).Select(bucket =>
            new EvaluationSlice(pair.First, bucket.Label, bucket.Tally.Cases, [.. Ranks.SelectMany(_ => _cutoffs, (metric, cutoff) => Value(metric, cutoff, bucket.Tally))]))),
    ];

    private static MetricValue Value((EvaluationMetric Metric, string Name, Func<double, int, double> Of) metric, int cutoff, Tally tally) =>
        new(metric.Name, cutoff, tally.Sum(rank => metric.Of(rank, cutoff)) / tally.Cases);
}
