namespace NextItem.Server.Tests;

/// <summary>The repository that the tests were built from, for its documents and samples.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>What the tests were built as, such as <c>release</c>.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(typeof(Repository).Assembly.Location)!);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("NextItem.slnx is not above the test's folder.");
    }
}
