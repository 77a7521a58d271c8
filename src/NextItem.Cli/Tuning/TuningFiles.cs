using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Tuning;

/// <summary>Where a search keeps what it has: the settings file that was asked for, and beside it, by the same name, the rest.</summary>
internal sealed class TuningFiles(FileInfo settings)
{
    private readonly string _stem = Path.Combine(Path.GetDirectoryName(settings.ToString()) ?? "", Path.GetFileNameWithoutExtension(settings.Name));

    /// <summary>The settings that were found.</summary>
    public FileInfo Settings => settings;

    /// <summary>A line for each training of a trial.</summary>
    public FileInfo Log => new(_stem + ".trials.jsonl");

    /// <summary>Checkpoints of trials that may go on.</summary>
    public DirectoryInfo Checkpoints => new(_stem + ".trials");

    public FileInfo Page => new(_stem + ".html");

    public FileInfo Png => new(_stem + ".png");

    public FileInfo Svg => new(_stem + ".svg");

    /// <summary>The checkpoint of a trial.</summary>
    public FileInfo Checkpoint(int trial) => new(Path.Combine(Checkpoints.ToString(), $"trial-{trial:0000}.checkpoint"));

    /// <summary>Fails before the work when a file could not be written, would replace another, or holds a search that nobody asked to go on with.</summary>
    public void RequireWritable(bool resume, FileInfo? json, params ReadOnlySpan<FileInfo?> inputs)
    {
        if (AtomicFile.IsDevice(settings.FullName))
            throw new UsageException($"--out {settings} is a device; expected a file, for the log of the trials lies beside it.");
        FileInfo[] outputs = [Settings, Log, Page, Png, Svg];
        for (var i = 0; i < outputs.Length; i++)
            Files.RequireWritable("--out", outputs[i], [.. inputs, .. outputs.Take(i)]);
        Files.RequireWritable("--json", json, [.. inputs, .. outputs]);
        if (File.Exists(Checkpoints.FullName))
            throw new UsageException($"{Checkpoints} is a file; expected a folder for the checkpoints of the trials, or nothing.");
        if (resume && !Log.Exists)
            throw new RunException($"{Log} does not exist; --resume expects the log of a search that was stopped.");
        if (!resume && Log is { Exists: true, Length: > 0 })
            throw new UsageException($"{Log} holds a search; --resume goes on with it. For a new one name another --out, or delete it.");
    }

    /// <summary>Deletes checkpoints that nothing needs any more.</summary>
    public void DeleteCheckpoint(int trial)
    {
        if (Checkpoints.Exists)
            Checkpoint(trial).Delete();
    }

    /// <summary>Deletes all of them.</summary>
    public void DeleteCheckpoints()
    {
        if (!Checkpoints.Exists)
            return;
        foreach (var file in Checkpoints.GetFiles("trial-*.checkpoint"))
            file.Delete();
        DeleteLeftovers();
        if (Checkpoints.GetFileSystemInfos() is [])
            Checkpoints.Delete(); // a file of somebody else's stays, and with it the folder
    }

    /// <summary>Deletes checkpoints that a process was killed in the middle of. The folder is that of one search, which one process runs: none of them is being written.</summary>
    public void DeleteLeftovers()
    {
        if (!Checkpoints.Exists)
            return;
        foreach (var file in Checkpoints.GetFiles(AtomicFile.TemporaryFiles))
            file.Delete();
    }
}
