namespace NextItem.Cli.Commands;

/// <summary>The files that a network's run has beside its data, which are read first: most that is wrong with a command is found without the events.</summary>
/// <param name="checkpoint">The run to go on with; null for a new one.</param>
/// <param name="old">The model to begin with, or null.</param>
/// <param name="teachers">The models to learn from.</param>
internal sealed class RunOrigin(Checkpoint? checkpoint, TrainedModel? old, TeacherModels teachers) : IDisposable
{
    /// <summary>The run to go on with; null for a new one.</summary>
    public Checkpoint? Checkpoint => checkpoint;

    /// <summary>The model to begin with, or null.</summary>
    public TrainedModel? Old => old;

    /// <summary>The models to learn from.</summary>
    public TeacherModels Teachers => teachers;

    /// <summary>Reads them.</summary>
    public static RunOrigin Load(TrainingRequest request, CheckpointKeeper checkpoints)
    {
        var checkpoint = checkpoints.Load();
        TrainedModel? old = null;
        try
        {
            old = WarmStart.Load(request.WarmStart, request.Algorithm);
            return new RunOrigin(checkpoint, old, TeacherModels.Load(request.Teachers));
        }
        catch
        {
            checkpoint?.Dispose();
            old?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        checkpoint?.Dispose();
        old?.Dispose();
        teachers.Dispose();
    }
}
