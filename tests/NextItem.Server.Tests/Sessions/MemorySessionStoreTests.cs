using NextItem.Server.Sessions;

namespace NextItem.Server.Tests.Sessions;

/// <summary>Alone, for one of them counts the bytes of the whole process.</summary>
[CollectionDefinition(nameof(MemorySessionStoreTests), DisableParallelization = true)]
[Collection(nameof(MemorySessionStoreTests))]
public sealed class MemorySessionStoreTests
{
    private readonly Clock _clock = new();

    [Fact]
    public async Task Session_IdleForTooLong_IsForgotten()
    {
        var store = new MemorySessionStore(10, long.MaxValue, TimeSpan.FromMinutes(30), _clock);
        await Add(store, "a", "1");
        _clock.Pass(TimeSpan.FromMinutes(29));
        await Add(store, "a", "2");
        await Add(store, "b", "3");
        _clock.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(["1", "2"], (await Find(store, "a"))!.Items); // which is a use

        _clock.Pass(TimeSpan.FromMinutes(2));
        store.Sweep();

        Assert.Equal(1, store.Count);
        Assert.Null(await Find(store, "b"));
        _clock.Pass(TimeSpan.FromMinutes(31));
        await Add(store, "a", "4");
        Assert.Equal(["4"], (await Find(store, "a"))!.Items);
    }

    [Fact]
    public async Task Sessions_BeyondTheLimit_GoLeastRecentlyUsedFirst()
    {
        var store = new MemorySessionStore(3, long.MaxValue, TimeSpan.FromHours(1), _clock);
        foreach (var id in new[] { "a", "b", "c" })
            await Add(store, id, "1");
        await Find(store, "a");
        await Add(store, "d", "1");
        await Add(store, "e", "1");

        Assert.Equal(3, store.Count);
        foreach (var (id, isThere) in new[] { ("a", true), ("b", false), ("c", false), ("d", true), ("e", true) })
            Assert.True(await Find(store, id) is not null == isThere, id);
    }

    /// <summary>Long ids, which every client may send, fill no memory: sessions go that are fewer than may be kept.</summary>
    [Fact]
    public async Task Sessions_BeyondTheSize_GoLeastRecentlyUsedFirst()
    {
        var store = new MemorySessionStore(1_000, 1_000_000, TimeSpan.FromHours(1), _clock);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 300; i++)
        {
            for (var j = 0; j < 20; j++)
                await Add(store, $"s{i}", new string('x', 500));
            await Find(store, "s0");
        }

        Assert.InRange(store.Count!.Value, 40, 50); // 20 x (1,000 + 32) + 400 bytes each
        Assert.NotNull(await Find(store, "s0"));
        Assert.Null(await Find(store, "s200"));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 3_000_000); // 300 of them would be 6
        for (var i = 0; i < 300; i++)
            await store.DeleteAsync($"s{i}", TestContext.Current.CancellationToken);
        for (var i = 0; i < 500; i++)
            await Add(store, $"t{i}", "1");
        Assert.Equal(500, store.Count); // what went is counted no more

        await Add(store, "large", new string('x', 1_000_000));
        Assert.Equal(1, store.Count);
        Assert.NotNull(await Find(store, "large"));
    }

    [Fact]
    public async Task Session_BeingChanged_IsNotLetGo()
    {
        var store = new MemorySessionStore(1, long.MaxValue, TimeSpan.FromHours(1), _clock);
        var ct = TestContext.Current.CancellationToken;
        using var changing = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var slow = Task.Run(async () => await store.UpdateAsync("a", before => { changing.Set(); goOn.Wait(ct); return Append(before, "1"); }, ct), ct);
        changing.Wait(ct);
        await Add(store, "b", "1");
        await Add(store, "c", "1");
        goOn.Set();
        await slow;

        await Add(store, "a", "2");
        Assert.Equal(["1", "2"], (await Find(store, "a"))!.Items);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public async Task ChangesAtTheSameTime_AreAllKept()
    {
        var store = new MemorySessionStore(100, long.MaxValue, TimeSpan.FromHours(1), _clock);
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), TestContext.Current.CancellationToken, async (i, _) => await Add(store, $"s{i % 10}", $"{i}"));

        for (var session = 0; session < 10; session++)
            Assert.Equal(Enumerable.Range(0, 500).Select(i => (i * 10) + session), (await Find(store, $"s{session}"))!.Items.Select(int.Parse).Order());
    }

    [Fact]
    public async Task ChangeThatFails_LeavesTheSessionAsItWas()
    {
        var store = new MemorySessionStore(10, long.MaxValue, TimeSpan.FromHours(1), _clock);
        await Add(store, "a", "1");
        foreach (var id in new[] { "a", "b" })
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.UpdateAsync(id, _ => throw new InvalidOperationException(), TestContext.Current.CancellationToken));

        Assert.Equal(["1"], (await Find(store, "a"))!.Items);
        Assert.Null(await Find(store, "b"));
        await store.DeleteAsync("a", TestContext.Current.CancellationToken);
        await store.DeleteAsync("nobody", TestContext.Current.CancellationToken);
        Assert.Equal(0, store.Count);
    }

    private static SessionRecord Append(SessionRecord before, string item) => before with { Items = [.. before.Items, item], EventCount = before.EventCount + 1 };

    private static ValueTask<SessionRecord> Add(MemorySessionStore store, string id, string item) =>
        store.UpdateAsync(id, before => Append(before, item), TestContext.Current.CancellationToken);

    private static ValueTask<SessionRecord?> Find(MemorySessionStore store, string id) => store.FindAsync(id, TestContext.Current.CancellationToken);

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
