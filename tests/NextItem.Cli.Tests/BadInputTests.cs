using System.IO.Compression;
using System.Text;

namespace NextItem.Cli.Tests;

/// <summary>Input that cannot be used: exit code 1, one line that says what and where, and an earlier model stays as it was.</summary>
public sealed class BadInputTests(SmallShop shop) : IDisposable
{
    private const string Header = "SessionId\tItemId\tTime\n";

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string> Texts => new()
    {
        { "empty", "", ": the file is empty (0 bytes); expected a header and events." },
        { "header only", Header, ": there is a header but no event (0 rows); expected at least one event." },
        { "one-event sessions only", Header + "s\ta\t1\nt\tb\t2\n", ": nothing to learn from: no session has two events; expected at least one that has." },
        { "missing column", "SessionId\tItem\tTime\ns\ta\t1\n", ": there is no column 'ItemId' among 'SessionId', 'Item', 'Time'" },
        { "wrong time", Header + "s\ta\t1\ns\tb\tnoon\n", ", row 2: 'Time' is 'noon'; expected a number or an ISO 8601 date." },
        { "missing field", Header + "s\ta\t1\ns\tb\n", ", row 2: " },
        { "empty key", Header + "s\ta\t1\ns\t\t2\n", ", row 2: " },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Texts))]
    public async Task Train_BadData_IsToldAndTheEarlierModelStays(string what, string content, string fault)
    {
        Assert.NotEmpty(what);
        await TrainFails(_folder.Text(content, ".tsv"), fault);
    }

    [Fact]
    public async Task Train_NoSuchFileOrAFolder_IsTold()
    {
        await TrainFails(_folder.NewPath(".tsv"), ": there is no such file; expected a file of events.");
        await TrainFails(_folder.Path, ": this is a folder; expected a file of events.");
    }

    [Fact]
    public async Task Train_BrokenGzip_IsTold()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(shop.Train, TestContext.Current.CancellationToken)));
        var file = _folder.NewPath(".tsv.gz");
        await File.WriteAllBytesAsync(file, bytes.ToArray()[..(int)(bytes.Length / 2)], TestContext.Current.CancellationToken);

        await TrainFails(file, ": the gzip data is damaged or cut short; expected a complete gzip file.");
    }

    [Fact]
    public async Task Train_ValidationWithoutAnyCase_IsToldBeforeTraining()
    {
        var single = _folder.Events("SessionId ItemId Time", $"s {shop.Items.First} 1");
        var unknown = _folder.Events("SessionId ItemId Time", "s x 1", "s y 2");
        string[] args = ["train", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), "--valid"];

        var first = (await Cli.Run([.. args, single])).Failed(1, $"{single}: nothing to validate on: no session has two events; expected");
        (await Cli.Run([.. args, unknown])).Failed(1, $"{unknown}: nothing to validate on: no session has two events of items that training has (2 of 2 events have others)");
        (await Cli.Run([.. args, _folder.NewPath(".tsv")])).Failed(1, "there is no such file");
        Assert.DoesNotContain("epoch ", first.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(args[4]));
    }

    [Fact]
    public async Task Model_TruncatedAnywhere_IsTold()
    {
        var bytes = await File.ReadAllBytesAsync(shop.Gru4Rec, TestContext.Current.CancellationToken);
        foreach (var length in new[] { 0, 7, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            var file = _folder.NewPath(".nextitem");
            await File.WriteAllBytesAsync(file, bytes[..length], TestContext.Current.CancellationToken);

            await ModelFails(file, "");
        }
    }

    [Fact]
    public async Task Model_OneByteChanged_IsTold()
    {
        var bytes = await File.ReadAllBytesAsync(shop.Gru4Rec, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        var file = _folder.NewPath(".nextitem");
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        await ModelFails(file, "checksum");
    }

    [Fact]
    public async Task Model_ATextFileAFolderOrNothing_IsTold()
    {
        await ModelFails(shop.Train, "looks like an event file; expected a model file. Are the two swapped? --model takes the model, --data the events.");
        await ModelFails(_folder.Text("not a table", ".nextitem"), "Not a model file");
        await ModelFails(_folder.Path, "is a directory; expected a model file.");
        await ModelFails(_folder.NewPath(".nextitem"), "does not exist; expected a model file. 'nextitem train' makes one.");
    }

    [Fact]
    public async Task Recommend_BadListsOrNames_AreTold()
    {
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--items", shop.Items.First];
        var missing = _folder.NewPath(".txt");

        (await Cli.Run([.. args, "--allow", missing])).Failed(1, $"{missing} does not exist; --allow expects a file with one item key a line.");
        (await Cli.Run([.. args, "--deny", _folder.Path])).Failed(1, $"{_folder.Path} is a directory; --deny expects");
        (await Cli.Run([.. args, "--names", missing])).Failed(1, missing);
        var noNames = (await Cli.Run([.. args, "--names", shop.Train])).Failed(1, "there is no column 'Name'", $"Name the columns behind the file: \"{shop.Train}:item=ItemId;name=COLUMN\".");
        Assert.DoesNotContain("nameColumn", noNames.Errors, StringComparison.Ordinal);
        (await Cli.Run([.. args, "--names", $"{shop.Names}:titel=Name"])).Failed(2, "expected a file, and where its columns are not ItemId and Name", "'titel' is neither 'item' nor 'name'.");
        var others = _folder.Text("ItemId\tName\nother\tOther\n", ".tsv");
        Assert.Contains($"--names {others} names 1 item, none of which the model knows; 'other' is one", (await Cli.Run([.. args, "--names", others])).Succeeded().Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--names", (await Cli.Run([.. args, "--names", shop.Names])).Succeeded().Errors, StringComparison.Ordinal);
        (await Cli.Run("recommend", "--model", shop.Gru4Rec, "--data", missing)).Failed(1, missing);
    }

    [Fact]
    public async Task Data_AModelFile_AsksWhetherTheyAreSwapped()
    {
        foreach (var command in (string[][])[["inspect"], ["evaluate", "--model", shop.Gru4Rec], ["train", "--out", _folder.NewPath(".nextitem")]])
            (await Cli.Run([.. command, "--data", shop.Popularity])).Failed(1, $"{shop.Popularity}: the file is a NextItem model or another safetensors file; expected events", "Are model and data swapped? --model takes the model, --data the events.");
    }

    private async Task TrainFails(string data, string fault)
    {
        var model = _folder.Text("an earlier model", ".nextitem");
        var before = Directory.GetFiles(_folder.Path);

        var result = await Cli.Run("train", "--data", data, "--out", model);

        result.Failed(1, $"nextitem: {data}{fault}");
        Assert.Single(result.ErrorLines);
        Assert.Equal("an earlier model", await File.ReadAllTextAsync(model, TestContext.Current.CancellationToken));
        Assert.Equal(before, Directory.GetFiles(_folder.Path));
    }

    private async Task ModelFails(string model, string fault)
    {
        string[][] commands =
        [
            ["evaluate", "--data", shop.Test], ["recommend", "--items", "a"], ["similar", "--item", "a"], ["inspect"],
        ];
        foreach (var command in commands)
        {
            var result = await Cli.Run([.. command, "--model", model]);
            result.Failed(1, $"nextitem: {model}").Failed(1, fault);
            Assert.Single(result.ErrorLines);
        }
    }
}
