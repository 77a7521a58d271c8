using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// First-order Markov chain: the score of an item after another is the share of the training transitions from the one that
/// led to the other. Items that never followed have no score.
/// </summary>
public sealed class MarkovModel : ISessionModel
{
    private readonly int[] _offsets;
    private readonly ScoredItem[] _scores;

    /// <summary>From transition counts in compressed rows: the followers of item i are entries [offsets[i], offsets[i + 1]).</summary>
    internal MarkovModel(ItemCatalog catalog, int[] offsets, int[] followers, int[] counts)
    {
        Catalog = catalog;
        _offsets = offsets;
        Followers = followers;
        Counts = counts;
        _scores = new ScoredItem[followers.Length];
        for (var item = 0; item < catalog.Count; item++)
        {
            double total = 0;
            for (var e = offsets[item]; e < offsets[item + 1]; e++)
                total += counts[e];
            for (var e = offsets[item]; e < offsets[item + 1]; e++)
                _scores[e] = new ScoredItem(followers[e], (float)(counts[e] / total));
        }
    }

    /// <inheritdoc/>
    public string Algorithm => "markov";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>Number of different transitions seen in training.</summary>
    public int TransitionCount => Followers.Length;

    internal int[] Offsets => _offsets;

    internal int[] Followers { get; }

    internal int[] Counts { get; }

    /// <summary>Counts the transitions of a training set. Takes 8 bytes a transition while it works.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static MarkovModel Fit(SessionSet train, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        var pairs = new List<long>(train.EventCount);
        for (var session = 0; session < train.Count; session++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var items = train.ItemsOf(session);
            for (var i = 1; i < items.Length; i++)
            {
                if (items[i - 1] >= 0 && items[i] >= 0)
                    pairs.Add(((long)items[i - 1] << 32) | (uint)items[i]);
            }
        }

        pairs.Sort();
        cancellationToken.ThrowIfCancellationRequested();
        var offsets = new int[train.Catalog.Count + 1];
        var followers = new List<int>();
        var counts = new List<int>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (i > 0 && pairs[i] == pairs[i - 1])
            {
                counts[^1]++;
                continue;
            }

            followers.Add((int)pairs[i]);
            counts.Add(1);
            offsets[(int)(pairs[i] >> 32) + 1]++;
        }

        for (var item = 0; item < train.Catalog.Count; item++)
            offsets[item + 1] += offsets[item];
        return new MarkovModel(train.Catalog, offsets, [.. followers], [.. counts]);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new MarkovLanes(this, lanes);

    private sealed class MarkovLanes(MarkovModel model, int lanes) : LastItemLanes(model.Catalog, lanes)
    {
        protected override ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem) =>
            lastItem < 0 ? [] : model._scores.AsSpan(model._offsets[lastItem]..model._offsets[lastItem + 1]);
    }
}
