using System.Reflection;
using NextItem.Server.Orleans.Grains;
using NextItem.Server.Orleans.Sessions;
using NextItem.Server.Sessions;

namespace NextItem.Server.Orleans.Tests.Sessions;

/// <summary>What a server does when a session's grain does not answer, with grains that fail as they are told.</summary>
public sealed class GrainSessionStoreTests : IAsyncDisposable
{
    private readonly Dictionary<string, FakeGrain> _grains = [];
    private readonly GrainSessionStore _store;

    public GrainSessionStoreTests() =>
        _store = new GrainSessionStore(
            key => _grains.TryGetValue(key, out var grain) ? grain : _grains[key] = new FakeGrain(), DispatchProxy.Create<ISiloStatusOracle, ActiveSilo>(), redis: null, new HurriedClock());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>The server that had the session dies after it wrote: the change is sent again, and was made already.</summary>
    [Fact]
    public async Task Change_WhoseAnswerIsLost_IsMadeOnce()
    {
        await Add("s", "a");
        _grains["s"].LoseAnswers = 2;

        await Add("s", "b");
        await Add("s", "c");

        Assert.Equal(["a", "b", "c"], (await _store.FindAsync("s", Cancelled))!.Items);
    }

    /// <summary>Nobody can tell whether it was made: it is neither acknowledged nor made a second time.</summary>
    [Fact]
    public async Task Change_WhoseAnswerIsLost_AndThatAnotherFollowed_IsNotMadeAgain()
    {
        await Add("s", "a");
        _grains["s"].LoseAnswers = 1;
        _grains["s"].AfterWrite = grain => grain.Write("other", SessionBytes.Of(SessionRecord.Empty with { Items = ["a", "b", "x"], EventCount = 3 }));

        var told = await Assert.ThrowsAsync<SessionStoreException>(() => Add("s", "b"));

        Assert.Contains("whether the change was kept is not known", told.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "x"], (await _store.FindAsync("s", Cancelled))!.Items);
    }

    [Fact]
    public async Task Change_ThatAnotherOvertook_IsMadeOfWhatTheSessionHasBecome()
    {
        await Add("s", "a");
        var isFirst = true;

        var after = await _store.UpdateAsync(
            "s",
            before =>
            {
                if (isFirst)
                    _grains["s"].Write("other", SessionBytes.Of(before with { Items = [.. before.Items, "x"] }));
                isFirst = false;
                return before with { Items = [.. before.Items, "b"] };
            },
            Cancelled);

        Assert.Equal(["a", "x", "b"], after.Items);
    }

    [Fact]
    public async Task Session_ThatAnswersNobody_IsAskedUntilPatienceEnds()
    {
        await Add("s", "a");
        _grains["s"].Refusals = 20;
        Assert.Equal(["a"], (await _store.FindAsync("s", Cancelled))!.Items);

        _grains["s"].Refusals = int.MaxValue;
        var told = await Assert.ThrowsAsync<SessionStoreException>(async () => await _store.FindAsync("s", Cancelled));
        Assert.Contains("does not answer; nothing was acknowledged", told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SessionStoreException>(async () => await _store.DeleteAsync("s", Cancelled));
    }

    [Fact]
    public async Task Keys_TellAllIdsApart()
    {
        string[] ids = ["a/b", "a%2Fb", "a b", "a+b", "ü", "u\u0308", "A"];
        foreach (var id in ids)
            await Add(id, id);

        Assert.Equal(ids.Length, _grains.Count);
        Assert.All(_grains.Keys, key => Assert.All(key, letter => Assert.True(char.IsAscii(letter) && letter is not ('/' or ' '), key)));
        foreach (var id in ids)
            Assert.Equal([id], (await _store.FindAsync(id, Cancelled))!.Items);
    }

    private async Task Add(string id, string item) =>
        await _store.UpdateAsync(id, before => before with { Items = [.. before.Items, item], EventCount = before.EventCount + 1 }, Cancelled);

    /// <summary>A grain without a cluster.</summary>
    private sealed class FakeGrain : ISessionGrain
    {
        private string? _stamp;
        private byte[]? _session;

        /// <summary>Writes that shall be made and not be answered.</summary>
        public int LoseAnswers { get; set; }

        /// <summary>Requests that shall not arrive.</summary>
        public int Refusals { get; set; }

        /// <summary>What others do after the next write.</summary>
        public Action<FakeGrain>? AfterWrite { get; set; }

        public void Write(string stamp, byte[] session) => (_stamp, _session) = (stamp, session);

        public ValueTask<SessionReply> ReadAsync()
        {
            Arrive();
            return new(new SessionReply(true, _session, _stamp));
        }

        public ValueTask<SessionReply> ReplaceAsync(string? expected, string stamp, byte[] session)
        {
            Arrive();
            if (stamp == _stamp)
                return Answered(true);
            if (expected != _stamp)
                return Answered(false);
            Write(stamp, session);
            AfterWrite?.Invoke(this);
            AfterWrite = null;
            return Answered(true);
        }

        public ValueTask<SessionReply> DeleteAsync()
        {
            Arrive();
            (_stamp, _session) = (null, null);
            return Answered(true);
        }

        private void Arrive()
        {
            if (Refusals > 0 && Refusals-- > 0)
                throw new SiloUnavailableException("The silo is gone.");
        }

        private ValueTask<SessionReply> Answered(bool isDone) =>
            LoseAnswers > 0 && LoseAnswers-- > 0 ? throw new TimeoutException("The answer did not come.") : new(new SessionReply(isDone));
    }

    /// <summary>A clock on which whoever waits is there at once.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ticks += dueTime.Ticks;
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}

/// <summary>A member of a cluster that is well.</summary>
public class ActiveSilo : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_CurrentStatus" => SiloStatus.Active,
        _ => throw new NotSupportedException(targetMethod.Name),
    };
}
