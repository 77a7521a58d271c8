using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;

namespace NextItem.Tests.Losses;

/// <summary>Runs a loss as the training step does: ranges of columns, each reduced, combined and turned into its gradient.</summary>
internal static unsafe class LossRun
{
    /// <param name="loss">The loss.</param>
    /// <param name="itemScores">[B][I] score of every item.</param>
    /// <param name="targets">[B] target item indices.</param>
    /// <param name="drawn">[N] drawn item indices.</param>
    /// <param name="ranges">Into how many ranges the columns are split.</param>
    /// <param name="scale">What the gradient is multiplied with.</param>
    /// <param name="capacity">Lanes that the matrices are allocated for; 0: as many as there are.</param>
    /// <returns>The loss as every range computes it, and the gradient [B][I] by item.</returns>
    public static (double[] Losses, double[][] Gradient) Run<TLoss>(
        TLoss loss, double[][] itemScores, int[] targets, int[] drawn, int ranges, float scale = 1, int capacity = 0)
        where TLoss : struct, ILoss
    {
        capacity = Math.Max(capacity, targets.Length);
        var items = itemScores[0].Length;
        var batch = new MiniBatch(capacity) { Lanes = targets.Length };
        targets.CopyTo(batch.Targets, 0);
        var columns = new ScoredColumns(items, capacity, drawn.Length);
        columns.Build(batch, drawn);

        using var arena = new Arena();
        var logits = arena.Allocate(columns.Count, capacity);
        for (var column = 0; column < columns.Count; column++)
        {
            for (var lane = 0; lane < targets.Length; lane++)
                logits.Row(column)[lane] = (float)itemScores[lane][columns.Items[column]];
        }

        var statistics = arena.Allocate(ranges * TLoss.StatisticsPerLane, capacity);
        for (var range = 0; range < ranges; range++)
        {
            var (start, end) = WorkerTeam.Share(range, ranges, columns.Count);
            loss.Reduce(columns, start, end, logits, statistics.Slice(range * TLoss.StatisticsPerLane, TLoss.StatisticsPerLane));
        }

        var losses = new double[ranges];
        for (var range = 0; range < ranges; range++)
        {
            var (start, end) = WorkerTeam.Share(range, ranges, columns.Count);
            var finals = arena.Allocate(TLoss.FinalsPerLane, capacity);
            losses[range] = loss.Combine(columns, statistics, ranges, range, finals);
            loss.Gradient(columns, start, end, logits, finals, scale);
        }

        var gradient = Array.ConvertAll(itemScores, _ => new double[items]);
        for (var column = 0; column < columns.Count; column++)
        {
            for (var lane = 0; lane < targets.Length; lane++)
                gradient[lane][columns.Items[column]] = logits.Row(column)[lane];
            for (var padding = targets.Length; padding < logits.Stride; padding++)
                Assert.Equal(0f, logits.Row(column)[padding]);
        }

        return (losses, gradient);
    }
}
