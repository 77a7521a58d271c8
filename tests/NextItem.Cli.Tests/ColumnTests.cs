namespace NextItem.Cli.Tests;

/// <summary>The options that name columns, at every command that has them.</summary>
public sealed class ColumnTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var command in (string[])["train", "evaluate", "recommend", "inspect"])
            {
                foreach (var option in (string[])["session", "item", "time"])
                    cases.Add(command, option);
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Cases))]
    public async Task Column_Other_IsTheOneThatIsRead(string command, string option)
    {
        var (a, b) = shop.Items;
        var data = _folder.Events(
            "SessionId ItemId Time session item time",
            $"s {a} 1 x {b} 9",
            $"s {b} 2 x {b} 8",
            $"t {b} 3 x {a} 7",
            $"t {b} 4 y {a} 6");
        string[] args = command switch
        {
            "train" => ["train", "--data", data, "--out", _folder.NewPath(".nextitem"), "--algorithm", "markov"],
            "inspect" => ["inspect", "--data", data],
            "evaluate" => ["evaluate", "--model", shop.Gru4Rec, "--data", data, "--cutoffs", "60"],
            _ => ["recommend", "--model", shop.Gru4Rec, "--data", data],
        };
        string[] columns = [$"--{option}-column", option];

        var standard = await Cli.RunForJson(_folder, args);
        var other = await Cli.RunForJson(_folder, [.. args, .. columns]);

        // What has to differ: the fingerprint of what was read, the answers, or the numbers.
        string Read(System.Text.Json.JsonElement json) => command switch
        {
            "train" => json.GetProperty("dataFingerprint").GetString()!,
            "inspect" => json.GetProperty("facts").GetProperty("dataFingerprint").GetString()!,
            "evaluate" => json.GetProperty("metrics").ToString(),
            _ => json.GetProperty("sessions").ToString(),
        };
        Assert.NotEqual(Read(standard), Read(other));
        Assert.Equal(Read(standard), Read(await Cli.RunForJson(_folder, [.. args, $"--{option}-column", option switch { "session" => "SessionId", "item" => "ItemId", _ => "Time" }])));
        (await Cli.Run([.. args, $"--{option}-column", "nope"])).Failed(1, $"{data}: there is no column 'nope'");
    }

    /// <summary>The library's messages say what code sets, too; here nobody writes code.</summary>
    [Fact]
    public async Task Columns_ThatAreMissing_AreToldOnceAndInOptions()
    {
        var data = _folder.Events("visit product when", "s a 1", "s b 2");

        var result = await Cli.Run("train", "--data", data, "--out", _folder.NewPath(".nextitem"));

        result.Failed(1, "Name other columns with --session-column, --item-column and --time-column.");
        Assert.DoesNotContain("EventColumns", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_WithoutTheItem_AreToldWhatIsMissing()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2");
        var features = _folder.Events("Artikel Titel", "a x", "b y");

        var result = await Cli.Run("train", "--algorithm", "prnn", "--data", data, "--features", features, "--out", _folder.NewPath(".nextitem"));

        result.Failed(1, $"{features}: there is no column 'ItemId' among 'Artikel', 'Titel'; expected the column 'ItemId'. Name another column in item= of --features.");
        Assert.DoesNotContain("FeatureSource", result.Errors, StringComparison.Ordinal);
    }
}
