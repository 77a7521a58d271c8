namespace NextItem.Cli.Tests;

/// <summary>The repository that the tests were built from, for its documents and samples.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file's text, lines ending in a line feed.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>README and all pages of docs, guides and derivations among them: paths from the root, in order.</summary>
    public static string[] Pages() =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Where(path => !path.StartsWith("docs/api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("NextItem.slnx is not above the test's folder.");
    }
}
