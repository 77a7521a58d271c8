using NextItem.Models.Prnn;

namespace NextItem.Tests.Models.Prnn;

public class PrnnScheduleTests
{
    [Theory]
    [InlineData("Simultaneous", 4)]
    [InlineData("Alternating", 12)]
    [InlineData("Residual", 12)]
    [InlineData("Interleaving", 4)]
    public void PassesOf_AllEpochs_UpdateEverySubnetAsOften(string strategy, int epochs)
    {
        var schedule = new PrnnSchedule(Enum.Parse<TrainingStrategy>(strategy), 3, epochsOfSubnet: 4);
        Assert.Equal(epochs, schedule.Epochs);
        var updates = new int[3];
        for (var epoch = 1; epoch <= schedule.Epochs; epoch++)
        {
            foreach (var pass in schedule.PassesOf(epoch))
            {
                Assert.Equal(0u, pass.Active & ~pass.Included);
                for (var k = 0; k < 3; k++)
                    updates[k] += pass.Trains(k) ? 1 : 0;
            }
        }

        Assert.All(updates, count => Assert.Equal(4, count));
    }

    [Fact]
    public void PassesOf_EachStrategy_IncludesAndTrainsWhatItsDefinitionSays()
    {
        Assert.Equal([new PrnnPass(7, 7)], new PrnnSchedule(TrainingStrategy.Simultaneous, 3, 2).PassesOf(1));
        var alternating = new PrnnSchedule(TrainingStrategy.Alternating, 3, 2);
        Assert.Equal([new PrnnPass(7, 1)], alternating.PassesOf(1));
        Assert.Equal([new PrnnPass(7, 2)], alternating.PassesOf(2));
        Assert.Equal([new PrnnPass(7, 1)], alternating.PassesOf(4));
        var residual = new PrnnSchedule(TrainingStrategy.Residual, 3, 2);
        Assert.Equal([new PrnnPass(1, 1)], residual.PassesOf(2));
        Assert.Equal([new PrnnPass(3, 2, TrainsOutput: false)], residual.PassesOf(3));
        Assert.Equal([new PrnnPass(7, 4, TrainsOutput: true)], (residual with { GoesOnWithOutput = true }).PassesOf(6));
        var interleaving = new PrnnSchedule(TrainingStrategy.Interleaving, 2, 2);
        Assert.Equal([new PrnnPass(1, 1, FrozenAside: true), new PrnnPass(3, 2, FrozenAside: true)], interleaving.PassesOf(2));
        Assert.Equal([new PrnnPass(3, 1, FrozenAside: true), new PrnnPass(3, 2, FrozenAside: true)], (interleaving with { SumsAll = true }).PassesOf(2));
    }
}
