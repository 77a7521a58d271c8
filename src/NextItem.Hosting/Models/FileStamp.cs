namespace NextItem.Hosting.Models;

/// <summary>What tells one state of a file from another.</summary>
internal sealed record FileStamp(long Length, DateTime Written)
{
    /// <summary>The file's stamp, or that of what a link points to; null where there is no file.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
    }
}
