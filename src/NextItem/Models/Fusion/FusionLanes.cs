using System.Buffers.Binary;
using NextItem.Models.Baselines;

namespace NextItem.Models.Fusion;

/// <summary>Lanes of a fusion: lanes of each of its models, which follow the same sessions.</summary>
internal sealed class FusionLanes : ListedLanes
{
    private const int HeaderLength = 4;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIf1"u8);

    /// <summary>Lanes whose best items are asked for together, as far as <see cref="MostListed"/> allows: one pass over the items serves them all.</summary>
    private const int LanesAtOnce = 32;

    /// <summary>Items that the lists of one model may hold together: 8 MB.</summary>
    private const int MostListed = 1 << 20;

    private readonly FusionModel _model;
    private readonly SessionLanes[] _lanes;
    private readonly int _depth;
    private readonly int _group;
    private readonly ScoredItem[]?[] _best; // [models][group x depth], made when needed
    private readonly int[][] _found;        // [models][group]
    private readonly double[] _sums;
    private readonly List<int> _listed = [];
    private ScoredItem[] _scores = [];

    public FusionLanes(FusionModel model, int lanes)
        : base(model.Catalog, lanes)
    {
        _model = model;
        _lanes = [.. model.Models.Select(part => part.Open(lanes))];
        _depth = model.Options.Depth == 0 ? model.Catalog.Count : Math.Min(model.Options.Depth, model.Catalog.Count);
        _group = Math.Clamp(MostListed / Math.Max(1, _depth), 1, Math.Min(LanesAtOnce, lanes));
        _best = new ScoredItem[_lanes.Length][];
        _found = [.. _lanes.Select(_ => new int[_group])];
        _sums = new double[model.Catalog.Count];
    }

    protected override ReadOnlySpan<ScoredItem> ScoresOf(int lane)
    {
        List([lane]);
        return Fused(0);
    }

    protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        Span<int> lanes = stackalloc int[LanesAtOnce];
        for (var (lane, wanted) = (0, 0); lane < Count; lane++)
        {
            ranks[lane] = TargetRank.Unscored;
            if (targets[lane] >= 0)
                lanes[wanted++] = lane;
            if (wanted < _group && lane + 1 < Count)
                continue;
            List(lanes[..wanted]);
            for (var i = 0; i < wanted; i++)
                ranks[lanes[i]] = RankAmong(Fused(i), targets[lanes[i]]);
            wanted = 0;
        }
    }

    protected override void TopKCore(ReadOnlySpan<TopKRequest> requests)
    {
        Span<int> lanes = stackalloc int[LanesAtOnce];
        for (; !requests.IsEmpty; requests = requests[Math.Min(_group, requests.Length)..])
        {
            var some = requests[..Math.Min(_group, requests.Length)];
            for (var i = 0; i < some.Length; i++)
                lanes[i] = some[i].Lane;
            List(lanes[..some.Length]);
            for (var i = 0; i < some.Length; i++)
                some[i].Found = BestOf(Fused(i), some[i].Filter, some[i].Exclude.Span, some[i].Best.Span);
        }
    }

    /// <summary>Asks every model for its best items on some lanes.</summary>
    private void List(ReadOnlySpan<int> lanes)
    {
        if (lanes.IsEmpty)
            return;
        var requests = new TopKRequest[lanes.Length];
        for (var m = 0; m < _lanes.Length; m++)
        {
            var best = _best[m] ??= new ScoredItem[_group * _depth];
            for (var i = 0; i < lanes.Length; i++)
                requests[i] = new TopKRequest { Lane = lanes[i], Best = best.AsMemory(i * _depth, _depth) };
            _lanes[m].TopK(requests);
            for (var i = 0; i < lanes.Length; i++)
                _found[m][i] = requests[i].Found;
        }
    }

    /// <summary>The fused scores of a lane that was listed as the i-th, from 0.</summary>
    private ReadOnlySpan<ScoredItem> Fused(int i)
    {
        var options = _model.Options;
        for (var m = 0; m < _lanes.Length; m++)
        {
            double weight = options.Weights.IsDefaultOrEmpty ? 1 : options.Weights[m];
            ReadOnlySpan<ScoredItem> best = _best[m].AsSpan(i * _depth, _found[m][i]);
            var rank = 1;
            for (var place = 0; place < best.Length; place++)
            {
                // Level items share the best of their places: numbering the items otherwise changes no rank.
                if (place > 0 && best[place].Score != best[place - 1].Score)
                    rank = place + 1;
                var item = best[place].ItemIndex;
                if (_sums[item] == 0)
                    _listed.Add(item);
                _sums[item] += weight / (options.RankOffset + (double)rank);
            }
        }

        if (_scores.Length < _listed.Count)
            _scores = new ScoredItem[2 * _listed.Count];
        for (var place = 0; place < _listed.Count; place++)
        {
            _scores[place] = new ScoredItem(_listed[place], (float)ScoreOrder.Significant(_sums[_listed[place]]));
            _sums[_listed[place]] = 0;
        }

        var count = _listed.Count;
        _listed.Clear();
        return _scores.AsSpan(0, count);
    }

    protected override void ResetCore(int lane)
    {
        foreach (var lanes in _lanes)
            lanes.Reset(lane);
    }

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        foreach (var lanes in _lanes)
            lanes.Advance(itemIndices);
    }

    /// <summary>The mark, then of each model the length of its state and the state.</summary>
    protected override byte[] SaveCore(int lane)
    {
        var states = Array.ConvertAll(_lanes, lanes => lanes.Save(lane));
        var state = new byte[HeaderLength + states.Sum(part => sizeof(int) + part.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(state, s_stateMark);
        var rest = state.AsSpan(HeaderLength);
        foreach (var part in states)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
            part.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + part.Length)..];
        }

        return state;
    }

    protected override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        var before = SaveCore(lane);
        var parts = new Range[_lanes.Length];
        var isOurs = state.Length >= HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(state) == s_stateMark;
        var at = HeaderLength;
        for (var m = 0; isOurs && m < parts.Length; m++)
        {
            isOurs = state.Length - at >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(state[at..]) is var length and >= 0 && length <= state.Length - at - sizeof(int);
            if (!isOurs)
                break;
            at += sizeof(int);
            parts[m] = at..(at + BinaryPrimitives.ReadInt32LittleEndian(state[(at - sizeof(int))..]));
            at = parts[m].End.Value;
        }

        if (!isOurs || at != state.Length)
            throw new ArgumentException($"The state has {state.Length} bytes and is not one of this model's; expected those of its {_lanes.Length} models, written by Save.", nameof(state));
        try
        {
            for (var m = 0; m < parts.Length; m++)
                _lanes[m].Load(lane, state[parts[m]]);
        }
        catch (ArgumentException)
        {
            LoadCore(lane, before); // those before the wrong one had been taken
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var lanes in _lanes)
                lanes.Dispose();
        }

        base.Dispose(disposing);
    }
}
