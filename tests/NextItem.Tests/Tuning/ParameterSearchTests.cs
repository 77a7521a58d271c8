using NextItem.Kernels;

namespace NextItem.Tests.Tuning;

public class ParameterSearchTests
{
    private static readonly SearchSpace s_space = SearchFunctions.Space(SearchFunctions.Real("x", 0, 1), SearchFunctions.Real("y", 0, 1));

    [Theory]
    [InlineData(10, 1, 3, "1 3 10")]
    [InlineData(10, 2, 3, "3 10")]
    [InlineData(20, 1, 2, "1 2 5 10 20")]
    [InlineData(2, 1, 3, "2")]
    [InlineData(1, 1, 3, "1")]
    public void Rungs_OfEpochs_AreAboutAReductionFactorApart(int epochs, int first, int factor, string expected) =>
        Assert.Equal(expected, string.Join(' ', Search(new() { Epochs = epochs, FirstEpochs = first, ReductionFactor = factor }).Rungs));

    [Fact]
    public void NextRound_WithoutHalving_TrainsEveryTrialToItsEnd()
    {
        var tasks = Run(Search(new() { Halving = false, Trials = 11 }), Value);
        Assert.Equal(Enumerable.Range(0, 11), tasks.Select(task => task.Trial));
        Assert.All(tasks, task => Assert.Equal((0, 10), (task.Rung, task.Epochs)));
    }

    /// <summary>At every moment those that go on are among the best third of all that came as far; at the end all of them have gone on.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void NextRound_WithHalving_LetsTheBestThirdGoOn(int roundSize)
    {
        var search = Search(new() { Trials = 60, RoundSize = roundSize });
        while (search.NextRound() is { Length: > 0 } round)
        {
            Assert.True(round.Length <= roundSize);
            foreach (var task in round)
            {
                if (task.Rung == 0)
                    continue;
                var before = search.Trials.Where(trial => trial.Rung >= task.Rung - 1 && trial.Values.Length > 0).Select(trial => trial.Values[task.Rung - 1]).OrderDescending().ToArray();
                Assert.True(search.Trials[task.Trial].Value >= before[(before.Length / 3) - 1], $"trial {task.Trial} goes on to rung {task.Rung}");
            }

            foreach (var task in round.Reverse())
                search.Report(task, Value(task));
        }

        Assert.Equal(60, search.Trials.Count);
        for (var rung = 0; rung < 2; rung++)
        {
            var best = search.Trials.Where(trial => trial.Rung >= rung).OrderByDescending(trial => trial.Values[rung]).ToArray();
            Assert.All(best.Take(best.Length / 3), trial => Assert.True(trial.Rung > rung, $"trial {trial.Number} is among the best third of rung {rung} and stopped there"));
        }
    }

    /// <summary>Where later trials are no better than earlier ones a third goes on each time; where they are, more do, for they deserve it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void NextRound_WithHalving_SavesEpochs(int roundSize)
    {
        var random = new CounterRandom(8);
        var byChance = Epochs(task => random.At(RandomStream.SessionShuffle, 0, task.Trial, 0).A);
        var better = Epochs(Value);
        Assert.True(byChance < 220 && better < 400 && byChance > 60, $"{byChance} and {better} epochs of 600"); // 60 + 20·2 + 6·7 if decided on at the end

        int Epochs(Func<SearchTask, double> value)
        {
            var search = Search(new() { Trials = 60, RoundSize = roundSize });
            return Run(search, value).Sum(task => task.Epochs - (task.Rung == 0 ? 0 : search.Rungs[task.Rung - 1]));
        }
    }

    [Fact]
    public void NextRound_TheSameResultsInAnotherOrder_GivesTheSameTasks()
    {
        var forwards = Run(Search(new() { Trials = 40 }), Value);
        var backwards = Run(Search(new() { Trials = 40 }), Value, reverse: true);
        Assert.Equal(forwards.Select(Text), backwards.Select(Text));
        Assert.NotEqual(forwards.Select(Text), Run(Search(new() { Trials = 40, Seed = 43 }), Value).Select(Text));
        Assert.NotEqual(forwards.Select(Text), Run(Search(new() { Trials = 40, RoundSize = 1 }), Value).Select(Text));
        Assert.NotEqual(forwards.Select(Text), Run(Search(new() { Trials = 40, StartTrials = 3 }), Value).Select(Text));
    }

    /// <summary>More trials begin as fewer do: a search can be made longer.</summary>
    [Fact]
    public void NextRound_WithMoreTrials_TriesTheSameSettingsFirst()
    {
        var few = Run(Search(new() { Trials = 20 }), Value).Where(task => task.Rung == 0).Select(Text);
        var many = Run(Search(new() { Trials = 50 }), Value).Where(task => task.Rung == 0).Select(Text);
        Assert.Equal(few, many.Take(20));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void NextRound_FewTrials_EndsWithOneThatCameToItsEnd(int trials)
    {
        var search = Search(new() { Trials = trials });
        Run(search, Value);
        Assert.Equal(trials, search.Trials.Count);
        Assert.Equal(2, search.Best!.Rung);
        Assert.Equal(1, search.Trials.Count(trial => trial.Rung == 2));
    }

    [Fact]
    public void Report_Failures_DoNotStopTheSearch()
    {
        var search = Search(new() { Trials = 30 });
        Run(search, task => task.Trial % 3 == 0 ? null : task.Trial % 7 == 0 ? double.PositiveInfinity : task is { Rung: 1, Trial: < 12 } ? double.NaN : Value(task));
        Assert.Equal(30, search.Trials.Count);
        Assert.True(search.Trials[0].IsFailed && search.Trials[7].IsFailed && !search.Trials[1].IsFailed);
        Assert.Equal(2, search.Best!.Rung);
        Assert.False(search.Best.IsFailed);

        var hopeless = Search(new() { Trials = 8 });
        Assert.Equal(8, Run(hopeless, _ => null).Count);
        Assert.Null(hopeless.Best);
    }

    [Fact]
    public void NextRound_ASmallSpace_IsGoneThroughOnce()
    {
        var space = SearchFunctions.Space(
            new SearchParameter("a", SearchKind.Choice) { Values = ["x", "y"] }, new SearchParameter("b", SearchKind.Whole) { Low = 1, High = 5, When = new("a", ["y"]) });
        var search = new ParameterSearch(space, new() { Trials = 30, Halving = false });
        var tasks = Run(search, task => task.Point[0]);
        Assert.True(search.IsExhausted);
        Assert.Equal(["x", "y 1", "y 2", "y 3", "y 4", "y 5"], tasks.Select(task => string.Join(' ', space.Describe(task.Point).Select(each => each.Value))).Order(StringComparer.Ordinal));
    }

    /// <summary>No trial goes on whose checkpoint was thrown away, and most can be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MayGoOn_OfTrialsThatGoOn_WasTrue(ulong seed)
    {
        var search = Search(new() { Trials = 70, Seed = seed, Epochs = 27 });
        var gone = new HashSet<int>();
        var most = 0;
        while (search.NextRound() is { Length: > 0 } round)
        {
            Assert.All(round, task => Assert.DoesNotContain(task.Trial, gone));
            foreach (var task in round)
                search.Report(task, Value(task));
            gone.UnionWith(search.Trials.Where(trial => !search.MayGoOn(trial.Number)).Select(trial => trial.Number));
            most = Math.Max(most, search.Trials.Count - gone.Count);
        }

        Assert.True(most < 45, $"{most} checkpoints at once");
        Assert.Equal(70, gone.Count);
    }

    [Fact]
    public void Report_OutOfTurn_IsRefused()
    {
        var search = Search(new() { Trials = 9 });
        var round = search.NextRound();
        Assert.Throws<InvalidOperationException>(() => search.NextRound());
        search.Report(round[0], 1);
        Assert.Throws<ArgumentException>(() => search.Report(round[0], 1));
        Assert.Throws<ArgumentException>(() => search.Report(round[1] with { Epochs = 99 }, 1));
    }

    [Fact]
    public void Validate_ManyFaults_ListsAll()
    {
        var faults = Assert.Throws<OptionsException>(() => Search(new() { Trials = 0, Epochs = 0, FirstEpochs = 0, ReductionFactor = 1, RoundSize = 0, StartTrials = 0 })).Faults;
        Assert.Equal(["Trials", "Epochs", "FirstEpochs", "ReductionFactor", "RoundSize", "StartTrials"], faults.Select(fault => fault.Split(' ')[0]));
        Assert.Single(Assert.Throws<OptionsException>(() => Search(new() { FirstEpochs = 11 })).Faults);
        Assert.Equal("10", string.Join(' ', Search(new() { FirstEpochs = 11, Halving = false }).Rungs));
    }

    private static ParameterSearch Search(SearchOptions options) => new(s_space, options);

    /// <summary>Better near (0.3, 0.8), and with more epochs.</summary>
    private static double Value(SearchTask task) => (0.1 * task.Rung) - Math.Abs(task.Point[0] - 0.3) - Math.Abs(task.Point[1] - 0.8);

    private static string Text(SearchTask task) => $"{task.Trial} {task.Rung} {string.Join(' ', task.Point)}";

    private static List<SearchTask> Run(ParameterSearch search, Func<SearchTask, double?> value, bool reverse = false)
    {
        var tasks = new List<SearchTask>();
        while (search.NextRound() is { Length: > 0 } round)
        {
            tasks.AddRange(round);
            foreach (var task in reverse ? round.Reverse() : round)
                search.Report(task, value(task));
        }

        return tasks;
    }

    private static List<SearchTask> Run(ParameterSearch search, Func<SearchTask, double> value, bool reverse = false) => Run(search, task => (double?)value(task), reverse);
}
