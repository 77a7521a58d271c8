using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Storage;

namespace NextItem.Server.Orleans.Grains;

/// <summary>Keeps a session: in memory while it is used, and in the cluster's place, where every change is written before it is acknowledged.</summary>
/// <remarks>
/// What is in memory is only a copy. Where another server of a cluster that fell apart believed to have the same session and wrote it, the place
/// refuses ours, and what it has is read again.
/// </remarks>
/// <param name="storage">The cluster's place.</param>
/// <param name="place">How it forgets.</param>
/// <param name="time">The clock.</param>
[PreferLocalPlacement]
internal sealed class SessionGrain([FromKeyedServices(SessionPlace.Name)] IGrainStorage storage, SessionPlace place, TimeProvider time) : Grain, ISessionGrain
{
    /// <summary>What is stored is called so.</summary>
    private const string StateName = "session";

    /// <summary>Others wrote the session so many times between our reading and writing it: something is wrong.</summary>
    private const int MostTries = 10;

    private GrainState<KeptSession>? _kept;
    private long _lastUse;

    /// <inheritdoc/>
    public ValueTask<SessionReply> ReadAsync() => Answer(async () =>
    {
        var kept = await LoadAsync();
        if (!kept.RecordExists)
            return new SessionReply(true);
        place.Touch(this.GetGrainId());
        return new SessionReply(true, kept.State!.Session, kept.State!.Stamp);
    });

    /// <inheritdoc/>
    public ValueTask<SessionReply> ReplaceAsync(string? expected, string stamp, byte[] session) => Answer(async () =>
    {
        var kept = await LoadAsync();
        var current = kept.RecordExists ? kept.State!.Stamp : null;
        if (current == stamp)
            return new SessionReply(true);
        if (current != expected)
            return new SessionReply(false);
        var next = new GrainState<KeptSession>(new KeptSession { Stamp = stamp, Session = session }, kept.ETag) { RecordExists = kept.RecordExists };
        _kept = null; // until it is known to be written
        await storage.WriteStateAsync(StateName, this.GetGrainId(), next);
        _kept = next;
        return new SessionReply(true);
    });

    /// <inheritdoc/>
    public ValueTask<SessionReply> DeleteAsync() => Answer(async () =>
    {
        await LoadAsync();
        await ForgetAsync();
        return new SessionReply(true);
    });

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Memory forgets nothing by itself, and a session is let go here when its time is over.
        if (place.Redis is null && reason.ReasonCode == DeactivationReasonCode.ActivationIdle)
            await ForgetAsync();
    }

    /// <summary>Does it again where somebody else wrote the session, and tells of a place that does not answer.</summary>
    private async ValueTask<SessionReply> Answer(Func<ValueTask<SessionReply>> act)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await act();
            }
            catch (InconsistentStateException) when (tries < MostTries)
            {
                _kept = null;
            }
            catch (Exception e)
            {
                _kept = null;
                return new SessionReply(false, Fault: e.Message);
            }
        }
    }

    /// <summary>The session; its copy in memory where there is one and its time is not over.</summary>
    private async ValueTask<GrainState<KeptSession>> LoadAsync()
    {
        if (_kept is not null && time.GetElapsedTime(_lastUse) > place.Idle)
            await ForgetAsync();
        if (_kept is null)
        {
            var kept = new GrainState<KeptSession>(new KeptSession());
            await storage.ReadStateAsync(StateName, this.GetGrainId(), kept);
            _kept = kept;
        }

        _lastUse = time.GetTimestamp();
        return _kept;
    }

    private async ValueTask ForgetAsync()
    {
        var kept = _kept;
        _kept = null;
        if (kept is { RecordExists: true })
            await storage.ClearStateAsync(StateName, this.GetGrainId(), kept);
    }
}
