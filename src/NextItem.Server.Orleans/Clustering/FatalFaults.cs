namespace NextItem.Server.Orleans.Clustering;

/// <summary>What ends a member of a cluster: the others took it for dead, most of all. The program is told, and ends in its own manner.</summary>
internal sealed class FatalFaults : IFatalErrorHandler
{
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first one, in words.</summary>
    public Task<string> First => _first.Task;

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => exception is not (ObjectDisposedException or OperationCanceledException);

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception) => _first.TrySetResult(
        "The server is no member of its cluster any more: it did not answer the others for some seconds, and they go on with its sessions (the log has more). It has to be started again.");
}
