namespace NextItem.Data.Writing;

/// <summary>
/// What failures to write are called: by the file that was asked for, where the framework names the temporary file that nobody
/// knows of, and by what can be done about them. The framework's exception is the cause and lends its HResult.
/// </summary>
internal static class WriteFailure
{
    // On Unix an HResult is the number of the system's error itself.
    private const int UnixNoSpace = 28;         // ENOSPC
    private const int LinuxQuota = 122;         // EDQUOT
    private const int MacQuota = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsQuota = unchecked((int)0x8007050F);

    /// <summary>Does what may run out of disk.</summary>
    /// <param name="path">The file that is written, as the caller named it.</param>
    /// <param name="write">Does it.</param>
    /// <exception cref="IOException">What <see cref="OfSpace"/> makes of it, or what it threw.</exception>
    public static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (IOException e) when (OfSpace(path, e) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>That there is no room for a file; null for a failure of another kind.</summary>
    public static IOException? OfSpace(string path, IOException e)
    {
        var reason = e.HResult switch
        {
            UnixNoSpace when !OperatingSystem.IsWindows() => "the disk is full",
            LinuxQuota when OperatingSystem.IsLinux() => "the disk quota is used up",
            MacQuota when OperatingSystem.IsMacOS() => "the disk quota is used up",
            WindowsDiskFull or WindowsHandleDiskFull => "the disk is full",
            WindowsQuota => "the disk quota is used up",
            _ => null,
        };
        if (reason is null)
            return null;
        var before = File.Exists(path) && !Device.Is(path) ? " The file that was there is as it was." : "";
        return new IOException($"'{path}' could not be written: {reason}.{before}", e) { HResult = e.HResult };
    }

    /// <summary>Why a folder cannot be made; null where the framework says it well.</summary>
    public static IOException? OfFolder(string folder, string path, IOException e)
    {
        for (var part = folder; part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                return new IOException($"'{part}' is a file; expected a folder.", e);
        }

        return e is FileNotFoundException ? new IOException($"'{folder}' is no folder and cannot be made one.", e) : OfSpace(path, e);
    }

    /// <summary>Why no file can be made in a folder; null where the framework says it well.</summary>
    /// <param name="temporary">The name that was tried.</param>
    /// <param name="path">The file that is to be written.</param>
    /// <param name="e">What the framework says.</param>
    public static Exception? OfNewFile(string temporary, string path, Exception e) => e switch
    {
        // Folders that are none of a disk, such as /proc.
        FileNotFoundException => new IOException($"'{Path.GetDirectoryName(temporary)}' is a folder in which no file can be made.", e),
        IOException io => OfSpace(path, io) ?? new IOException(e.Message.Replace(temporary, path, StringComparison.Ordinal), e) { HResult = e.HResult },
        UnauthorizedAccessException => new UnauthorizedAccessException($"'{Path.GetDirectoryName(temporary)}' is a folder in which no file may be made: access is denied.", e),
        _ => null,
    };
}
