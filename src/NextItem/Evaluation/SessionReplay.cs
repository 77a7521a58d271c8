namespace NextItem.Evaluation;

/// <summary>Plays one thread's share of the test sessions through the model, many side by side, and tallies the ranks of their next items.</summary>
/// <param name="model">The model.</param>
/// <param name="test">All test sessions.</param>
/// <param name="options">How they are played.</param>
/// <param name="recorders">What is taken down besides the ranks, this thread's own.</param>
/// <param name="first">The thread's first session.</param>
/// <param name="stride">From one of its sessions to the next.</param>
internal sealed class SessionReplay(ISessionModel model, SessionSet test, EvaluationOptions options, ICaseRecorder[] recorders, int first, int stride)
{
    private readonly int _listLength = recorders.Length == 0 ? 0 : recorders.Max(recorder => recorder.ListLength);
    private int _nextSession;

    /// <summary>Plays all sessions first, first + stride, ... to their ends.</summary>
    public Tally Run(CancellationToken cancellationToken)
    {
        _nextSession = first;
        var tally = new Tally(Math.Min(options.Cutoffs.Max(), model.Catalog.Count)) /* no rank is beyond the items */;
        var mine = (test.Count - first + stride - 1) / stride;
        var count = Math.Min(options.Lanes, mine);
        using var lanes = model.Open(count);
        var items = new ReadOnlyMemory<int>[count];
        var sessions = new int[count];
        var inputs = new int[count];
        var targets = new int[count];
        var ranks = new TargetRank[count];
        var position = new int[count];
        var lists = Array.ConvertAll(new int[count], _ => new ScoredItem[_listLength]);
        TopKRequest[] requests = [.. lists.Select((list, lane) => new TopKRequest { Lane = lane, Best = list })];
        for (var lane = 0; lane < count; lane++)
            items[lane] = NextSession(out sessions[lane]);

        while (true)
        {
            var live = false;
            for (var lane = 0; lane < count; lane++)
            {
                if (position[lane] + 1 >= items[lane].Length && items[lane].Length > 0)
                {
                    items[lane] = NextSession(out sessions[lane]);
                    position[lane] = 0;
                    lanes.Reset(lane);
                }

                var running = items[lane].Length > 0;
                live |= running;
                inputs[lane] = running ? items[lane].Span[position[lane]] : ItemCatalog.UnknownItem;
                targets[lane] = running ? items[lane].Span[position[lane] + 1] : ItemCatalog.UnknownItem;
            }

            if (!live)
                return tally;
            cancellationToken.ThrowIfCancellationRequested();
            lanes.Advance(inputs);
            lanes.Rank(targets, ranks);
            if (_listLength > 0)
                lanes.TopK(requests.Where(request => items[request.Lane].Length > 0).ToArray()); // of all lanes in one pass over the items
            for (var lane = 0; lane < count; lane++)
            {
                if (items[lane].Length == 0)
                    continue;
                tally.Count(ranks[lane], options.Ties);
                if (recorders.Length > 0)
                    Record(new EvaluatedCase(sessions[lane], items[lane].Span, position[lane] + 1, ranks[lane], lists[lane].AsSpan(0, requests[lane].Found)));
                position[lane]++;
            }
        }
    }

    private void Record(in EvaluatedCase played)
    {
        foreach (var recorder in recorders)
            recorder.Record(played);
    }

    /// <summary>The next session that has a case, as it is played: without its unknown items where they are dropped. Empty at the end.</summary>
    private ReadOnlyMemory<int> NextSession(out int session)
    {
        while (_nextSession < test.Count)
        {
            session = _nextSession;
            var items = test.ItemsOf(session).ToArray();
            _nextSession += stride;
            if (options.Unknown == UnknownItems.Drop)
                items = Array.FindAll(items, item => item >= 0);
            if (items.Length > 1)
                return items;
        }

        session = -1;
        return default;
    }
}
