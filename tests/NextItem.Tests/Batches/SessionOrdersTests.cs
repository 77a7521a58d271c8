using NextItem.Batches;

namespace NextItem.Tests.Batches;

public class SessionOrdersTests
{
    [Fact]
    public void Shuffle_ManyEpochs_EverySessionAtEveryPlaceEquallyOften()
    {
        const int Sessions = 6, Epochs = 30_000;
        var counts = new int[Sessions * Sessions];
        var order = new int[Sessions];
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            SessionOrders.Shuffle(order, seed: 5, epoch);
            for (var place = 0; place < Sessions; place++)
                counts[(place * Sessions) + order[place]]++;
        }

        // Rows and columns have fixed sums: 25 degrees of freedom.
        const double Expected = (double)Epochs / Sessions;
        var chiSquare = counts.Sum(count => Math.Pow(count - Expected, 2) / Expected);
        Assert.InRange(chiSquare, 0, 25 + (5 * Math.Sqrt(50)));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(100)]
    public void Shuffle_AnyLength_HoldsEverySessionOnce(int count)
    {
        var order = new int[count];
        SessionOrders.Shuffle(order, seed: 1, epoch: 1);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Shuffle_SameSeedAndEpoch_GivesTheSameOrder()
    {
        int[] a = new int[50], b = new int[50];
        SessionOrders.Shuffle(a, seed: 1, epoch: 2);
        SessionOrders.Shuffle(b, seed: 1, epoch: 3);
        Assert.NotEqual(a, b);
        SessionOrders.Shuffle(b, seed: 2, epoch: 2);
        Assert.NotEqual(a, b);
        SessionOrders.Shuffle(b, seed: 1, epoch: 2); // what stood in the array does not matter
        Assert.Equal(a, b);
    }

    [Fact]
    public void Of_EachOrder_IsByTimeOrAsInTheFile()
    {
        var sessions = SessionSet.From(
        [
            new SessionEvent("x", "a", 30), new SessionEvent("x", "b", 31),
            new SessionEvent("y", "a", 10), new SessionEvent("y", "b", 40),
            new SessionEvent("z", "a", 20), new SessionEvent("z", "b", 21),
            new SessionEvent("w", "a", 10), new SessionEvent("w", "b", 11), // begins with y: equal starts keep their order
        ]);
        Assert.Equal([1, 3, 2, 0], SessionOrders.Of(sessions, SessionOrder.ByTime));
        Assert.Equal([0, 1, 2, 3], SessionOrders.Of(sessions, SessionOrder.File));
    }
}
