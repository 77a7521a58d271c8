namespace NextItem.Tests.Training;

/// <summary>
/// Stops a run when it first looks at the clock: its parameters are made and its first mini-batch is not. A token that is cancelled
/// before stops it while the parameters are made, and leaves nothing.
/// </summary>
internal sealed class StoppingClock(CancellationTokenSource source) : TimeProvider
{
    public override long GetTimestamp()
    {
        source.Cancel();
        return 0;
    }
}
