using System.Text.RegularExpressions;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

/// <summary>Commands that the documents tell readers to type are commands that the program understands.</summary>
public partial class DocumentTests
{
    public static TheoryData<string> Pages() => [.. Repository.Pages(), "CONTRIBUTING.md"];

    /// <summary>Lines of code blocks that begin with the command's name, behind a prompt or not.</summary>
    [Theory, MemberData(nameof(Pages))]
    public async Task Commands_OfAPage_AreUnderstoodByTheParser(string page)
    {
        foreach (var command in Commands(page))
        {
            // '--help' beside the options: nothing runs, but an unknown option or command is still refused.
            var words = Words(command)[1..];
            var result = await Cli.Run([.. words, "--help"]);
            Assert.True(result.Errors.Length == 0, $"{page}: {command}\n{result.Errors}");
            var options = words.Where(word => word.StartsWith("--", StringComparison.Ordinal));
            Assert.All(options, option => Assert.Contains(option + " ", result.Output.Replace(", --", " --"), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("README.md", 13)]
    [InlineData("docs/coming-from.md", 8)]
    [InlineData("docs/data.md", 13)]
    [InlineData("docs/preparation.md", 4)]
    [InlineData("docs/tuning.md", 3)]
    [InlineData("docs/guides/first-model.md", 9)]
    public void Commands_OfAPage_AreFound(string page, int least) => Assert.InRange(Commands(page).Length, least, 200);

    private static string[] Commands(string page) =>
        [.. Repository.Read(page).Replace("\\\n", " ").Split('\n').Select(line => line.Trim()).Select(line => line.StartsWith("$ ", StringComparison.Ordinal) ? line[2..] : line)
            .Where(line => line.StartsWith("nextitem ", StringComparison.Ordinal))];

    /// <summary>A command's words as a shell would split them, up to a comment, a pipe, a redirection or the next command.</summary>
    private static string[] Words(string command) =>
        [.. Word().Matches(End().Replace(command, "")).Select(match => match.Value.Replace("\"", "").Replace("'", ""))];

    /// <summary>Every <c>--set ...</c>, in a command or in a sentence, and every <c>name=value</c> between backticks in coming-from's tables.</summary>
    [Fact]
    public async Task Settings_OfComingFrom_AreUnderstoodAndValid()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/coming-from.md"), TestContext.Current.CancellationToken);
        var sections = page.ReplaceLineEndings("\n").Split("\n## ");
        var serenade = sections.Single(section => section.StartsWith("Serenade\n", StringComparison.Ordinal));
        var text = string.Join("\n## ", sections.Where(section => section != serenade));
        var commands = text.ReplaceLineEndings("\n").Replace("\\\n", " ").Replace("`\n`", "` `").Split('\n')
            .Where(line => line.Contains("--set", StringComparison.Ordinal) && !line.StartsWith('|'))
            .Select(line => Settings().Matches(line).Select(match => match.Groups[1].Value.Replace("$rate", "0.1")).ToArray())
            .Where(settings => settings.Length > 0).ToArray();
        var words = text.Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Assignment().Matches(line)).Select(match => match.Groups[1].Value)
            .Where(word => !Placeholder().IsMatch(word)).ToArray();

        Assert.True(commands.Length >= 4, $"{commands.Length} commands with --set");
        Assert.True(words.Length >= 20, $"{words.Length} settings in tables");
        Assert.All(commands, settings => new TrainingSettings(null, null, settings, 1, null).Resolve());

        // A table names one setting at a time: what it needs beside it is told in the row.
        Assert.All(words, word => new TrainingSettings(null, null, word == "loss=top1-pygru4rec" ? [word, "n_sample=0"] : [word], 1, null).Resolve());

        // Serenade's are of VMIS-kNN.
        var neighbours = Baselines.All.Single(baseline => baseline.Name == "vmis-knn");
        var ofSerenade = serenade.Split('\n').SelectMany(line => Assignment().Matches(line).Concat(Settings().Matches(line))).Select(match => match.Groups[1].Value)
            .Where(word => word.Split('=')[0] is not ("num_items_to_recommend" or "user_consent")).ToArray();
        Assert.True(ofSerenade.Length >= 6, $"{ofSerenade.Length} settings of Serenade");
        Assert.All(ofSerenade, word => neighbours.Resolve([word]));
    }

    /// <summary>The awk program of docs/data.md as it stands there: every event in one file, every session in one file, the latest in the test.</summary>
    [Fact]
    public async Task Splitting_OfData_KeepsSessionsWhole()
    {
        if (!await Cli.Has(["awk", "BEGIN { exit 0 }"]))
            Assert.Skip("needs awk");
        using var folder = new TempFolder();
        var document = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/data.md"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var program = folder.Text(document.Split("```awk\n")[1].Split("```")[0], ".awk");
        const int Day = 86_400;
        var log = folder.Events(
            "SessionId ItemId Time", "early a 0", $"over a {Day - 9}", "early 07 5", $"over b {Day + 9}", $"middle a {Day + 20}", $"late b {(2 * Day) + 1}", $"late a {3 * Day}", $"long a {Day}", $"long b {(2 * Day) + 10}");

        var result = await Cli.RunProcess("sh", "-c", $"cd '{folder.Path}' && awk -v valid=1 -v test=1 -f '{program}' '{log}' '{log}'");

        result.Succeeded();
        const string Header = "SessionId\tItemId\tTime\n";
        Assert.Equal($"{Header}early\ta\t0\nearly\t07\t5\n", await Written("train.tsv"));
        Assert.Equal($"{Header}over\ta\t{Day - 9}\nover\tb\t{Day + 9}\nmiddle\ta\t{Day + 20}\n", await Written("valid.tsv"));
        Assert.Equal($"{Header}late\tb\t{(2 * Day) + 1}\nlate\ta\t{3 * Day}\nlong\ta\t{Day}\nlong\tb\t{(2 * Day) + 10}\n", await Written("test.tsv"));

        Task<string> Written(string name) => File.ReadAllTextAsync(Path.Combine(folder.Path, name), TestContext.Current.CancellationToken);
    }

    /// <summary>The site's menu (eng/docfx/toc.yml) leads to every page, and to nothing else.</summary>
    [Fact]
    public void Menu_OfTheSite_HasEveryPageOnce()
    {
        var links = Regex.Matches(Repository.Read("eng/docfx/toc.yml"), @"href: (\S+\.md)").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

        Assert.Equal([.. Pages().Select(row => row.Data).Concat(["CHANGELOG.md", "INFLUENCES.md", "index.md"]).Order(StringComparer.Ordinal)], links);
    }

    /// <summary>The start page's links are from the root of the site, which is laid out as the repository.</summary>
    [Fact]
    public void StartPage_OfTheSite_LinksToWhatIsThere()
    {
        var links = Link().Matches(Repository.Read("eng/docfx/index.md")).Where(match => !match.Groups[1].Value.StartsWith("xref:", StringComparison.Ordinal)).ToArray();

        Assert.InRange(links.Length, 9, 100);
        Assert.All(links, match => Assert.True(IsThere(Path.Combine(Repository.Root, "index.md"), match.Groups[1].Value, match.Groups[2].Value), match.Value));
    }

    /// <summary>Twenty questions, each with a page that answers it; that the links lead there, the next test holds.</summary>
    /// <summary>What is packed is named where packages are listed: the README of the first one, and the page of all.</summary>
    [Fact]
    public void PackageTables_HaveEveryPackage()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => (Path: path, Text: File.ReadAllText(path)));
        var packed = projects.Where(project => project.Text.Contains("<IsPackable>true<", StringComparison.Ordinal))
            .Select(project => project.Text.Contains("<PackageId>", StringComparison.Ordinal) ? project.Text.Split("<PackageId>")[1].Split('<')[0] : Path.GetFileNameWithoutExtension(project.Path)).ToArray();

        Assert.InRange(packed.Length, 9, 20);
        Assert.Equal([], packed.Where(package => !Repository.Read("src/NextItem/README.md").Contains($"\n| {package} |", StringComparison.Ordinal)));
        Assert.Equal([], packed.Where(package => !Repository.Read("docs/packages.md").Contains($"\n| `{package}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void Checklist_OfContributing_HasTwentyQuestionsWithAnAnswerEach()
    {
        var rows = Repository.Read("CONTRIBUTING.md").Split("## A reader's checklist")[1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToArray();

        Assert.Equal(20, rows.Length);
        Assert.All(rows, row => Assert.Matches(@"^\| [^|]+\? \| .*\]\([^)]+\.md[^)]*\).* \|$", row));
    }

    /// <summary>What README's claims are held by: scripts and test classes of these names, and methods of theirs, are there.</summary>
    [Fact]
    public void Claims_OfReadme_AreHeldByWhatIsThere()
    {
        var words = Regex.Matches(Repository.Read("CONTRIBUTING.md").Split("## What README claims")[1].Split("\n## ")[0], "`(eng/[a-z-]+\\.sh|[A-Z]\\w+Tests)(?:\\.(\\w+))?`");
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests*.cs", SearchOption.AllDirectories).ToLookup(path => Path.GetFileName(path).Split('.')[0], File.ReadAllText);

        Assert.InRange(words.Count, 15, 100);
        Assert.All(words, word => Assert.True(
            word.Groups[1].Value.StartsWith("eng/", StringComparison.Ordinal)
                ? File.Exists(Path.Combine(Repository.Root, word.Groups[1].Value))
                : sources[word.Groups[1].Value].Any(text => text.Contains($" {word.Groups[2].Value}", StringComparison.Ordinal)),
            word.Value));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Links_OfADocument_PointToWhatIsThere(string document)
    {
        var path = Path.Combine(Repository.Root, document);
        var missing = Link().Matches(File.ReadAllText(path))
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

    [GeneratedRegex(@"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Word();

    [GeneratedRegex(""" (?:#|\||\d?>|&|;).*$""")]
    private static partial Regex End();

    [GeneratedRegex("--set ([^ `]*=[^ `]+)")]
    private static partial Regex Settings();

    [GeneratedRegex("`([a-z_0-9]+=[^` ]+)`")]
    private static partial Regex Assignment();

    [GeneratedRegex("=[A-Z](/[A-Z])?$")]
    private static partial Regex Placeholder();
}
