using System.Buffers.Binary;
using NextItem.Models.Baselines;

namespace NextItem.Models.Fusion;

/// <summary>Lanes of a fusion: lanes of each of its models, which follow the same sessions.</summary>
internal sealed class FusionLanes : ListedLanes
{
    private const int HeaderLength = 4;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIf1"u8);

    private readonly FusionModel _model;
    private readonly SessionLanes[] _lanes;
    private readonly ScoredItem[] _best;
    private readonly double[] _sums;
    private readonly List<int> _listed = [];
    private ScoredItem[] _scores = [];

    public FusionLanes(FusionModel model, int lanes)
        : base(model.Catalog, lanes)
    {
        _model = model;
        _lanes = [.. model.Models.Select(part => part.Open(lanes))];
        _best = new ScoredItem[model.Options.Depth == 0 ? model.Catalog.Count : Math.Min(model.Options.Depth, model.Catalog.Count)];
        _sums = new double[model.Catalog.Count];
    }

    protected override ReadOnlySpan<ScoredItem> ScoresOf(int lane)
    {
        var options = _model.Options;
        for (var m = 0; m < _lanes.Length; m++)
        {
            double weight = options.Weights.IsDefaultOrEmpty ? 1 : options.Weights[m];
            var found = _lanes[m].TopK(lane, null, [], _best);
            var rank = 1;
            for (var place = 0; place < found; place++)
            {
                // Level items share the best of their places: numbering the items otherwise changes no rank.
                if (place > 0 && _best[place].Score != _best[place - 1].Score)
                    rank = place + 1;
                var item = _best[place].ItemIndex;
                if (_sums[item] == 0)
                    _listed.Add(item);
                _sums[item] += weight / (options.RankOffset + (double)rank);
            }
        }

        if (_scores.Length < _listed.Count)
            _scores = new ScoredItem[2 * _listed.Count];
        for (var i = 0; i < _listed.Count; i++)
        {
            _scores[i] = new ScoredItem(_listed[i], (float)ScoreOrder.Significant(_sums[_listed[i]]));
            _sums[_listed[i]] = 0;
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
