using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>Reading and writing what commands work on, with the path in every message.</summary>
internal static class Files
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    /// <summary>Loads a model.</summary>
    public static TrainedModel LoadModel(FileInfo file)
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
            throw new RunException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Whether a file is there and is the checkpoint of a run.</summary>
    public static bool IsCheckpoint(FileInfo file)
    {
        if (!file.Exists)
            return false;
        using var stream = file.OpenRead();
        return stream.CanSeek && CheckpointFile.IsCheckpoint(stream);
    }

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
            throw new RunException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Writes a model aside and renames it: either the old file is there or the new one.</summary>
    public static void SaveModel(FileInfo file, TrainedModel model)
    {
        AtomicFile.Write(file.FullName, stream => ModelFile.Save(stream, model));
    }

    /// <summary>Writes JSON, if a file was given for it.</summary>
    public static void WriteJson(FileInfo? file, Action<Utf8JsonWriter> write)
    {
        if (file is null)
            return;
        AtomicFile.Write(file.FullName, stream =>
        {
            using var json = new Utf8JsonWriter(stream, s_indented);
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
            json.Flush();
            stream.Write("\n"u8);
        });
    }

    /// <summary>Item names by key; empty without a file.</summary>
    public static Dictionary<string, string> ReadNames(FileInfo? file) => file is null ? [] : ItemNamesFile.Read(file.ToString());

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
            var folder = Path.GetDirectoryName(file.FullName)!;
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".nextitem-{Environment.ProcessId}.probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"{option} {file} cannot be written: {e.Message}", e);
        }
    }
}
