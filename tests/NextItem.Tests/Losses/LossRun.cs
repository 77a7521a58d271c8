using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;

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

        var targetScores = arena.Allocate(1, capacity);
        for (var lane = 0; lane < targets.Length; lane++)
            targetScores.Row(0)[lane] = logits.Row(columns.TargetColumn[lane])[lane];
        var statistics = arena.Allocate(ranges * TLoss.StatisticsPerLane, capacity);
        var parts = new LossRange[ranges];
        for (var range = 0; range < ranges; range++)
        {
            var (start, end) = WorkerTeam.Share(range, ranges, columns.Count);
            parts[range] = new LossRange(start, end, logits, targetScores, statistics, ranges, range, arena.Allocate(TLoss.FinalsPerLane, capacity));
            loss.Reduce(columns, parts[range]);
        }

        foreach (var part in loss.HasSecondPass ? parts : [])
            loss.ReduceAgain(columns, part);

        var losses = new double[ranges];
        for (var range = 0; range < ranges; range++)
        {
            losses[range] = loss.Combine(columns, parts[range]);

            // As the step does: a block of columns after the other.
            for (var start = parts[range].Start; start < parts[range].End; start += 3)
                loss.Gradient(columns, parts[range], start, Math.Min(start + 3, parts[range].End), scale);
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

    /// <summary>The same for the loss that the options name; no activation is applied.</summary>
    public static (double[] Losses, double[][] Gradient) Run(
        Gru4RecOptions o, int[] support, double[][] itemScores, int[] targets, int[] drawn, int ranges, int capacity = 0)
    {
        var form = new PairwiseForm(o.Loss, o.MaskTargets, o.SigmoidCalibration, support.Length);
        return o.Loss switch
        {
            Loss.CrossEntropy when o.TopSamples > 0 => Go(new TopCrossEntropy(StepChoice.CrossEntropyOf(o, support), o.TopSamples)),
            Loss.CrossEntropy => Go(StepChoice.CrossEntropyOf(o, support)),
            Loss.BprMax => Go(new MaxLoss<WonTerm>(logarithm: true, o.ScoreRegularisation, o.MaskTargets)),
            Loss.Top1Max => Go(new MaxLoss<Top1Term>(logarithm: false, regularisation: 0, o.MaskTargets)),
            Loss.Bpr or Loss.BprSum => Go(new PairwiseLoss<BprTerm>(form)),
            Loss.Top1 or Loss.Top1PyGru4Rec => Go(new PairwiseLoss<Top1Term>(form)),
            _ => Go(new PairwiseLoss<SigmoidTerm>(form)),
        };

        (double[], double[][]) Go<TLoss>(TLoss loss)
            where TLoss : struct, ILoss => Run(loss, itemScores, targets, drawn, ranges, capacity: capacity);
    }
}
