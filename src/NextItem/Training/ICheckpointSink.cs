namespace NextItem;

/// <summary>Keeps training runs, for instance in a file through <see cref="CheckpointFile"/>.</summary>
public interface ICheckpointSink
{
    /// <summary>Keeps the run as it is now. Training waits.</summary>
    /// <param name="checkpoint">A view of the running training: to be used before this returns, not after.</param>
    void Save(Checkpoint checkpoint);
}
