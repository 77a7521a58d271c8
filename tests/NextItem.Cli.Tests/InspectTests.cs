namespace NextItem.Cli.Tests;

public sealed class InspectTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_Gru4Rec_TellsOptionsAndOrigin()
    {
        var output = (await Cli.Run("inspect", "--model", shop.Gru4Rec)).Succeeded().Output;
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", shop.Gru4Rec)).GetProperty("facts");
        var data = (await Cli.RunForJson(_folder, "inspect", "--data", shop.Train)).GetProperty("facts");

        Assert.Matches("algorithm +gru4rec\n", output);
        Assert.Matches("  layers +16\n", output);
        Assert.Equal(("gru4rec", 60, "16"), (facts.GetProperty("algorithm").GetString(), facts.GetProperty("items").GetInt32(), facts.GetProperty("options").GetProperty("layers").GetString()));
        Assert.Equal(data.GetProperty("dataFingerprint").GetString(), facts.GetProperty("dataFingerprint").GetString());
        Assert.Equal(data.GetProperty("events").GetInt32(), facts.GetProperty("events").GetInt32());
        Assert.Equal(data.GetProperty("lastTime").GetDouble(), facts.GetProperty("trainedUntil").GetDouble());
    }

    [Fact]
    public async Task Model_Baselines_TellTheirSize()
    {
        Assert.True((await Cli.RunForJson(_folder, "inspect", "--model", shop.Markov)).GetProperty("facts").GetProperty("transitions").GetInt64() > 60);
        Assert.Equal(60, (await Cli.RunForJson(_folder, "inspect", "--model", shop.Popularity)).GetProperty("facts").GetProperty("listedItems").GetInt32());
    }

    [Fact]
    public async Task Data_Small_IsCountedByHand()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1700000000", "s a 1700000060", "s b 1700000120", "t b 1700000180", "u c 1700000240", "u b 1700000300");

        var facts = (await Cli.RunForJson(_folder, "inspect", "--data", data)).GetProperty("facts");
        double Number(string name) => facts.GetProperty(name).GetDouble();

        Assert.Equal((6, 3, 3, 1, 3), (Number("events"), Number("sessions"), Number("items"), Number("sessionsOfOneEvent"), Number("predictions")));
        Assert.Equal((2, 2, 3, 3), (Number("meanSessionLength"), Number("medianSessionLength"), Number("longestSession"), Number("itemsBelowFiveEvents")));
        Assert.Equal(1 / 6.0, Number("repeatShare"), 1e-12);
        Assert.Equal((1700000000, 1700000300), (Number("firstTime"), Number("lastTime")));
        Assert.Equal("b", facts.GetProperty("mostPopularItem").GetString());
        Assert.Matches("first time +2023-11-14 22:13:20Z\n", (await Cli.Run("inspect", "--data", data)).Output);
    }

    [Theory]
    [InlineData("no session has two events", "s a 1", "t b 2")]
    [InlineData("1 sessions have one event", "s a 1", "t b 2", "t a 3")]
    [InlineData("the times look like an order, not like a clock", "s a 1", "s b 2", "t a 3", "t b 4", "u a 5", "u b 6", "v a 7", "v b 8")]
    [InlineData("1 sessions last longer than a day", "s a 1700000000", "s b 1700090000")]
    [InlineData("events per item: most items cannot be learned", "s a 1", "s b 2")]
    [InlineData("of the events repeat the one before", "s a 1", "s a 2", "s b 3")]
    public async Task Data_Doubtful_IsWarnedAbout(string warning, params string[] rows)
    {
        var data = _folder.Events(["SessionId ItemId Time", .. rows]);

        var output = (await Cli.Run("inspect", "--data", data)).Succeeded().Output;
        var json = await Cli.RunForJson(_folder, "inspect", "--data", data);

        Assert.Contains(output.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(warning, StringComparison.Ordinal));
        Assert.Contains(json.GetProperty("warnings").EnumerateArray(), told => told.GetString()!.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_LongSession_IsWarnedAbout()
    {
        var data = _folder.Events(["SessionId ItemId Time", .. Enumerable.Range(0, 201).Select(i => $"s {i % 20} {i}")]);

        Assert.Contains("warning: the longest session has 201 events", (await Cli.Run("inspect", "--data", data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_Sound_HasNoWarning()
    {
        Assert.DoesNotContain("warning", (await Cli.Run("inspect", "--data", shop.Train)).Succeeded().Output, StringComparison.Ordinal);
    }
}
