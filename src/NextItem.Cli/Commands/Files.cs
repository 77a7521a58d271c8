using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>Reading and writing what commands work on, with the path in every message.</summary>
internal static class Files
{
    /// <summary>Loads a model of --model.</summary>
    public static TrainedModel LoadModel(FileInfo file) => LoadModel(file, "--model");

    /// <summary>Loads a model.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="option">The option that names it.</param>
    public static TrainedModel LoadModel(FileInfo file, string option)
    {
        if (Directory.Exists(file.FullName))
            throw new RunException($"{file} is a directory; expected a model file.");
        if (!file.Exists)
            throw new RunException($"{file} does not exist; expected a model file. 'nextitem train' makes one.");
        try
        {
            using var stream = file.OpenRead();
            return ModelFile.Map(stream);
        }
        catch (ModelFileException e)
        {
            throw new RunException(
                FileKinds.Of(file) switch
                {
                    FileKind.Checkpoint => $"{file} is the checkpoint of a training run, no model yet: 'train --resume --checkpoint {ShellText.Quoted(file)}' goes on with it and writes the model.",
                    FileKind.Events => $"{file} looks like an event file; expected a model file. Are the two swapped? {option} takes the model, --data the events.",
                    _ => $"{file}: {e.Message}",
                },
                e);
        }
    }

    /// <summary>Refuses event files that are not there, before the first is read: that may take minutes.</summary>
    public static void RequireEvents(params ReadOnlySpan<FileInfo?> files)
    {
        foreach (var file in files)
        {
            if (file is null or { Exists: true })
                continue;
            throw new EventsFileException(file.ToString(), null, Directory.Exists(file.FullName) ? "this is a folder" : "there is no such file", "a file of events");
        }
    }

    /// <summary>Whether a file is there and is the checkpoint of a run.</summary>
    public static bool IsCheckpoint(FileInfo file) => FileKinds.Of(file) == FileKind.Checkpoint;

    /// <summary>Loads a checkpoint, which is there.</summary>
    public static Checkpoint LoadCheckpoint(FileInfo file)
    {
        try
        {
            using var stream = file.OpenRead();
            return CheckpointFile.Load(stream);
        }
        catch (ModelFileException e)
        {
            throw new RunException(
                FileKinds.Of(file) switch
                {
                    FileKind.Model => $"{file} is a NextItem model, whose training is over; expected the checkpoint of a run that was stopped. --warm-start begins a new run with a model.",
                    FileKind.Events => $"{file} looks like an event file; expected the checkpoint of a run that was stopped.",
                    _ => $"{file}: {e.Message}",
                },
                e);
        }
    }

    /// <summary>Writes a model aside and renames it: either the old file is there or the new one.</summary>
    public static void SaveModel(FileInfo file, TrainedModel model)
    {
        AtomicFile.Write(file.FullName, stream => ModelFile.Save(stream, model));
    }

    /// <summary>Writes JSON, if a file was given for it.</summary>
    public static void WriteJson(FileInfo? file, Action<Utf8JsonWriter> write) => JsonFile.Write(file, write);

    /// <summary>Item names by key; empty without a file. Warns of names that are none of the model's items.</summary>
    public static Dictionary<string, string> ReadNames(Terminal terminal, ItemNamesSource? source, ItemCatalog catalog)
    {
        if (source is null)
            return [];
        var names = ItemNamesFile.Read(source);
        if (!names.Keys.Any(key => catalog.IndexOf(key) >= 0))
            terminal.Errors.WriteLine($"nextitem: warning: --names {source.Path} names {Counted.Of(names.Count, "item")}, none of which the model knows; '{names.Keys.First()}' is one, the model has '{catalog.KeyOf(0)}' for instance.");
        return names;
    }

    /// <summary>Item keys, one a line; blank lines do not count.</summary>
    public static IReadOnlyList<string> ReadKeys(FileInfo file, string option)
    {
        if (Directory.Exists(file.FullName))
            throw new RunException($"{file} is a directory; {option} expects a file with one item key a line.");
        if (!file.Exists)
            throw new RunException($"{file} does not exist; {option} expects a file with one item key a line.");
        return [.. File.ReadLines(file.FullName).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)];
    }

    /// <summary>Fails before long work when the output could not be written after it, or would replace what the work is about.</summary>
    public static void RequireWritable(string option, FileInfo? file, params ReadOnlySpan<FileInfo?> others)
    {
        if (file is null)
            return;
        foreach (var other in others)
        {
            if (other is not null && !AtomicFile.IsDevice(file.FullName) && AtomicFile.RealPath(other.FullName) == AtomicFile.RealPath(file.FullName))
                throw new UsageException($"{option} {file} is another file of this command; expected one of its own.");
        }

        if (Directory.Exists(file.FullName))
            throw new RunException($"{option} {file} is a directory; expected the path of a file.");
        if (AtomicFile.IsDevice(file.FullName))
            return; // written to directly, without a file beside it
        try
        {
            AtomicFile.Probe(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is UnauthorizedAccessException ? "access to its folder is denied" : $"its folder cannot be written to ({e.Message.TrimEnd('.')})";
            throw new RunException($"{option} {file} cannot be written: {reason}.", e);
        }
    }
}
