using NextItem.Data;

namespace NextItem.Preparation.Output;

/// <summary>A folder for everything that is not finished, gone in the end, also when the process is ended by a second Ctrl+C.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private static int s_counter;

    // Folders that were made for this one, the innermost first.
    private readonly List<string> _made = [];

    /// <summary>Makes one inside another folder, which is made if it is not there.</summary>
    public ScratchFolder(string parent)
    {
        for (var folder = System.IO.Path.GetFullPath(parent); folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder))
            _made.Add(folder);
        Directory.CreateDirectory(parent);
        do
            Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(parent, $".nextitem-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}.tmp"));
        while (Directory.Exists(Path) || File.Exists(Path));
        AtomicFile.AddTemporary(Path);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Deletes it, and the folders that were made for it where nothing came into them.</summary>
    public void Dispose()
    {
        AtomicFile.DeleteTemporary(Path);
        foreach (var folder in _made)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return; // something is in it
            }
        }
    }
}
