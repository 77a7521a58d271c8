using NextItem.Data;

namespace NextItem.Preparation.Output;

/// <summary>A folder for everything that is not finished, gone in the end, also when the process is ended by a second Ctrl+C.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private static int s_counter;

    /// <summary>Makes one inside another folder, which is made if it is not there.</summary>
    public ScratchFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        do
            Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(parent, $".nextitem-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}.tmp"));
        while (Directory.Exists(Path) || File.Exists(Path));
        AtomicFile.AddTemporary(Path);
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    public void Dispose() => AtomicFile.DeleteTemporary(Path);
}
