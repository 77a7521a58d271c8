using System.Runtime.InteropServices;

namespace NextItem.Models.Baselines;

/// <summary>
/// Lanes of session-kNN: the sessions most like the current one, of the most recent that share an item with it, vote for
/// their items.
/// </summary>
/// <remarks>
/// Similarities and votes are whole numbers until the last multiplication, so that what is level on paper is level here,
/// and no order of additions matters. Derivation: docs/baselines.md.
/// </remarks>
internal sealed class NeighbourLanes(ItemCatalog catalog, int lanes, SessionIndex index, NeighbourWeights weights)
    : HistoryLanes(catalog, lanes, weights.SessionLength)
{
    /// <summary>What a neighbour's vote is counted in: tenths.</summary>
    private const int Tenths = 10;

    private readonly List<Cursor> _cursors = [];
    private readonly List<long> _candidates = []; // similarity and session in one number, which sorts fast
    private readonly List<int> _positions = []; // of each candidate's match
    private readonly long[] _votes = new long[catalog.Count];
    private readonly List<int> _voted = [];
    private ScoredItem[] _scores = [];

    /// <summary>A place in the list of an item's sessions.</summary>
    /// <param name="Item">The item.</param>
    /// <param name="Weight">What a session that has it gains in similarity.</param>
    /// <param name="Position">The item's last position in the session, from its end, from 1.</param>
    /// <param name="Session">The session at the place, or -1 at the end.</param>
    private record struct Cursor(int Item, int Weight, int Position, int Session)
    {
        /// <summary>The place.</summary>
        public int Place { get; set; }
    }

    protected override ReadOnlySpan<ScoredItem> ScoresAfter(ReadOnlySpan<int> items)
    {
        FindCandidates(items);
        var candidates = CollectionsMarshal.AsSpan(_candidates);
        var positions = CollectionsMarshal.AsSpan(_positions);
        if (candidates.Length > weights.Neighbours)
        {
            candidates.Sort(positions);
            candidates = candidates[^weights.Neighbours..];
            positions = positions[^weights.Neighbours..];
        }

        for (var i = 0; i < candidates.Length; i++)
        {
            var (similarity, session) = (candidates[i] >> 32, (int)candidates[i]);
            var vote = similarity * Math.Max(0, Tenths - positions[i]);
            if (vote == 0)
                continue;
            foreach (var item in index[session])
            {
                if (_votes[item] == 0)
                    _voted.Add(item);
                _votes[item] += vote;
            }
        }

        if (_scores.Length < _voted.Count)
            _scores = new ScoredItem[2 * _voted.Count];
        var found = 0;
        var unit = (double)Tenths * (weights.DistinctItems ? _cursors.Count : items.Length);
        foreach (var item in _voted)
        {
            var score = (float)ScoreOrder.Significant(_votes[item] * weights.ItemWeights[item] / unit);
            _votes[item] = 0;
            if (score > 0 && !(weights.SkipLastItem && item == items[^1]))
                _scores[found++] = new ScoredItem(item, score);
        }

        _voted.Clear();
        return _scores.AsSpan(0, found);
    }

    /// <summary>
    /// Merges the lists of the session's items, each the most recent session first: candidates come most recent first, each with
    /// all items that it shares, and the merge ends at the m-th, before the older ones are looked at.
    /// </summary>
    private void FindCandidates(ReadOnlySpan<int> items)
    {
        _cursors.Clear();
        _candidates.Clear();
        _positions.Clear();
        for (var i = items.Length - 1; i >= 0; i--)
        {
            if (!items[(i + 1)..].Contains(items[i]))
                _cursors.Add(new Cursor(items[i], i + 1, items.Length - i, index.SessionsOf(items[i]) is [var first, ..] ? first : -1));
        }

        var cursors = CollectionsMarshal.AsSpan(_cursors);
        while (_candidates.Count < weights.RecentSessions)
        {
            var latest = -1;
            foreach (ref var cursor in cursors)
                latest = Math.Max(latest, cursor.Session);
            if (latest < 0)
                return;
            var (similarity, position) = (0, 0);
            foreach (ref var cursor in cursors)
            {
                if (cursor.Session != latest)
                    continue;
                similarity += cursor.Weight;
                position = position == 0 ? cursor.Position : position; // cursors stand from the session's end
                var sessions = index.SessionsOf(cursor.Item);
                cursor.Place++;
                cursor.Session = cursor.Place < sessions.Length ? sessions[cursor.Place] : -1;
            }

            _candidates.Add(((long)similarity << 32) | (uint)latest);
            _positions.Add(position);
        }
    }
}
