namespace NextItem.Data.Writing;

/// <summary>Devices such as <c>/dev/stdout</c>, which are written to and never replaced.</summary>
internal static class Device
{
    /// <summary>Whether a path is one.</summary>
    public static bool Is(string path)
    {
        // Shared memory is an ordinary folder that happens to be there.
        var full = Path.GetFullPath(path);
        return !OperatingSystem.IsWindows() && File.Exists(full)
            && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }
}
