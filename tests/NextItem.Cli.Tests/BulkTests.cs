using System.IO.Compression;
using System.Text.Json;
using Parquet;

namespace NextItem.Cli.Tests;

/// <summary><c>recommend --data</c> for many sessions. That its answers are those of single sessions, <see cref="RecommendTests"/> shows.</summary>
public sealed class BulkTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_NotGroupedBySession_IsReadWholeWithAWordAndTheSameAnswers()
    {
        // The shop's own log is in the order of time.
        var mixed = shop.Test;
        var grouped = (await Recommend(await Grouped())).Succeeded();
        var ungrouped = (await Recommend(mixed)).Succeeded();
        var rows = (await File.ReadAllLinesAsync(mixed, TestContext.Current.CancellationToken)).Skip(1).Select(row => row.Split('\t')[0]).ToArray();
        var at = Enumerable.Range(2, rows.Length).First(i => rows[i] != rows[i - 1] && rows.AsSpan(0, i).Contains(rows[i]));

        Assert.Empty(grouped.Errors);
        Assert.Equal($"nextitem: {mixed}, row {at + 1:N0}: session '{rows[at]}' comes back after others, so all {rows.Length:N0} events were read into memory. Sorted by session, the file is streamed in constant memory.\n", ungrouped.Errors);
        Assert.Equal(grouped.Output, ungrouped.Output);
    }

    /// <summary>Letters and signs of keys stand in JSON as they are, for people read it too.</summary>
    [Fact]
    public async Task Keys_WithLettersOfAnyKind_AreAsTheyAreInJson()
    {
        var train = _folder.Events("SessionId ItemId Time", "s hüte'<b>&+ 1", "s mützen 2");
        var (model, lines, json) = (_folder.NewPath(".nextitem"), _folder.NewPath(".jsonl"), _folder.NewPath(".json"));
        (await Cli.Run("train", "--data", train, "--out", model, "--algorithm", "pop")).Succeeded();
        (await Cli.Run("recommend", "--model", model, "--data", train, "--out", lines, "--json", json)).Succeeded();
        foreach (var file in new[] { lines, json })
            Assert.Contains("hüte'<b>&+", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>A name that promises what is not written is refused before the work; one that promises nothing is tab-separated.</summary>
    [Theory]
    [InlineData("next.xlsx", false)]
    [InlineData("next.json", false)]
    [InlineData("next.xlsx.gz", false)]
    [InlineData("next.parquet.gz", false)]
    [InlineData("next.TSV", true)]
    [InlineData("next.txt", true)]
    [InlineData("next.ndjson.gz", true)]
    [InlineData("next.gz", true)]
    [InlineData("next.2026-11-29", true)]
    [InlineData("next", true)]
    public async Task Out_OfAnotherEnding_IsRefused(string name, bool isKnown)
    {
        var file = Path.Combine(_folder.Path, name);
        var result = await Recommend(shop.Test, "--out", file);
        if (isKnown)
            result.Succeeded();
        else
            result.Failed(2, $"--out is '{file}'; expected a file that ends in .tsv, .txt, .csv, .jsonl or .ndjson (each also with .gz) or .parquet, or one without an ending for tab-separated text.");
        Assert.Equal(isKnown, File.Exists(file));
    }

    [Fact]
    public async Task Data_InAPipe_IsReadOnce()
    {
        if (!await Cli.Has(["bash", "-c", "cat /dev/null"]))
            Assert.Skip("needs bash and cat");
        var script = _folder.Text("file=$1; shift; cat \"$file\" | \"$@\"");

        var piped = (await Cli.RunProcess(["bash", script, shop.Test, .. Cli.Program, "recommend", "--model", shop.Markov, "--data", "/dev/stdin", "--top", "3"])).Succeeded();

        Assert.Equal((await Recommend(shop.Test)).Output, piped.Output);
        Assert.Equal("nextitem: /dev/stdin can be read only once, so all of it was read into memory; a file whose sessions stand together is streamed.\n", piped.Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shard_AllTogether_GiveTheWholeEachSessionOnce(bool grouped)
    {
        var data = grouped ? await Grouped() : shop.Test;
        var whole = Rows(await Recommend(data));

        var parts = new List<string>();
        for (var i = 1; i <= 3; i++)
        {
            var part = Rows(await Recommend(data, "--shard", $"{i}/3"));
            Assert.InRange(part.Length, whole.Length / 6, whole.Length / 2);
            Assert.Equal(whole.Where(part.Contains), part); // in the order of the whole
            parts.AddRange(part);
        }

        Assert.Equal(whole.Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Shard_OfFewSessions_MayBeEmptyAndHasAHeader()
    {
        var data = _folder.Events("SessionId ItemId Time", $"s {shop.Items.First} 1");
        var lengths = new List<int>();
        for (var i = 1; i <= 2; i++)
        {
            var file = _folder.NewPath(".tsv");
            (await Recommend(data, "--shard", $"{i}/2", "--out", file)).Succeeded();
            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal("SessionId\tRank\tItemId\tScore", lines[0]);
            lengths.Add(lines.Length);
        }

        Assert.Equal(1, lengths.Min());
        Assert.True(lengths.Max() > 1);
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    public async Task Shard_BadText_IsWrongUsage(string shard) =>
        (await Recommend(shop.Test, "--shard", shard)).Failed(2, $"--shard is '{shard}'; expected i/n with i from 1 to n, for instance 1/4.");

    [Theory]
    [InlineData("--shard", "1/2")]
    [InlineData("--threads", "2")]
    public async Task ShardOrThreads_OfOneSession_IsWrongUsage(string option, string value) =>
        (await Cli.Run("recommend", "--model", shop.Markov, "--items", shop.Items.First, option, value)).Failed(2, "--shard and --threads go with --data.");

    [Fact]
    public async Task Threads_Given_ChangeNoByte()
    {
        // More sessions than one thread is given at once.
        var rows = (await File.ReadAllLinesAsync(await Grouped(), TestContext.Current.CancellationToken)).Skip(1);
        var data = _folder.Text("SessionId\tItemId\tTime\n" + string.Concat(Enumerable.Range(0, 6).SelectMany(copy => rows.Select(row => $"{copy}-{row}\n"))), ".tsv");

        var one = (await Recommend(data, "--threads", "1")).Succeeded().Output;

        Assert.True(one.Split('\n').Select(row => row.Split('\t')[0]).Distinct().Count() > 600);
        Assert.Equal(one, (await Recommend(data, "--threads", "2")).Succeeded().Output);
        Assert.Equal(one, (await Recommend(data)).Succeeded().Output);
    }

    [Theory]
    [InlineData(".csv")]
    [InlineData(".jsonl")]
    [InlineData(".parquet")]
    [InlineData(".tsv.gz")]
    [InlineData(".CSV.GZ")]
    public async Task Out_Ending_DecidesWhatTheFileIs(string ending)
    {
        var expected = Rows(await Recommend(shop.Test, "--explain"));
        var file = _folder.NewPath(ending);

        (await Recommend(shop.Test, "--explain", "--out", file)).Succeeded();

        Assert.Equal(expected, await Read(file));
    }

    [Fact]
    public async Task Out_CsvOfKeysWithCommas_QuotesThem()
    {
        var train = _folder.Text("SessionId;ItemId;Time\ns;\"a,1\";1\ns;b;2\n", ".csv");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", train, "--out", model, "--algorithm", "pop")).Succeeded();
        var file = _folder.NewPath(".csv");

        (await Cli.Run("recommend", "--model", model, "--data", train, "--out", file)).Succeeded();

        Assert.Equal("SessionId,Rank,ItemId,Score\ns,1,\"a,1\",1\ns,2,b,1\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OutAndJson_Together_HaveTheSameItems()
    {
        var (rows, json) = (_folder.NewPath(".tsv"), _folder.NewPath(".json"));
        (await Recommend(shop.Test, "--out", rows, "--json", json)).Succeeded();

        using var answers = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));

        Assert.Equal((await File.ReadAllLinesAsync(rows, TestContext.Current.CancellationToken)).Skip(1).Select(row => string.Join(' ', row.Split('\t')[..3])), Items(answers.RootElement.GetProperty("sessions").EnumerateArray()));
    }

    [Fact]
    public async Task Data_BadRow_LeavesTheOldFile()
    {
        var data = _folder.Text("SessionId\tItemId\tTime\ns\ta\t1\nt\ta\tsoon\n", ".tsv");
        var file = _folder.Text("old", ".tsv");

        (await Recommend(data, "--out", file)).Failed(1, $"{data}, row 2: 'Time' is 'soon'; expected a number or an ISO 8601 date.");

        Assert.Equal("old", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private Task<CliResult> Recommend(string data, params string[] options) =>
        Cli.Run(["recommend", "--model", shop.Markov, "--data", data, "--top", "3", .. options]);

    /// <summary>The shop's test events, the sessions one after the other in the order in which they begin.</summary>
    private async Task<string> Grouped()
    {
        var rows = (await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken)).Skip(1).ToArray();
        var path = _folder.NewPath(".tsv");
        await File.WriteAllLinesAsync(path, rows.GroupBy(row => row.Split('\t')[0]).SelectMany(session => session).Prepend("SessionId\tItemId\tTime"), TestContext.Current.CancellationToken);
        return path;
    }

    private static string[] Rows(CliResult result) => result.Succeeded().Output.TrimEnd('\n').Split('\n')[1..];

    private static IEnumerable<string> Items(IEnumerable<JsonElement> sessions) => sessions.SelectMany(session =>
        session.GetProperty("items").EnumerateArray().Select((item, i) => $"{session.GetProperty("sessionId").GetString()} {i + 1} {item.GetProperty("itemId").GetString()}"));

    /// <summary>The rows of a file of any kind as those of tab-separated text.</summary>
    private static async Task<string[]> Read(string file)
    {
        if (file.EndsWith(".parquet", StringComparison.Ordinal))
            return await ReadParquet(file);
        await using Stream stream = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd('\n').Split('\n');
        return file.EndsWith(".jsonl", StringComparison.Ordinal) ? [.. lines.SelectMany(Of)] : [.. lines.Skip(1).Select(line => line.Replace(',', '\t'))];

        static IEnumerable<string> Of(string line)
        {
            using var json = JsonDocument.Parse(line);
            var session = json.RootElement.Clone();
            return session.GetProperty("items").EnumerateArray().Select((item, i) =>
            {
                var explanation = item.GetProperty("explanation");
                var isCarried = explanation.ValueKind != JsonValueKind.Null;
                return string.Join(
                    '\t', session.GetProperty("sessionId"), i + 1, item.GetProperty("itemId"), FormattableString.Invariant($"{(float)item.GetProperty("score").GetDouble():R}"),
                    isCarried ? explanation.GetProperty("itemId").ToString() : "", isCarried ? explanation.GetProperty("rankWithout").ToString() : "");
            });
        }
    }

    private static async Task<string[]> ReadParquet(string file)
    {
        await using var stream = File.OpenRead(file);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        var rows = new List<string>();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var count = (int)group.RowCount;
            var fields = reader.Schema.DataFields;
            Assert.Equal(["SessionId", "Rank", "ItemId", "Score", "BecauseOf", "RankWithout"], fields.Select(field => field.Name));
            var texts = new Dictionary<string, ReadOnlyMemory<char>?[]>();
            foreach (var field in fields.Where(field => field.Name is "SessionId" or "ItemId" or "BecauseOf"))
                await group.ReadAsync(field, (texts[field.Name] = new ReadOnlyMemory<char>?[count]).AsMemory(), null, TestContext.Current.CancellationToken);
            var (ranks, scores, without) = (new int[count], new float[count], new int?[count]);
            await group.ReadAsync(fields[1], ranks.AsMemory(), null, TestContext.Current.CancellationToken);
            await group.ReadAsync(fields[3], scores.AsMemory(), null, TestContext.Current.CancellationToken);
            await group.ReadAsync(fields[5], without.AsMemory(), null, TestContext.Current.CancellationToken);
            for (var i = 0; i < count; i++)
                rows.Add(string.Join('\t', texts["SessionId"][i], ranks[i], texts["ItemId"][i], FormattableString.Invariant($"{scores[i]:R}"), texts["BecauseOf"][i], without[i]));
        }

        return [.. rows];
    }
}
