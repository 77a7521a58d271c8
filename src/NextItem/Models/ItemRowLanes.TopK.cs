using System.Numerics;
using NextItem.Kernels;

namespace NextItem.Models;

/// <content>The best items of lanes: by the index where there is one and few are wanted, else by all scores. The same answer.</content>
internal abstract unsafe partial class ItemRowLanes
{
    /// <summary>Rows that are scored together in a scan of all.</summary>
    private const int ScanRows = 2 * RowDots.Multiple;

    /// <summary>Items for each one wanted from which the index is used: where many are wanted, most rows would be scored after all.</summary>
    private const int IndexItemsEach = 200;

    protected sealed override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        var top = new TopK(best);
        var h = OutputOf(lane);
        var items = _items.Rows;
        if (IndexFor(best.Length) is { } index)
        {
            var pairs = stackalloc int[index.QueryLength];
            if (index.TryPrepare(new ReadOnlySpan<float>(h, items.Length), pairs, out var query))
            {
                for (var block = 0; block < index.Blocks; block++)
                {
                    var candidates = index.Candidates(query, block, top.Floor);
                    if (candidates != 0)
                        Rescore(items, block * ItemIndex.BlockItems, candidates, h, filter, exclude, ref top);
                }

                return top.Sort();
            }
        }

        Scan(items, h, filter, exclude, ref top);
        return top.Sort();
    }

    protected sealed override void TopKCore(ReadOnlySpan<TopKRequest> requests)
    {
        foreach (var request in requests)
        {
            if (request.Best.IsEmpty)
            {
                base.TopKCore(requests);
                return;
            }
        }

        // As many at a time as there are columns for.
        for (; requests.Length > 1; requests = requests[Math.Min(Count, requests.Length)..])
        {
            var some = requests[..Math.Min(Count, requests.Length)];
            if (!TopKByIndex(some))
                TopKByProduct(some);
        }

        if (requests.Length == 1)
            base.TopKCore(requests);
    }

    /// <summary>One pass over the index for all: each block is fetched once. False where it is not to be used.</summary>
    private bool TopKByIndex(ReadOnlySpan<TopKRequest> requests)
    {
        if (IndexFor(LongestOf(requests)) is not { ServesTogether: true } index)
            return false;
        var items = _items.Rows;
        var queries = new IndexQuery[requests.Length];
        var pairs = new int[requests.Length * index.QueryLength];
        fixed (int* pair = pairs)
        {
            for (var i = 0; i < requests.Length; i++)
            {
                var h = new ReadOnlySpan<float>(OutputOf(requests[i].Lane), items.Length);
                if (!index.TryPrepare(h, pair + (i * index.QueryLength), out queries[i]))
                    return false;
            }

            var floors = new float[requests.Length];
            StartAll(requests, floors);
            for (var block = 0; block < index.Blocks; block++)
            {
                for (var i = 0; i < requests.Length; i++)
                {
                    var candidates = index.Candidates(queries[i], block, floors[i]);
                    if (candidates == 0)
                        continue;
                    var request = requests[i];
                    var top = new TopK(request.Best.Span, request.Found);
                    Rescore(items, block * ItemIndex.BlockItems, candidates, OutputOf(request.Lane), request.Filter, request.Exclude.Span, ref top);
                    (request.Found, floors[i]) = (top.Count, top.Floor);
                }
            }
        }

        SortAll(requests);
        return true;
    }

    /// <summary>One pass over the items for all, as a product with their hidden states.</summary>
    private void TopKByProduct(ReadOnlySpan<TopKRequest> requests)
    {
        var items = _items.Rows;
        for (var i = 0; i < requests.Length; i++)
            _live[i] = requests[i].Lane;
        GatherStates(_live.AsSpan(0, requests.Length), items.Length);
        var states = _outputByUnit.Block(0, requests.Length);
        var floors = _ranks.Row(0);
        new Span<float>(floors, SimdWidth.Padded(requests.Length)).Fill(float.PositiveInfinity); // for the padding: nothing is above
        var floorsOfRequests = new Span<float>(floors, requests.Length);
        StartAll(requests, floorsOfRequests);
        var ahead = items.RowsAhead(ItemBlock);
        for (var first = 0; first < items.Count; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, items.Count - first)).Block(0, requests.Length);
            items.PrefetchBlock(first + ItemBlock, ahead);
            MatMul.Multiply(items.Vectors(first, block.Rows), states, block, items.Length);
            var bias = items.Bias(first);

            // An item level with the floor has a larger index than what is kept, and is worse.
            for (var rows = RowsAbove.Find(block, bias, items.BiasStride, floors); rows != 0; rows &= rows - 1)
            {
                var row = BitOperations.TrailingZeroCount(rows);
                for (var i = 0; i < requests.Length; i++)
                {
                    var score = block.Row(row)[i] + bias[row * items.BiasStride];
                    if (score <= floors[i])
                        continue;
                    var request = requests[i];
                    var top = new TopK(request.Best.Span, request.Found);
                    Offer(first + row, score, request.Filter, request.Exclude.Span, ref top);
                    (request.Found, floors[i]) = (top.Count, top.Count < request.Best.Length ? float.NaN : top.Floor);
                }
            }
        }

        SortAll(requests);
    }

    private ItemIndex? IndexFor(int wanted) =>
        _items.Index is { } index && (long)wanted * IndexItemsEach <= _items.Rows.Count ? index : null;

    private static int LongestOf(ReadOnlySpan<TopKRequest> requests)
    {
        var longest = 0;
        foreach (var request in requests)
            longest = Math.Max(longest, request.Best.Length);
        return longest;
    }

    /// <summary>NaN while not as many are kept as wanted: every score has to be looked at.</summary>
    private static void StartAll(ReadOnlySpan<TopKRequest> requests, Span<float> floors)
    {
        floors.Fill(float.NaN);
        foreach (var request in requests)
            request.Found = 0;
    }

    private static void SortAll(ReadOnlySpan<TopKRequest> requests)
    {
        foreach (var request in requests)
            request.Found = new TopK(request.Best.Span, request.Found).Sort();
    }

    /// <summary>Scores all items.</summary>
    private static void Scan(ItemRows items, float* h, ItemFilter? filter, ReadOnlySpan<int> exclude, ref TopK top)
    {
        var rows = stackalloc float*[ScanRows];
        var sums = stackalloc float[ScanRows];
        for (var first = 0; first < items.Count; first += ScanRows)
        {
            var count = Math.Min(ScanRows, items.Count - first);
            for (var i = 0; i < ScanRows; i++)
                rows[i] = items.Vector(Math.Min(first + i, items.Count - 1));
            RowDots.Run(rows, count, h, items.Length, sums, ScanRows * items.Stride);
            var bias = items.Bias(first);
            for (var i = 0; i < count; i++)
                Offer(first + i, sums[i] + bias[i * items.BiasStride], filter, exclude, ref top);
        }
    }

    /// <summary>Scores the candidates of a block of the index, those that may be recommended.</summary>
    private static void Rescore(ItemRows items, int first, uint candidates, float* h, ItemFilter? filter, ReadOnlySpan<int> exclude, ref TopK top)
    {
        var rows = stackalloc float*[ItemIndex.BlockItems];
        var sums = stackalloc float[ItemIndex.BlockItems];
        var wanted = stackalloc int[ItemIndex.BlockItems];
        var count = 0;
        for (; candidates != 0; candidates &= candidates - 1)
        {
            var item = first + BitOperations.TrailingZeroCount(candidates);
            if ((filter is not null && !filter.Allows(item)) || exclude.Contains(item))
                continue;
            wanted[count] = item;
            rows[count++] = items.Vector(item);
        }

        if (count == 0)
            return;
        for (var i = count; i < ItemIndex.BlockItems; i++)
            rows[i] = rows[0];
        RowDots.Run(rows, count, h, items.Length, sums);
        for (var i = 0; i < count; i++)
            Offer(wanted[i], sums[i] + *items.Bias(wanted[i]), null, [], ref top);
    }

    private static void Offer(int item, float score, ItemFilter? filter, ReadOnlySpan<int> exclude, ref TopK top)
    {
        if (score >= top.Floor && (filter is null || filter.Allows(item)) && !exclude.Contains(item))
            top.Add(item, score);
    }
}
