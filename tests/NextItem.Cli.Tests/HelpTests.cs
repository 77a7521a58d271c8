namespace NextItem.Cli.Tests;

public class HelpTests
{
    private static readonly string[] s_commands = ["demo", "prepare", "train", "tune", "fuse", "evaluate", "compare", "recommend", "similar", "inspect", "export", "import", "serve", "feedback"];

    public static TheoryData<string, string[]> Options => new()
    {
        { "demo", ["--out", "--seed", "[default: nextitem-demo]", "[default: 42]"] },
        { "prepare", ["--input <path> (REQUIRED)", "--format <events|yoochoose|diginetica|retailrocket|rees46|coveo|otto|movielens|recbole|pygru4rec|amazon>", "[default: events]", "--out <folder>", "--time-unit", "--time-format <format>", "--input 'logs/*.parquet'", "--gap <duration|none>", "--min-item-support <number>", "--split <duration|date>", "--split-by <start|end>", "--crossing <cut|keep|drop>", "--filter <stable|once>", "--latest-fraction", "--write <parquet|tsv>", "--memory <size>", "--strict", "--print-sql", "--json", "[default: the format's]"] },
        { "train", ["--data", "--format <events|pygru4rec>", "[default: events]", "--valid", "--out", "--algorithm <gru4rec|prnn|pop|recent-pop|s-pop|markov|item-knn|rules|bpr-mf|v-sknn|vmis-knn>", "--features <file[:what]>", "--architecture", "shared-weights", "--strategy", "interleaving", "--preset", "rsc15-table", "--params", "--set <name=value>", "--threads <number|auto>", "--seed", "--checkpoint", "--resume", "--warm-start", "--teacher", "--json", "--history", "--session-column", "--item-column", "--time-column", "[default: 42]", "[default: gru4rec]", "[default: auto]"] },
        { "tune", ["--data <file> (REQUIRED)", "--valid <file> (REQUIRED)", "--space <file> (REQUIRED)", "--out <file> (REQUIRED)", "--algorithm <gru4rec|prnn|recent-pop|item-knn|rules|bpr-mf|v-sknn|vmis-knn>", "--preset", "--params", "--set <name=value>", "--features", "--architecture", "--strategy", "--trials <number>", "[default: 30]", "--metric <name@K>", "[default: mrr@20]", "--no-halving", "--factor", "--first-epochs", "--round", "--start", "--parallel <number|auto>", "--seed", "--resume", "--json", "--format <events|pygru4rec>"] },
        { "add-items", ["--model", "--features", "--out", "--penalty", "[default: 1]", "--half-trust", "[default: 10]", "--boost", "[default: 0]", "--json"] },
        { "fuse", ["--models <files> (REQUIRED)", "--out <file> (REQUIRED)", "--weights <list>", "--rank-offset", "[default: 60]", "--depth", "[default: 1000]"] },
        { "evaluate", ["--model", "--format <events|pygru4rec>", "[default: events]", "--data", "--cutoffs", "--ties <standard|conservative|median>", "--unknown <drop|miss|both>", "--protocol <next-item|rest-of-session>", "--metrics <list>", "recall,mrr,ndcg,map,precision,coverage,gini,popularity,novelty,diversity,latency", "--features <file>", "--slices <list>", "position,length,popularity,seen", "--intervals", "--threads", "--json", "[default: 1,5,10,20]", "[default: standard]", "[default: drop]", "[default: ItemId]"] },
        { "compare", ["--models <files> (REQUIRED)", "--data", "--train", "--out <folder> (REQUIRED)", "--metrics <list>", "recall,mrr,ndcg,coverage,gini,popularity,novelty,diversity,latency", "--features <file>", "--cutoffs", "--ties <conservative|standard|median>", "--unknown <both|drop|miss>", "--resamples", "--seed", "--threads", "--json", "[default: conservative]", "[default: both]", "[default: 2000]", "[default: 42]"] },
        { "recommend", ["--model", "--format <events|pygru4rec>", "[default: events]", "--items", "--data", "--top", "--exclude-seen", "--allow", "--deny", "--explain", "--names", "--out", "--shard <i/n>", "--threads <number|auto>", "--json", "[default: 20]", "[default: Time]"] },
        { "similar", ["--model", "--item <key> (REQUIRED)", "--top", "--names", "--json", "[default: 10]"] },
        { "serve", ["--config <file>", "--model <file>", "--model-b <file>", "--split-b <share>", "[default: 0.5, with --model-b]", "--split-salt <text>", "--rules <file>", "--feedback <folder>", "--urls <list>", "[default: http://127.0.0.1:5080", "--names <file>", "--items <file>", "--exclude-seen", "--moving-events <list>", "[default: view]", "--session-idle <time>", "[default: 30m]", "--max-sessions <number>", "[default: 200000]", "--max-session-events <number>", "[default: 500]", "--api-keys <file>", "--reload-check <time>", "[default: 1s]"] },
        { "feedback", ["--input <folder> (REQUIRED)", "--json"] },
        { "export", ["--model <file> (REQUIRED)", "--to <onnx|npy>", "[default: onnx]", "--out <file> (REQUIRED)", "--graph <both|step|sessions>", "[default: both]", "--top", "[default: 20]", "--exclude-seen"] },
        { "import", ["--from <gru4rec-pytorch|recbole> (REQUIRED)", "--input <file> (REQUIRED)", "--out <file> (REQUIRED)"] },
        { "inspect", ["--model", "--format <events|pygru4rec>", "[default: events]", "--data", "--test", "--json", "--session-column", "[default: SessionId]"] },
    };

    [Theory, MemberData(nameof(Options))]
    public async Task Help_OfACommand_ShowsDescriptionOptionsDefaultsAndAnExample(string command, string[] expected)
    {
        var help = (await Cli.Run(command, "--help")).Succeeded().Output;

        Assert.StartsWith("Description:", help, StringComparison.Ordinal);
        Assert.Contains($"\n  nextitem {command} ", help[help.IndexOf("Example", StringComparison.Ordinal)..] + " ", StringComparison.Ordinal);
        Assert.All(expected, text => Assert.Contains(text, help, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Options))]
    public async Task Help_Examples_AreUnderstoodByTheParser(string command, string[] expected)
    {
        Assert.NotEmpty(expected);
        var help = (await Cli.Run(command, "--help")).Output;
        var examples = help[help.IndexOf("\nExample", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("  nextitem ", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            // '--help' beside the options: nothing runs, but an unknown option would still be refused.
            var args = example.Trim().Split(' ')[1..];
            Assert.Empty((await Cli.Run([.. args, "--help"])).Errors);
            Assert.All(args.Where(arg => arg.StartsWith('-')), arg => Assert.Contains(arg, help, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Help_OfTheProgram_ListsTheCommandsOnALineEach()
    {
        var help = (await Cli.Run("--help")).Succeeded().Output;

        Assert.All(s_commands, command => Assert.Contains($"\n  {command} ", help, StringComparison.Ordinal));
        Assert.Contains("Start with: nextitem demo", help, StringComparison.Ordinal);
        Assert.DoesNotContain("Example", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        var version = (await Cli.Run("--version")).Succeeded().Output.Trim();

        Assert.Matches(@"^\d+\.\d+\.\d+", version);
    }

    [Fact]
    public async Task Program_AsAProcess_GivesTheExitCodesAndKeepsErrorsApart()
    {
        var version = await Cli.RunProcess([.. Cli.Program, "--version"]);
        var missing = await Cli.RunProcess([.. Cli.Program, "inspect", "--data", "no-such-file.tsv"]);
        var wrong = await Cli.RunProcess([.. Cli.Program, "frobnicate"]);

        Assert.Equal((0, ""), (version.ExitCode, version.Errors));
        missing.Failed(1, "no-such-file.tsv");
        wrong.Failed(2, "There is no command 'frobnicate'.");
        Assert.Empty(missing.Output + wrong.Output);
    }
}
