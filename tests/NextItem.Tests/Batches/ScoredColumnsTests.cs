using CsCheck;
using NextItem.Batches;

namespace NextItem.Tests.Batches;

public class ScoredColumnsTests
{
    [Fact]
    public void Build_AnyBatches_CountsAsTheDefinition() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 20], Gen.Int[0, 30], Gen.Int).Sample((items, lanes, negatives, seed) =>
        {
            var random = new Random(seed);
            var columns = new ScoredColumns(items, lanes, negatives);
            for (var step = 0; step < 3; step++) // reused: what the step before left must be forgotten
            {
                var batch = new MiniBatch(lanes) { Lanes = random.Next(1, lanes + 1) };
                for (var lane = 0; lane < lanes; lane++)
                    (batch.Inputs[lane], batch.Targets[lane]) = (random.Next(items), random.Next(items));
                var drawn = Enumerable.Range(0, negatives).Select(_ => random.Next(items)).ToArray();
                columns.Build(batch, drawn);
                Check(columns, batch.Inputs[..batch.Lanes], batch.Targets[..batch.Lanes], drawn);
            }
        });

    /// <summary>Inputs of earlier steps share slots with the current ones, and are scored columns where they are.</summary>
    [Fact]
    public void AddInputs_EarlierSteps_OneSlotAnItem() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 20], Gen.Bool, Gen.Int).Sample((items, lanes, shared, seed) =>
        {
            const int Steps = 4;
            var random = new Random(seed);
            var columns = new ScoredColumns(items, lanes, 5, shared, Steps);
            for (var step = 0; step < 3; step++)
            {
                var batch = new MiniBatch(lanes) { Lanes = random.Next(1, lanes + 1) };
                for (var lane = 0; lane < lanes; lane++)
                    (batch.Inputs[lane], batch.Targets[lane]) = (random.Next(items), random.Next(items));
                columns.Build(batch, [random.Next(items)]);
                var all = batch.Inputs[..batch.Lanes].ToList();
                for (var earlier = 1; earlier < Steps; earlier++)
                {
                    var inputs = Enumerable.Range(0, batch.Lanes).Select(_ => random.Next(items)).ToArray();
                    var slots = new int[inputs.Length];
                    columns.AddInputs(inputs, slots);
                    Assert.Equal(inputs, slots.Select(slot => columns.InputItems[slot]));
                    all.AddRange(inputs);
                }

                Assert.Equal(all.Distinct(), columns.InputItems[..columns.InputCount]);
                for (var column = 0; column < columns.Count; column++)
                {
                    var slot = columns.InputSlot[column];
                    Assert.Equal(shared && all.Contains(columns.Items[column]), slot != ScoredColumns.None);
                    Assert.True(slot == ScoredColumns.None || columns.InputItems[slot] == columns.Items[column]);
                }

                for (var slot = 0; slot < columns.InputCount; slot++)
                    Assert.Equal(shared && columns.Items.AsSpan(0, columns.Count).Contains(columns.InputItems[slot]), columns.InputIsScored[slot]);
            }
        });

    private static void Check(ScoredColumns columns, int[] inputs, int[] targets, int[] drawn)
    {
        int[] scored = [.. targets.Concat(drawn).Distinct()];
        Assert.Equal((scored.Length, targets.Length, drawn.Length), (columns.Count, columns.Lanes, columns.Drawn));
        Assert.Equal(scored, columns.Items[..columns.Count]);
        for (var column = 0; column < columns.Count; column++)
        {
            var item = columns.Items[column];
            Assert.Equal(targets.Count(target => target == item), columns.TargetCount[column]);
            Assert.Equal(drawn.Count(negative => negative == item), columns.DrawnCount[column]);
            var slot = columns.InputSlot[column];
            Assert.Equal(inputs.Contains(item), slot != ScoredColumns.None);
            if (slot != ScoredColumns.None)
                Assert.Equal(item, columns.InputItems[slot]);
        }

        for (var lane = 0; lane < targets.Length; lane++)
        {
            Assert.Equal(targets[lane], columns.Items[columns.TargetColumn[lane]]);
            Assert.Equal(inputs[lane], columns.InputItems[columns.SlotOfLane[lane]]);
        }

        Assert.Equal(inputs.Distinct(), columns.InputItems[..columns.InputCount]);
        for (var slot = 0; slot < columns.InputCount; slot++)
            Assert.Equal(scored.Contains(columns.InputItems[slot]), columns.InputIsScored[slot]);
    }
}
