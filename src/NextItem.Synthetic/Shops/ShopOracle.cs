namespace NextItem.Synthetic;

/// <summary>
/// The law that a shop's visitors follow: the exact probability of every next item, given the whole session so far. Ranking
/// by it has the highest expected Recall@K and MRR@K that any model can have, at every K. Immutable and safe to share
/// between threads.
/// </summary>
public sealed class ShopOracle
{
    private readonly ShopStructure _structure;
    private readonly Dictionary<string, int> _indexOf;
    private readonly int[][] _testSessions;    // item indices in time order
    private readonly bool[] _isInTrain;        // [items]

    internal ShopOracle(ShopStructure structure, ShopItem[] items, int[][] testSessions, bool[] isInTrain)
    {
        _structure = structure;
        _indexOf = new Dictionary<string, int>(items.Length);
        for (var item = 0; item < items.Length; item++)
            _indexOf.Add(items[item].Key, item);
        _testSessions = testSessions;
        _isInTrain = isInTrain;
    }

    /// <summary>Number of items of the shop, I.</summary>
    public int ItemCount => _structure.ItemCount;

    /// <summary>The place of an item key in <see cref="Shop.Items"/>, or <see cref="ItemCatalog.UnknownItem"/>.</summary>
    public int IndexOf(string itemKey) => _indexOf.GetValueOrDefault(itemKey, ItemCatalog.UnknownItem);

    /// <summary>The probability of every item to be the next event, given that the session goes on.</summary>
    /// <param name="itemsSoFar">Items of the session in time order, as places in <see cref="Shop.Items"/>; none gives the distribution of a first item.</param>
    /// <param name="probabilities">[I]: overwritten; they sum to 1, and the last item's is 0, for no event repeats the one before it.</param>
    /// <exception cref="ArgumentException"><paramref name="probabilities"/> is not of length <see cref="ItemCount"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An item is not one of the shop.</exception>
    public void ScoreNext(ReadOnlySpan<int> itemsSoFar, Span<double> probabilities)
    {
        if (probabilities.Length != ItemCount)
            throw new ArgumentException($"'{nameof(probabilities)}' is {probabilities.Length}; expected {ItemCount}, the number of items.", nameof(probabilities));
        foreach (var item in itemsSoFar)
        {
            if ((uint)item >= (uint)ItemCount)
                throw new ArgumentOutOfRangeException(nameof(itemsSoFar), item, $"'{nameof(itemsSoFar)}' has {item}; expected an item from 0 to {ItemCount - 1}.");
        }

        probabilities.Clear();
        if (itemsSoFar.IsEmpty)
        {
            _structure.First.AddTo(ItemCatalog.UnknownItem, 1, probabilities);
            return;
        }

        var sources = _structure.Sources(itemsSoFar);
        var total = 0;
        foreach (var (share, _) in sources)
            total += share;
        foreach (var (share, items) in sources)
        {
            if (share > 0)
                items.AddTo(itemsSoFar[^1], (double)share / total, probabilities);
        }
    }

    /// <summary>Measures the ranking by true probabilities on the test sessions, as a model is measured.</summary>
    /// <param name="cutoff">K, at least 1.</param>
    /// <remarks>
    /// Every test event after the first of its session is a case. Items that training never saw are left out before the
    /// cases are formed and are never ranked, as when a model is measured; the oracle still reads them as history, so that
    /// it stays an upper bound. Among equal probabilities the lower item stands first. The bound holds in expectation: on
    /// the finite test set a model can be luckier by the sampling error, about sqrt(p (1 - p) / cases).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cutoff"/> is below 1.</exception>
    public OracleScore Evaluate(int cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        var probabilities = new double[ItemCount];
        var (cases, hits, reciprocalRanks) = (0, 0, 0.0);
        foreach (var session in _testSessions)
        {
            var knownBefore = _isInTrain[session[0]];
            for (var i = 1; i < session.Length; i++)
            {
                if (!_isInTrain[session[i]])
                    continue;
                if (knownBefore)
                {
                    ScoreNext(session.AsSpan(0, i), probabilities);
                    var rank = RankOf(session[i], probabilities);
                    cases++;
                    hits += rank <= cutoff ? 1 : 0;
                    reciprocalRanks += rank <= cutoff ? 1.0 / rank : 0;
                }

                knownBefore = true;
            }
        }

        return new OracleScore(cutoff, cases == 0 ? 0 : (double)hits / cases, cases == 0 ? 0 : reciprocalRanks / cases, cases);
    }

    private int RankOf(int target, ReadOnlySpan<double> probabilities)
    {
        var ofTarget = probabilities[target];
        var rank = 1;
        for (var item = 0; item < probabilities.Length; item++)
        {
            if (_isInTrain[item] && (probabilities[item] > ofTarget || (probabilities[item] == ofTarget && item < target)))
                rank++;
        }

        return rank;
    }
}
