namespace NextItem.Cli.Tests;

/// <summary>Commands that the documents tell readers to type are commands that the program understands.</summary>
public class DocumentTests
{
    [Theory]
    [InlineData("docs/coming-from.md", 8)]
    [InlineData("docs/data.md", 2)]
    public async Task Commands_OfADocument_AreUnderstoodByTheParser(string document, int least)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Root(), document), TestContext.Current.CancellationToken);
        var commands = text.ReplaceLineEndings("\n").Replace("\\\n", " ").Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("nextitem ", StringComparison.Ordinal)).ToArray();

        Assert.True(commands.Length >= least, $"{document} has {commands.Length} commands, expected {least} or more");
        foreach (var command in commands)
        {
            // '--help' beside the options: nothing runs, but an unknown option or command is still refused.
            var result = await Cli.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..], "--help"]);
            Assert.True(result.Errors.Length == 0, $"{command}\n{result.Errors}");
            var options = command.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal));
            Assert.All(options, option => Assert.Contains(option + " ", result.Output, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("docs/coming-from.md")]
    [InlineData("docs/data.md")]
    public void Links_OfADocument_PointToWhatIsThere(string document)
    {
        var path = Path.Combine(Root(), document);
        var missing = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(path), @"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
            .Where(match => !IsThere(path, match.Groups[1].Value, match.Groups[2].Value))
            .Select(match => match.Value);

        Assert.Empty(missing);
    }

    private static bool IsThere(string from, string link, string heading)
    {
        var path = link.Length == 0 ? from : Path.Combine(Path.GetDirectoryName(from)!, link);
        if (heading.Length == 0 || !File.Exists(path))
            return File.Exists(path) || Directory.Exists(path);

        // A heading's anchor: lower case, spaces as hyphens, other marks left out.
        var anchors = File.ReadLines(path).Where(line => line.StartsWith('#')).Select(line =>
            string.Concat(line.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'));
        return anchors.Contains(heading);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("NextItem.slnx is not above the test's folder.");
    }
}
