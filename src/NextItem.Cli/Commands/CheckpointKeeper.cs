using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>
/// <c>train --checkpoint</c> and <c>--resume</c>: the run in a file, written aside and renamed. Unless a file was asked for by name
/// it is beside the model, and gone when the model is there.
/// </summary>
internal sealed class CheckpointKeeper(Terminal terminal, TrainingRequest request) : ICheckpointSink
{
    private readonly FileInfo _file = request.Checkpoint ?? new FileInfo(request.Out + ".checkpoint");

    /// <summary>A model that goes to a device, such as /dev/null, has no place beside it for a checkpoint.</summary>
    private readonly bool _isNowhere = request.Checkpoint is null && AtomicFile.IsDevice(request.Out.FullName);
    private bool _failed;

    /// <summary>Finished epochs in the file, or -1 when it holds nothing of this run.</summary>
    public int Epochs { get; private set; } = -1;

    /// <summary>The file, as it was named.</summary>
    public string Name => _file.ToString();

    /// <summary>Fails before the work when the file could not be written.</summary>
    public void RequireWritable(params FileInfo?[] others)
    {
        if (!_isNowhere)
            Files.RequireWritable("--checkpoint", _file, others);
    }

    /// <summary>The run to go on from, or null when none is asked for.</summary>
    /// <exception cref="RunException">There is no such file, or it is no checkpoint.</exception>
    public Checkpoint? Load()
    {
        _file.Refresh();
        if (!request.Resume)
        {
            if (_file.Exists)
                terminal.Errors.WriteLine($"nextitem: note: {_file} holds a run that was stopped; this new one replaces it. --resume would have gone on with it.");
            return null;
        }

        if (!_file.Exists)
            throw new RunException($"{_file} does not exist; --resume expects the checkpoint of a run that was stopped. --checkpoint names another file.");
        var checkpoint = Files.LoadCheckpoint(_file);
        Epochs = checkpoint.Epochs.Length;
        return checkpoint;
    }

    /// <inheritdoc/>
    public void Save(Checkpoint checkpoint)
    {
        if (_isNowhere)
            return;
        try
        {
            AtomicFile.Write(_file.FullName, stream => CheckpointFile.Save(stream, checkpoint));
            Epochs = checkpoint.Epochs.Length;
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full for a while is no reason to throw hours of training away.
            if (!_failed)
                terminal.Errors.WriteLine($"nextitem: warning: --checkpoint: {e.Message} Training goes on.");
            _failed = true;
        }
    }

    /// <summary>What is left for a run that ended before its time.</summary>
    public string Remains(string resume) =>
        Epochs < 0 ? "" : $" {_file} holds the run {(Epochs == 0 ? "before its first epoch's end" : $"with {Epochs:N0} finished epoch{(Epochs == 1 ? "" : "s")}")}: {resume}.";

    /// <summary>The model is written: a checkpoint that nobody asked for by name has served.</summary>
    public void Finish()
    {
        if (request.Checkpoint is null && !_isNowhere)
            File.Delete(_file.FullName);
    }
}
