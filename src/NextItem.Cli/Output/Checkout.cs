namespace NextItem.Cli.Output;

/// <summary>Whether the program was built in a checkout of its sources, where <c>dotnet run</c> starts it, or was installed.</summary>
internal static class Checkout
{
    private const string Solution = "NextItem.slnx";

    /// <summary>
    /// Whether a folder of binaries is one into which the solution beside it builds. A tool or a single file that merely lies somewhere in a
    /// checkout has been installed there.
    /// </summary>
    public static bool Built(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, Solution)))
                return Path.GetRelativePath(above.FullName, folder).StartsWith(Path.Combine("artifacts", "bin") + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        }

        return false;
    }
}
