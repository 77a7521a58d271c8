namespace NextItem.Tests.Evaluation;

/// <summary>A model whose scores are written down: the same for every session; an item that is not listed is unscored.</summary>
internal sealed class ListModel(ItemCatalog catalog, params (char Item, float Score)[] scores) : ISessionModel
{
    public string Algorithm => "list";

    public ItemCatalog Catalog => catalog;

    public SessionLanes Open(int lanes) => new Lanes(catalog, lanes, [.. scores.Select(score => new ScoredItem(catalog.IndexOf([score.Item]), score.Score))]);

    private sealed class Lanes(ItemCatalog catalog, int lanes, ScoredItem[] scores) : SessionLanes(catalog, lanes)
    {
        protected override void ResetCore(int lane)
        {
        }

        protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
        {
        }

        protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
        {
            for (var lane = 0; lane < Count; lane++)
            {
                var target = targets[lane];
                var place = Array.FindIndex(scores, item => item.ItemIndex == target);
                ranks[lane] = target < 0 || place < 0
                    ? TargetRank.Unscored
                    : new TargetRank(scores.Count(item => item.Score > scores[place].Score), scores.Count(item => item.Score == scores[place].Score) - 1);
            }
        }

        protected override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best) => throw new NotSupportedException();

        protected override byte[] SaveCore(int lane) => throw new NotSupportedException();

        protected override void LoadCore(int lane, ReadOnlySpan<byte> state) => throw new NotSupportedException();
    }
}
