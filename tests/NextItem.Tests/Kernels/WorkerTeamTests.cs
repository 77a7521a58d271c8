using CsCheck;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public class WorkerTeamTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Run_ManyRounds_ReturnsOnlyAfterEveryMemberRanOnce(int members)
    {
        using var team = new WorkerTeam(members);
        var rounds = new int[members];
        for (var round = 1; round <= 5_000; round++)
        {
            team.Run(member => Volatile.Write(ref rounds[member], Volatile.Read(ref rounds[member]) + 1));
            for (var member = 0; member < members; member++)
                Assert.Equal(round, Volatile.Read(ref rounds[member]));
        }
    }

    [Theory, InlineData(2), InlineData(4)]
    public void Run_UnevenWorkThatParksMembers_ReturnsOnlyAfterEveryMemberRanOnce(int members)
    {
        using var team = new WorkerTeam(members);
        var done = new long[members];
        for (var round = 0; round < 300; round++)
        {
            var slow = round % members;
            team.Run(member =>
            {
                if (member == slow)
                    Thread.Sleep(1); // longer than the others spin
                done[member]++;
            });
            Assert.All(done, count => Assert.Equal(round + 1, count));
            if (round % 50 == 0)
                Thread.Sleep(3); // all members park
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void Run_OneMemberThrows_TheOthersFinishAndTheTeamGoesOn(int thrower)
    {
        using var team = new WorkerTeam(3);
        var done = new int[3];
        var thrown = Assert.Throws<AggregateException>(() => team.Run(member =>
        {
            if (member == thrower)
                throw new InvalidOperationException($"member {member}");
            done[member]++;
        }));
        Assert.Equal($"member {thrower}", Assert.IsType<InvalidOperationException>(thrown.InnerException).Message);
        team.Run(member => done[member]++);
        for (var member = 0; member < 3; member++)
            Assert.Equal(member == thrower ? 1 : 2, done[member]);
    }

    [Fact]
    public void Constructor_NoMembers_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(0));

    [Fact]
    public void Dispose_NeverRun_EndsTheThreads()
    {
        var team = new WorkerTeam(4);
        team.Dispose();
        Assert.Equal(4, team.Members);
    }

    [Fact]
    public void Share_AnyCount_CoversEverythingOnceInWholeGrains() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 300], Gen.Int[1, 33]).Sample((members, count, grain) =>
        {
            var next = 0;
            for (var member = 0; member < members; member++)
            {
                var (start, end) = WorkerTeam.Share(member, members, count, grain);
                Assert.Equal(next, start);
                Assert.True(end >= start);
                Assert.True(start % grain == 0 || start == count);
                next = end;
            }

            Assert.Equal(count, next);
        });

    [Fact]
    public void ShareOfLeastLoaded_AnyCount_IsOnePartForEachOfThoseWithTheFewest() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 300], Gen.Int[1, 33]).Sample((members, count, grain) =>
        {
            var loads = Enumerable.Range(0, members).Select(member => WorkerTeam.Share(member, members, count, grain)).Select(share => share.End - share.Start).ToArray();
            var parts = new List<int>();
            for (var member = 0; member < members; member++)
            {
                var (part, of) = WorkerTeam.ShareOfLeastLoaded(member, members, count, grain);
                Assert.Equal(loads[member] == loads.Min(), of > 0);
                if (of == 0)
                    continue;
                Assert.Equal(loads.Count(load => load == loads.Min()), of);
                parts.Add(part);
            }

            Assert.Equal(Enumerable.Range(0, parts.Count), parts);
        });

    [Fact]
    public void Share_LargestCount_DoesNotOverflow()
    {
        var (start, end) = WorkerTeam.Share(7, 8, int.MaxValue - 1);
        Assert.Equal(int.MaxValue - 1, end);
        Assert.Equal((int)((int.MaxValue - 1) * 7L / 8), start);
    }
}
