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
    private string? _aside; // where the file of an earlier run goes that has finished epochs
    private bool _wasFinished; // that run
    private bool _isSaidToSave;
    private bool _failed;

    /// <summary>Cancelled, a save is the last one, for which somebody waits.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Finished epochs in the file, or -1 when it holds nothing of this run.</summary>
    public int Epochs { get; private set; } = -1;

    /// <summary>The file, as it was named.</summary>
    public string Name => _file.ToString();

    /// <summary>Fails before the work when the file could not be written or is none that a checkpoint may replace.</summary>
    public void RequireWritable(params FileInfo?[] others)
    {
        if (_isNowhere)
            return;
        Files.RequireWritable("--checkpoint", _file, others);
        if (!request.Resume && !AtomicFile.IsDevice(_file.FullName))
            MakeWay();
    }

    /// <summary>What becomes of a file that is there: an earlier run with finished epochs is kept, anything but a checkpoint is refused.</summary>
    private void MakeWay()
    {
        var kind = FileKinds.Of(_file);
        if (kind is FileKind.Missing or FileKind.Empty)
            return;
        if (kind != FileKind.Checkpoint)
            throw new UsageException($"{(request.Checkpoint is null ? "" : "--checkpoint ")}{_file} {FileKinds.Describe(kind)} and would be replaced by this run's checkpoint; expected a new file or an earlier checkpoint. --checkpoint names another.");
        int finished, planned;
        try
        {
            using var stream = _file.OpenRead();
            (finished, planned) = CheckpointFile.EpochsOf(stream);
        }
        catch (ModelFileException e)
        {
            throw new RunException($"{_file} would be replaced by this run's checkpoint, but it is one that cannot be read: {e.Message} Delete it, or name another file with --checkpoint.", e);
        }

        if (finished == 0)
        {
            terminal.Errors.WriteLine($"nextitem: note: {_file} holds a run that was stopped in its first epoch; this new one replaces it. --resume would have gone on with it.");
            return;
        }

        (_aside, _wasFinished) = (FreeName(), finished >= planned);
        terminal.Errors.WriteLine($"nextitem: note: {_file} holds a run with {finished:N0} of {planned:N0} epochs finished; it becomes {_aside} when this new one is first saved. --resume would have gone on with it.");
    }

    private string FreeName()
    {
        var name = $"{_file}.bak";
        for (var number = 2; File.Exists(name); number++)
            name = $"{_file}.bak{number}";
        return name;
    }

    /// <summary>The run to go on from, or null when none is asked for.</summary>
    /// <exception cref="RunException">There is no such file, or it is no checkpoint.</exception>
    public Checkpoint? Load()
    {
        _file.Refresh();
        if (!request.Resume)
            return null;
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
        if (Stop.IsCancellationRequested && !_isSaidToSave)
        {
            _isSaidToSave = true;
            terminal.Errors.WriteLine($"nextitem: saving the run in {_file} ...");
        }

        try
        {
            if (Epochs < 0 && _aside is not null)
                File.Move(_file.FullName, _aside);
            AtomicFile.Write(_file.FullName, stream => CheckpointFile.Save(stream, checkpoint));
            Epochs = checkpoint.Epochs.Length;
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full for a while is no reason to throw hours of training away.
            if (!_failed)
                terminal.Errors.WriteLine($"nextitem: warning: --checkpoint: {e.Message.TrimEnd('.')}. Training goes on.");
            _failed = true;
        }
    }

    /// <summary>What is left for a run that ended before its time.</summary>
    public string Remains(string resume) =>
        Epochs < 0 ? "" : $" {_file} holds the run {(Epochs == 0 ? "before its first epoch's end" : $"with {Counted.Of(Epochs, "finished epoch")}")}: {resume}.";

    /// <summary>The model is written: a checkpoint that nobody asked for by name has served.</summary>
    public void Finish()
    {
        if (request.Checkpoint is null && !_isNowhere)
            File.Delete(_file.FullName);
        if (_wasFinished && _aside is not null)
            File.Delete(_aside); // that run had come to its model, and this one has too
    }
}
