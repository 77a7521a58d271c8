using CsCheck;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Tests.Models;

public class StepWindowTests
{
    private const int Grain = 16;

    /// <summary>The window against a list of each session's events.</summary>
    [Fact]
    public void Advance_AnyBatches_HoldsEachSessionsLastEvents() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 70], Gen.Int[1, 4], Gen.Int[2, 9], Gen.Int).Sample((steps, lanes, members, oneIn, seed) =>
        {
            var random = new Random(seed);
            var window = new StepWindow(steps, lanes, members, Grain);
            var sessions = new List<int>[lanes];
            var rowBefore = new int[lanes];
            var live = lanes;
            for (var number = 0; number < 12; number++)
            {
                var removed = live > 1 && random.Next(3) == 0 ? random.Next(live) : -1;
                if (removed >= 0)
                    live--;
                var batch = new MiniBatch(lanes) { Lanes = live };
                var next = new List<int>[lanes];
                for (var lane = 0; lane < live; lane++)
                {
                    (batch.Inputs[lane], batch.Targets[lane]) = (random.Next(1000), random.Next(1000));
                    var source = removed >= 0 && lane >= removed ? lane + 1 : lane;
                    batch.ContinuesLane[lane] = number == 0 || random.Next(oneIn) == 0 ? MiniBatch.NewSession : source;
                    next[lane] = batch.ContinuesLane[lane] == MiniBatch.NewSession ? [batch.Inputs[lane]] : [.. sessions[source], batch.Inputs[lane]];
                }

                sessions = next;
                window.Advance(batch);
                Check(window, batch, sessions, rowBefore, members);
                for (var lane = 0; lane < live; lane++)
                    rowBefore[lane] = window.RowOf(lane);
            }
        });

    private static void Check(StepWindow window, MiniBatch batch, List<int>[] sessions, int[] rowBefore, int members)
    {
        Assert.Equal(batch.Lanes, window.Batch.Lanes);
        Assert.Equal(Enumerable.Range(0, batch.Lanes), Enumerable.Range(0, batch.Lanes).Select(window.LaneOf).Order());
        var taking = new List<(int Step, int Row)>();
        for (var row = 0; row < batch.Lanes; row++)
        {
            var lane = window.LaneOf(row);
            var session = sessions[lane];
            Assert.Equal(row, window.RowOf(lane));
            Assert.Equal(batch.Targets[lane], window.Batch.Targets[row]);
            var source = batch.ContinuesLane[lane];
            Assert.Equal(source == MiniBatch.NewSession ? source : rowBefore[source], window.Batch.ContinuesLane[row]);
            if (window.Steps > 1)
            {
                Assert.Equal(Math.Min(session.Count, window.Steps), window.LengthOf(row));
                Assert.Equal(session.Count > window.Steps, window.HasBase(row));
            }

            for (var step = 0; step < window.Steps; step++)
            {
                var age = window.Steps - 1 - step;
                if (age >= session.Count)
                    continue;
                taking.Add((step, row));
                Assert.Equal(session[^(age + 1)], window.ItemsOf(step)[row]);
            }
        }

        var byMembers = new List<(int, int)>();
        for (var step = 0; step < window.Steps; step++)
        {
            for (var member = 0; member < members; member++)
            {
                var (start, end) = window.RowsOf(step, member);
                Assert.Equal(WorkerTeam.Share(member, members, batch.Lanes, Grain).Start, start);
                byMembers.AddRange(Enumerable.Range(start, end - start).Select(row => (step, row)));
            }
        }

        Assert.Equal(taking.Order(), byMembers.Order());
        var bySegments = new List<(int, int)>();
        foreach (var (step, start, count) in window.Segments)
            bySegments.AddRange(Enumerable.Range(start, count).Select(row => (step, row)));
        Assert.Equal(taking.Order(), bySegments.Order());
        Assert.Equal(window.Steps - 1, window.Segments[0].Step);
    }
}
