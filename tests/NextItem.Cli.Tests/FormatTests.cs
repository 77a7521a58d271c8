using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary><c>--format pygru4rec</c>, at every command that reads events: the same answers as from a file with a header.</summary>
public sealed class FormatTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Commands => ["train", "evaluate", "recommend", "inspect"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Commands))]
    public async Task PyGru4Rec_FileWithoutHeader_GivesWhatTheFileWithHeaderGives(string command)
    {
        var withHeader = command == "train" ? shop.Train : shop.Test;
        var without = await WithoutHeader(withHeader);

        var standard = await Cli.RunForJson(_folder, Args(command, withHeader));
        var format = await Cli.RunForJson(_folder, [.. Args(command, without), "--format", "pyGRU4Rec"]); // in any case

        Assert.Equal(Read(command, standard), Read(command, format));
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task PyGru4Rec_FileWithHeader_SaysToLeaveItOut(string command)
    {
        var result = await Cli.Run([.. Args(command, shop.Test), "--format", "pygru4rec"]);

        result.Failed(1, $"{shop.Test}: the first line, 'SessionId', 'ItemId', 'Time', looks like a header");
        result.Failed(1, "Leave out --format");
        Assert.Single(result.ErrorLines);
        Assert.DoesNotContain("EventColumns", result.Errors, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task Events_IsTheDefault(string command)
    {
        var without = _folder.Events("1 2 3", "1 3 4");

        var standard = await Cli.Run(Args(command, without));
        var events = await Cli.Run([.. Args(command, without), "--format", "events"]);

        standard.Failed(1, $"{without}: the first line, '1', '2', '3', looks like data and not like a header");
        standard.Failed(1, "say --format pygru4rec");
        Assert.Equal(standard.Errors, events.Errors);
    }

    [Fact]
    public async Task Train_ValidWithoutHeader_IsReadInTheSameFormat()
    {
        string[] args = ["train", "--format", "pygru4rec", "--data", await WithoutHeader(shop.Train), "--out", _folder.NewPath(".nextitem"), .. SmallShop.Quick];

        var json = await Cli.RunForJson(_folder, [.. args, "--valid", await WithoutHeader(shop.Test)]);

        Assert.True(json.GetProperty("epochs")[0].TryGetProperty("validation", out _));
        (await Cli.Run([.. args, "--valid", shop.Test])).Failed(1, $"{shop.Test}: the first line, 'SessionId', 'ItemId', 'Time', looks like a header");
    }

    private string[] Args(string command, string data) => command switch
    {
        "train" => ["train", "--data", data, "--out", _folder.NewPath(".nextitem"), "--algorithm", "markov"],
        "inspect" => ["inspect", "--data", data],
        _ => [command, "--model", shop.Gru4Rec, "--data", data],
    };

    private async Task<string> WithoutHeader(string file) =>
        _folder.Text(string.Join('\n', (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Skip(1)) + "\n", ".tsv");

    private static string Read(string command, JsonElement json) => command switch
    {
        "train" => json.GetProperty("dataFingerprint").GetString()!,
        "inspect" => json.GetProperty("facts").GetProperty("dataFingerprint").GetString()!,
        "evaluate" => json.GetProperty("metrics").ToString(),
        _ => json.GetProperty("sessions").ToString(),
    };
}
