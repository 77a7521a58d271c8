using CsCheck;
using NextItem.Batches;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Batches;

public class SessionParallelBatcherTests
{
    /// <summary>Random sets: sessions of 0 or 1 event too, fewer sessions than lanes, none at all; in any order.</summary>
    [Fact]
    public void MoveNext_AnySessionsAndLanes_YieldsEveryPairOnceAndCarriesStatesRightly() =>
        Gen.Select(Gen.Int[1, 7].Array[0, 30], Gen.Int[1, 40], Gen.Int).Sample((lengths, lanes, seed) =>
        {
            // Every event is an item of its own, so that a pair tells its session and its position.
            var events = lengths.SelectMany((length, session) => Enumerable.Range(0, length).Select(i => new SessionEvent($"{session}", $"{session}.{i}", i)));
            var sessions = SessionSet.From(events);
            var place = new (int Session, int Position)[sessions.EventCount];
            for (var session = 0; session < sessions.Count; session++)
            {
                for (var i = 0; i < sessions.ItemsOf(session).Length; i++)
                    place[sessions.ItemsOf(session)[i]] = (session, i);
            }

            var order = Enumerable.Range(0, sessions.Count).ToArray();
            new Random(seed).Shuffle(order);
            var batcher = new SessionParallelBatcher(sessions, lanes);
            var batch = new MiniBatch(lanes);
            for (var pass = 0; pass < 2; pass++)
            {
                var found = new List<(int Session, int Position, int Input, int Target)>();
                var started = new List<int>();
                (int Session, int Position)[] before = [];
                batcher.Start(order);
                while (batcher.MoveNext(batch))
                {
                    Assert.InRange(batch.Lanes, 1, lanes);
                    var now = new (int Session, int Position)[batch.Lanes];
                    for (var lane = 0; lane < batch.Lanes; lane++)
                    {
                        now[lane] = place[batch.Inputs[lane]];
                        found.Add((now[lane].Session, now[lane].Position, batch.Inputs[lane], batch.Targets[lane]));
                        var source = batch.ContinuesLane[lane];
                        if (source == MiniBatch.NewSession)
                        {
                            Assert.Equal(0, now[lane].Position);
                            started.Add(now[lane].Session);
                            continue;
                        }

                        // It goes on with the session of the lane it names, one event further; that lane is not below its own.
                        Assert.InRange(source, lane, before.Length - 1);
                        Assert.Equal((before[source].Session, before[source].Position + 1), now[lane]);
                    }

                    Assert.True(before.Length == 0 || now.Length <= before.Length, "lanes may only be removed");
                    before = now;
                }

                Assert.Equal(ByDefinition.Pairs(sessions), found.Order());
                Assert.Equal(found.Count, SessionParallelBatcher.PairCount(sessions));
                Assert.Equal(order.Where(session => sessions.ItemsOf(session).Length > 1), started);
                Assert.False(batcher.MoveNext(batch));
                Assert.Equal(0, batch.Lanes);
            }
        });

    /// <summary>
    /// By hand, two lanes, sessions 0 = a b, 1 = a b c d, 2 = c d.
    /// Mini-batch 1: both lanes start: states of both are zero.
    /// Mini-batch 2: session 0 has ended, so lane 0 takes session 2 and its state is reset; lane 1 carries its own.
    /// Mini-batch 3: session 2 has ended and none is left, so lane 0 is removed; session 1 moves down to lane 0 and carries
    /// the state of lane 1.
    /// </summary>
    [Fact]
    public void MoveNext_ThreeSessionsOnTwoLanes_ResetsCarriesAndRemovesAsByHand()
    {
        var sessions = Generated.Words("ab abcd cd");
        var batcher = new SessionParallelBatcher(sessions, 2);
        var batch = new MiniBatch(2);
        batcher.Start(sessions.OrderByStartTime());
        Assert.Equal("a>b new, a>b new", Next());
        Assert.Equal("c>d new, b>c from 1", Next());
        Assert.Equal("c>d from 1", Next());
        Assert.Equal("end", Next());

        string Next()
        {
            if (!batcher.MoveNext(batch))
                return "end";
            return string.Join(", ", Enumerable.Range(0, batch.Lanes).Select(lane =>
                $"{sessions.Catalog.KeyOf(batch.Inputs[lane])}>{sessions.Catalog.KeyOf(batch.Targets[lane])} "
                + (batch.ContinuesLane[lane] == MiniBatch.NewSession ? "new" : $"from {batch.ContinuesLane[lane]}")));
        }
    }

    [Theory, InlineData(0), InlineData(-3)]
    public void Constructor_NoLanes_Throws(int lanes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionParallelBatcher(Generated.Words("ab"), lanes));
}
