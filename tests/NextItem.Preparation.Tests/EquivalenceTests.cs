using NextItem.Preparation.Tests.Reference;

namespace NextItem.Preparation.Tests;

/// <summary>The SQL against the slow reference, on random logs with random steps.</summary>
public class EquivalenceTests
{
    private const int LogsATest = 40;

    public static TheoryData<int> Parts => [.. Enumerable.Range(0, 6)];

    [Theory, MemberData(nameof(Parts))]
    public void Prepare_RandomLogAndSteps_GivesTheRowsOfTheReference(int part)
    {
        var (prepared, refused) = (0, 0);
        for (var seed = part * LogsATest; seed < (part + 1) * LogsATest; seed++)
        {
            var steps = RandomLog.StepsOf(seed);
            if (Compare(seed, steps))
                prepared++;
            else
                refused++;
        }

        Assert.True(prepared >= LogsATest / 4, $"{prepared} logs prepared, {refused} refused for want of events: the logs are too small to show anything");
    }

    /// <summary>No option is left out of the random steps: each has several values among them.</summary>
    [Fact]
    public void RandomSteps_DrawEveryOption()
    {
        var drawn = Enumerable.Range(0, 6 * LogsATest).Select(RandomLog.StepsOf).ToList();

        Assert.All(typeof(PreparationSteps).GetProperties(), option =>
        {
            var values = drawn.Select(steps => option.GetValue(steps) is IEnumerable<string> list ? string.Join(',', list) : $"{option.GetValue(steps)}").Distinct().ToList();
            Assert.True(values.Count > 1, $"{option.Name} is always {values[0]}");
            if (option.PropertyType.IsEnum && option.Name != nameof(PreparationSteps.Sessions)) // automatic is one of the other two
                Assert.Equal(Enum.GetNames(option.PropertyType).Length, values.Count);
        });
    }

    /// <summary>Every option changed alone: the rows follow the reference, and some log shows a difference.</summary>
    [Theory]
    [InlineData(nameof(PreparationSteps.EventTypes))]
    [InlineData(nameof(PreparationSteps.SelectTypesFirst))]
    [InlineData(nameof(PreparationSteps.Gap))]
    [InlineData(nameof(PreparationSteps.CollapseRepeats))]
    [InlineData(nameof(PreparationSteps.MaxSessionLength))]
    [InlineData(nameof(PreparationSteps.LongSessions))]
    [InlineData(nameof(PreparationSteps.MinItemSupport))]
    [InlineData(nameof(PreparationSteps.MinSessionLength))]
    [InlineData(nameof(PreparationSteps.Filter))]
    [InlineData(nameof(PreparationSteps.TestPeriod))]
    [InlineData(nameof(PreparationSteps.TestFrom))]
    [InlineData(nameof(PreparationSteps.End))]
    [InlineData(nameof(PreparationSteps.SplitBy))]
    [InlineData(nameof(PreparationSteps.Crossing))]
    [InlineData(nameof(PreparationSteps.UnseenItems))]
    [InlineData(nameof(PreparationSteps.LatestFraction))]
    public void Prepare_OneOptionChanged_DiffersAndFollowsTheReference(string option)
    {
        var plain = new PreparationSteps { EventTypes = ["view", "cart"], Sessions = SessionSource.User, MaxSessionLength = 8, MinItemSupport = 2, Validation = true };
        var changed = option switch
        {
            nameof(PreparationSteps.EventTypes) => plain with { EventTypes = ["view"] },
            nameof(PreparationSteps.SelectTypesFirst) => plain with { SelectTypesFirst = true },
            nameof(PreparationSteps.Gap) => plain with { Gap = TimeSpan.FromHours(6) },
            nameof(PreparationSteps.CollapseRepeats) => plain with { CollapseRepeats = false },
            nameof(PreparationSteps.MaxSessionLength) => plain with { MaxSessionLength = 4 },
            nameof(PreparationSteps.LongSessions) => plain with { LongSessions = LongSessions.Drop },
            nameof(PreparationSteps.MinItemSupport) => plain with { MinItemSupport = 5 },
            nameof(PreparationSteps.MinSessionLength) => plain with { MinSessionLength = 3 },
            nameof(PreparationSteps.Filter) => plain with { Filter = FilterRounds.Once },
            nameof(PreparationSteps.TestPeriod) => plain with { TestPeriod = TimeSpan.FromDays(2) },
            nameof(PreparationSteps.TestFrom) => plain with { TestFrom = DateTimeOffset.FromUnixTimeSeconds(1_400_000_000 + (3 * 86_400)) },
            nameof(PreparationSteps.End) => plain with { End = DateTimeOffset.FromUnixTimeSeconds(1_400_000_000 + (4 * 86_400)) },
            nameof(PreparationSteps.SplitBy) => plain with { SplitBy = SplitBy.End },
            nameof(PreparationSteps.Crossing) => plain with { Crossing = CrossingSessions.Keep },
            nameof(PreparationSteps.UnseenItems) => plain with { UnseenItems = UnseenItems.Drop },
            _ => plain with { LatestFraction = 0.5 },
        };
        var differs = false;
        for (var seed = 0; seed < 200 && !differs; seed++)
        {
            var log = RandomLog.Of(seed);
            var (left, right) = (ReferencePreparer.Prepare(log, plain, byUser: true), ReferencePreparer.Prepare(log, changed, byUser: true));
            if (left is null || right is null || left.Keys.All(set => left[set].Select(RandomLog.Row).SequenceEqual(right[set].Select(RandomLog.Row))))
                continue;
            differs = Compare(seed, plain) && Compare(seed, changed);
        }

        Assert.True(differs, $"{option} changed nothing in 200 logs");
    }

    /// <summary>What is decided by the very moment of the cut belongs to the test.</summary>
    [Theory]
    [InlineData(SplitBy.Start)]
    [InlineData(SplitBy.End)]
    public void Prepare_SessionAtTheVeryCut_FollowsTheReference(SplitBy by)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var moments = RandomLog.Of(seed).GroupBy(e => e.Owner).Select(session => by == SplitBy.Start ? session.Min(e => e.Time) : session.Max(e => e.Time)).Order().ToList();
            var cut = moments[moments.Count / 2];

            Assert.True(Compare(seed, Steps.Lenient with { Sessions = SessionSource.Id, SplitBy = by, TestFrom = DateTimeOffset.UnixEpoch.AddTicks(cut * 10) }));
        }
    }

    // False where a step leaves nothing, which both must say.
    private static bool Compare(int seed, PreparationSteps steps)
    {
        using var folder = new TempFolder();
        var log = RandomLog.Of(seed);
        var byUser = steps.Sessions == SessionSource.User;
        var expected = ReferencePreparer.Prepare(log, steps, byUser);
        var input = folder.Write("log.csv", RandomLog.Text(log, byUser));
        if (expected is null)
        {
            var refusal = Assert.Throws<PreparationException>(() => folder.Prepare(input, steps));
            Assert.Contains("left no event in", refusal.Message, StringComparison.Ordinal);
            return false;
        }

        var report = folder.Prepare(input, steps);
        foreach (var (set, events) in expected)
            Assert.True(events.Select(RandomLog.Row).SequenceEqual(folder.Rows(set)), $"seed {seed}, {set}, {steps}:\nexpected\n{string.Join('\n', events.Select(RandomLog.Row))}\nfound\n{string.Join('\n', folder.Rows(set))}");
        Assert.Equal(expected.Keys.Select(set => $"{set}.tsv").Append("items.tsv"), report.Files.Select(file => file.Name));
        Assert.Equal(ReferencePreparer.Items(expected), folder.Rows("items"));
        foreach (var set in expected.Keys)
            Assert.Equal(Data.EventsFile.Read(folder.At($"out/{set}.tsv")).Fingerprint(), report.Files.Single(file => file.Name == $"{set}.tsv").Fingerprint);
        return true;
    }
}
