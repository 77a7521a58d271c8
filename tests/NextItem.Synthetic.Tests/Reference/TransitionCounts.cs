namespace NextItem.Synthetic.Tests.Reference;

/// <summary>
/// Models that know nothing of the generator: counts of what followed what in the training sessions. Popularity counts
/// items; Markov counts what followed the last item; the combination adds what followed the first item and the one before
/// the last, anywhere later in the session, and so reads the whole session.
/// </summary>
internal sealed class TransitionCounts
{
    private readonly SessionSet _train;
    private readonly SparseCounts _afterLast;
    private readonly SparseCounts _afterFirst;
    private readonly SparseCounts _afterPair;

    public TransitionCounts(Shop shop)
    {
        _train = SessionSet.From(shop.Train);
        Test = SessionSet.From(shop.Test, _train.Catalog);
        _afterLast = new SparseCounts(_train.Catalog.Count);
        _afterFirst = new SparseCounts(_train.Catalog.Count);
        _afterPair = new SparseCounts(_train.Catalog.Count);
        for (var s = 0; s < _train.Count; s++)
        {
            var items = _train.ItemsOf(s);
            for (var i = 1; i < items.Length; i++)
            {
                _afterLast.Add(items[i - 1], items[i]);
                if (i >= 2)
                {
                    _afterFirst.Add(items[0], items[i]);
                    _afterPair.Add(items[i - 2], items[i]);
                }
            }
        }
    }

    public SessionSet Test { get; }

    public OracleScore Popularity(int cutoff) => Evaluate(cutoff, (_, scores) => AddPopularity(1, scores));

    public OracleScore Markov(int cutoff) => Evaluate(cutoff, (items, scores) =>
    {
        AddPopularity(1e-9, scores);
        _afterLast.AddTo(items[^1], 1, scores);
    });

    public OracleScore Combination(int cutoff) => Evaluate(cutoff, (items, scores) =>
    {
        AddPopularity(0.1, scores);
        _afterLast.AddTo(items[^1], 0.5, scores);
        _afterFirst.AddTo(items[0], 0.4, scores);
        if (items.Length > 1)
            _afterPair.AddTo(items[^2], 0.2, scores);
    });

    private void AddPopularity(double share, Span<double> scores)
    {
        var support = _train.Catalog.Support;
        for (var item = 0; item < scores.Length; item++)
            scores[item] += share * support[item] / _train.EventCount;
    }

    private delegate void Scorer(ReadOnlySpan<int> itemsSoFar, Span<double> scores);

    private OracleScore Evaluate(int cutoff, Scorer score)
    {
        var scores = new double[_train.Catalog.Count];
        var (cases, hits, reciprocalRanks) = (0, 0, 0.0);
        for (var s = 0; s < Test.Count; s++)
        {
            var items = Test.ItemsOf(s).ToArray().Where(item => item >= 0).ToArray();
            for (var i = 1; i < items.Length; i++)
            {
                scores.AsSpan().Clear();
                score(items.AsSpan(0, i), scores);
                scores[items[i - 1]] = -1;    // the shop never shows an item twice in a row
                var target = items[i];
                var rank = 1;
                for (var item = 0; item < scores.Length; item++)
                    rank += scores[item] > scores[target] || (scores[item] == scores[target] && item < target) ? 1 : 0;
                cases++;
                hits += rank <= cutoff ? 1 : 0;
                reciprocalRanks += rank <= cutoff ? 1.0 / rank : 0;
            }
        }

        return new OracleScore(cutoff, (double)hits / cases, reciprocalRanks / cases, cases);
    }

    /// <summary>For each item, how often each other item came after it; added as frequencies, with less say where little was seen.</summary>
    private sealed class SparseCounts(int items)
    {
        private const int Prior = 10;

        private readonly Dictionary<int, int>[] _rows = [.. Enumerable.Range(0, items).Select(_ => new Dictionary<int, int>())];
        private readonly int[] _totals = new int[items];

        public void Add(int from, int to)
        {
            _rows[from][to] = _rows[from].GetValueOrDefault(to) + 1;
            _totals[from]++;
        }

        public void AddTo(int from, double share, Span<double> scores)
        {
            foreach (var (to, count) in _rows[from])
                scores[to] += share * count / (_totals[from] + Prior);
        }
    }
}
