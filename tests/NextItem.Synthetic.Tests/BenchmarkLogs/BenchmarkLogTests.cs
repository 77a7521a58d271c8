using Xunit;

namespace NextItem.Synthetic.Tests.BenchmarkLogs;

public class BenchmarkLogTests
{
    private static readonly BenchmarkLogOptions s_small = new() { Items = 200, Sessions = 1_000 };
    private static readonly Lazy<SessionSet> s_default = new(() => BenchmarkLog.Generate(new BenchmarkLogOptions()));

    /// <summary>Each option changed; the seed too.</summary>
    public static TheoryData<string, BenchmarkLogOptions> Changes => new()
    {
        { nameof(BenchmarkLogOptions.Seed), s_small with { Seed = 43 } },
        { nameof(BenchmarkLogOptions.Items), s_small with { Items = 201 } },
        { nameof(BenchmarkLogOptions.Sessions), s_small with { Sessions = 1_001 } },
        { nameof(BenchmarkLogOptions.MeanLength), s_small with { MeanLength = 6 } },
        { nameof(BenchmarkLogOptions.PopularityExponent), s_small with { PopularityExponent = 1 } },
        { nameof(BenchmarkLogOptions.SuccessorPercent), s_small with { SuccessorPercent = 50 } },
    };

    [Fact]
    public void Generate_DefaultLog_PinnedOnEveryMachine() =>
        Assert.Equal("226f32dab18fa1f78347781b7b4431d604bdda3d46d9008fd90cfdc9e8253336", s_default.Value.Fingerprint());

    [Fact]
    public void Generate_SameOptions_SameLog() =>
        Assert.Equal(BenchmarkLog.Generate(s_small).Fingerprint(), BenchmarkLog.Generate(s_small).Fingerprint());

    [Theory]
    [MemberData(nameof(Changes))]
    public void Generate_ChangedOption_OtherLog(string option, BenchmarkLogOptions changed)
    {
        var (one, other) = (BenchmarkLog.Generate(s_small), BenchmarkLog.Generate(changed));
        Assert.True(one.Fingerprint() != other.Fingerprint(), $"{option} leaves the log as it was.");
        Assert.Equal(changed.Sessions, other.Count);
        Assert.Equal(changed.Items, other.Catalog.Count);
    }

    [Fact]
    public void Generate_DefaultLog_HasTheSizeThatTheOptionsName()
    {
        var log = s_default.Value;
        Assert.Equal(30_000, log.Catalog.Count);
        Assert.Equal(60_000, log.Count);
        Assert.InRange(log.EventCount / 60_000.0, 4.92, 5.08);    // seven standard errors of a geometric number
    }

    [Fact]
    public void Generate_DefaultLog_PopularityIsUneven()
    {
        var support = s_default.Value.Catalog.Support.ToArray();
        Array.Sort(support);
        Assert.True(support[0] >= 1);
        var topHundredth = (double)support[^300..].Sum() / support.Sum();
        Assert.InRange(topHundredth, 0.43, 0.45);    // the same part would be 0.01 if all were equally popular
    }

    [Fact]
    public void Generate_DefaultLog_FiveSuccessorsTakeTheirPercentage()
    {
        // For the items seen most: the five that follow most often take 60 % and what popularity adds to them.
        var log = s_default.Value;
        var following = new Dictionary<int, Dictionary<int, int>>();
        for (var s = 0; s < log.Count; s++)
        {
            var items = log.ItemsOf(s);
            for (var i = 1; i < items.Length; i++)
            {
                Assert.NotEqual(items[i - 1], items[i]);
                if (!following.TryGetValue(items[i - 1], out var counts))
                    following.Add(items[i - 1], counts = []);
                counts[items[i]] = counts.GetValueOrDefault(items[i]) + 1;
            }
        }

        var most = following.Values.OrderByDescending(counts => counts.Values.Sum()).Take(50).ToList();
        var ofFive = most.Average(counts => (double)counts.Values.OrderDescending().Take(5).Sum() / counts.Values.Sum());
        Assert.InRange(ofFive, 0.59, 0.66);
    }

    [Fact]
    public void Events_DefaultLog_AreTheSessionsThatGenerateGives()
    {
        var events = BenchmarkLog.Events(s_small).ToList();
        Assert.Equal(SessionSet.From(events).Fingerprint(), BenchmarkLog.Generate(s_small).Fingerprint());
        Assert.Equal(new SessionEvent("S000000", events[0].ItemKey, 1_767_571_200), events[0]);
        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.SessionKey != pair.Second.SessionKey || pair.First.Time < pair.Second.Time));
    }

    [Fact]
    public void Validate_EveryOptionWrong_ListsEveryFault()
    {
        var options = new BenchmarkLogOptions
        {
            Items = 19,
            Sessions = 0,
            MeanLength = double.NaN,
            PopularityExponent = 2.1,
            SuccessorPercent = 101,
        };
        var faults = Assert.Throws<OptionsException>(options.Validate).Faults;
        Assert.Equal(
        [
            "Items is 19; expected from 20 to 5,000,000.",
            "Sessions is 0; expected from 1 to 100,000,000.",
            "MeanLength is NaN; expected from 2 to 100.",
            "PopularityExponent is 2.1; expected from 0 to 2.",
            "SuccessorPercent is 101; expected from 0 to 100.",
        ], faults);
        Assert.Throws<OptionsException>(() => BenchmarkLog.Events(options));    // at the call, not at the first event
        Assert.Throws<ArgumentNullException>(() => BenchmarkLog.Generate(null!));
    }
}
