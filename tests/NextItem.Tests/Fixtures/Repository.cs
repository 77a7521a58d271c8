namespace NextItem.Tests.Fixtures;

/// <summary>The folder of the solution.</summary>
internal static class Repository
{
    /// <summary>Found by a walk up from the test binary.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds NextItem.slnx.");
    }
}
