using NextItem.Data.Writing;

namespace NextItem.Data;

/// <summary>
/// Writes files that appear whole or not at all: readers see the old file or the new one, and a failure, a cancellation or
/// a full disk leaves the old one as it was.
/// </summary>
public static class AtomicFile
{
    /// <summary>The names of temporary files, as a pattern: for an owner of a folder that clears away what killed processes have left in it.</summary>
    internal const string TemporaryFiles = ".nextitem-*.tmp";

    private static readonly Lock s_lock = new();
    private static readonly HashSet<string> s_temporaries = [];
    private static int s_counter;
    private static bool s_isAbandoned;

    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to the disk and renames it over the path. Makes the folder if
    /// it is not there. A link is followed: its target is replaced, not the link. Devices such as <c>/dev/stdout</c> cannot be
    /// replaced and are written to directly.
    /// </summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="write">
    /// Writes the content; may close the stream. Whatever it throws, for instance <see cref="OperationCanceledException"/>,
    /// passes through after the temporary file is deleted.
    /// </param>
    /// <exception cref="IOException">
    /// The file cannot be written or replaced, for instance because it is a folder, the disk is full, or it grows larger than a file may.
    /// <see cref="Exception.HResult"/> is the system's.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        WriteAll((path, write));
    }

    /// <summary>
    /// Writes files that belong together: as <see cref="Write"/>, but none takes its place before all of them stand whole on the disk. What is left
    /// is a failure between their renames; a process that is told to stop does so before them or after them.
    /// </summary>
    internal static void WriteAll(params ReadOnlySpan<(string Path, Action<Stream> Write)> files)
    {
        var moves = new List<Move>();
        try
        {
            foreach (var (path, write) in files)
            {
                if (!IsDevice(path))
                    WriteTemporary(path, write, moves);
            }

            foreach (var (path, write) in files)
            {
                if (!IsDevice(path))
                    continue;
                using var device = new TargetStream(new FileStream(path, FileMode.Open, FileAccess.Write), path);
                write(device);
            }

            foreach (var move in moves)
                KeepPermissions(move.Target, move.Temporary);
            lock (s_lock)
            {
                // Not one by one: Abandon would come between them, and leave some files new and some old.
                foreach (var move in moves)
                    WriteFailure.Try(move.Path, () => File.Move(move.Temporary, move.Target, overwrite: true));
            }
        }
        catch
        {
            foreach (var move in moves)
                Delete(move.Temporary);
            if (IsAbandoned)
                throw new OperationCanceledException();
            throw;
        }
        finally
        {
            lock (s_lock)
            {
                foreach (var move in moves)
                    s_temporaries.Remove(move.Temporary);
            }
        }
    }

    /// <summary>Fails as <see cref="Write"/> would, where no file can be made beside the path; makes the folder if it is not there.</summary>
    internal static void Probe(string path)
    {
        CreateTemporary(MakeFolder(Path.GetFullPath(path), path), path, out var temporary).Dispose();
        Delete(temporary);
        lock (s_lock)
            s_temporaries.Remove(temporary);
    }

    /// <summary>
    /// Deletes the temporary files of all writes that are under way, and lets no new write begin: for a process that ends in the
    /// middle of them. Files that were to be replaced stay as they are.
    /// </summary>
    internal static void Abandon()
    {
        lock (s_lock)
        {
            s_isAbandoned = true;
            foreach (var temporary in s_temporaries)
                Delete(temporary);
        }
    }

    /// <summary>Has a file or folder that another writer makes deleted by <see cref="Abandon"/>.</summary>
    internal static void AddTemporary(string path)
    {
        lock (s_lock)
        {
            if (s_isAbandoned)
                throw new OperationCanceledException();
            s_temporaries.Add(path);
        }
    }

    /// <summary>Deletes what <see cref="AddTemporary"/> was told of.</summary>
    internal static void DeleteTemporary(string path)
    {
        Delete(path);
        lock (s_lock)
            s_temporaries.Remove(path);
    }

    private static bool IsAbandoned
    {
        get
        {
            lock (s_lock)
                return s_isAbandoned;
        }
    }

    /// <summary>Whether a path is written to directly: as root, a rename would replace the device itself.</summary>
    internal static bool IsDevice(string path) => Device.Is(path);

    /// <summary>The path with every link in it followed, those of its folders too: what a write replaces in the end.</summary>
    internal static string RealPath(string path)
    {
        var real = Path.GetPathRoot(Path.GetFullPath(path))!;
        foreach (var part in Path.GetFullPath(path)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = entry.LinkTarget is null ? next : RealPath(entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }

        return real;
    }

    private static string Resolve(string path)
    {
        var link = new FileInfo(path);
        var target = link.LinkTarget is null ? link.FullName : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        return Directory.Exists(target) ? throw new IOException($"'{path}' is a folder; expected the path of a file.") : target;
    }

    /// <summary>Writes what is to be renamed over the path, and adds it to the moves as soon as it is there.</summary>
    private static void WriteTemporary(string path, Action<Stream> write, List<Move> moves)
    {
        var target = Resolve(path);
        var file = CreateTemporary(MakeFolder(target, path), path, out var temporary);
        moves.Add(new(path, temporary, target));
        using (var stream = new TargetStream(file, path))
            write(stream);

        // Through a handle of its own, for the writer may have closed the stream.
        using var handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite);
        WriteFailure.Try(path, () => RandomAccess.FlushToDisk(handle));
    }

    /// <summary>Makes the folder of a file if it is not there.</summary>
    private static string MakeFolder(string target, string path)
    {
        var folder = Path.GetDirectoryName(target)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e) when (WriteFailure.OfFolder(folder, path, e) is { } failure)
        {
            throw failure;
        }

        return folder;
    }

    private static FileStream CreateTemporary(string folder, string path, out string temporary)
    {
        while (true)
        {
            // Not made from the file's own name, which may be as long as names can be. Process numbers repeat between
            // containers and after a crash, so a name may be taken.
            var candidate = Path.Combine(folder, $".nextitem-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}.tmp");
            try
            {
                lock (s_lock)
                {
                    if (s_isAbandoned)
                        throw new OperationCanceledException();
                    var stream = new FileStream(candidate, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, 1 << 16);
                    s_temporaries.Add(candidate);
                    temporary = candidate;
                    return stream;
                }
            }
            catch (IOException) when (File.Exists(candidate))
            {
                continue;
            }
            catch (Exception e) when (WriteFailure.OfNewFile(candidate, path, e) is { } failure)
            {
                throw failure;
            }
        }
    }

    private static void KeepPermissions(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
    }

    /// <summary>A file that is whole and takes its place when all are.</summary>
    private sealed record Move(string Path, string Temporary, string Target);

    private static void Delete(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            else if (temporary.Length > 0)
                File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here says more than this one.
        }
    }
}
