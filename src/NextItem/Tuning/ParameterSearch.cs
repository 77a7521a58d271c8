using System.Collections.Immutable;
using NextItem.Tuning;

namespace NextItem;

/// <summary>
/// Searches a space: says which trials to train how far, and is told what came out. Trains nothing itself and knows no clock: the same
/// results give the same tasks, however long they took and in which order they came.
/// </summary>
/// <remarks>
/// The sampler is a tree-structured Parzen estimator (Bergstra et al., NIPS 2011) with an even start. Trials are stopped by successive halving
/// over epochs as in ASHA (Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020): one goes on when it is in the best
/// 1/<see cref="SearchOptions.ReductionFactor"/> of all that came as far. Where ASHA decides whenever a worker is free, here a round is
/// decided on at once, so that nothing depends on time.
/// </remarks>
public sealed class ParameterSearch
{
    private readonly SearchOptions _options;
    private readonly ParzenSampler _sampler;
    private readonly List<SearchTrial> _trials = [];
    private readonly List<SearchTask> _round = [];
    private bool _isExhausted;

    /// <summary>Begins a search.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="options">How.</param>
    /// <exception cref="OptionsException">Space or options cannot be; all faults are listed.</exception>
    public ParameterSearch(SearchSpace space, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(options);
        space.Validate();
        options.Validate();
        Space = space;
        _options = options;
        _sampler = new ParzenSampler(space, options.StartTrials, options.Seed);
        Rungs = [.. options.Rungs()];
    }

    /// <summary>What is searched.</summary>
    public SearchSpace Space { get; }

    /// <summary>Epochs at which trials are compared; the last number is all of them.</summary>
    public ImmutableArray<int> Rungs { get; }

    /// <summary>The trials so far, by number.</summary>
    public IReadOnlyList<SearchTrial> Trials => _trials;

    /// <summary>The trial that came to the greatest value; null where none did.</summary>
    public SearchTrial? Best => _trials.Where(trial => !double.IsNaN(trial.Value)).OrderByDescending(trial => trial.Value).ThenByDescending(trial => trial.Rung).ThenBy(trial => trial.Number).FirstOrDefault();

    /// <summary>Whether every setting of the space has been tried, before there were as many trials as were asked for.</summary>
    public bool IsExhausted => _isExhausted;

    /// <summary>What to do next, all of it before anything else; nothing at the end of the search.</summary>
    /// <exception cref="InvalidOperationException">Not all tasks of the round before have been reported.</exception>
    public ImmutableArray<SearchTask> NextRound()
    {
        if (_round.Count > 0)
            throw new InvalidOperationException($"Trial {_round[0].Trial} of the round is without a result; expected one of each before the next round.");
        for (var rung = Rungs.Length - 2; rung >= 0; rung--)
        {
            var there = Compared(rung);
            foreach (var trial in there.Take(there.Length / _options.ReductionFactor).Where(trial => CanGoOn(trial, rung)))
            {
                if (_round.Count < _options.RoundSize)
                    _round.Add(new SearchTask(trial.Number, trial.Point, rung + 1, Rungs[rung + 1]));
            }
        }

        while (_round.Count < _options.RoundSize && _trials.Count < _options.Trials && !_isExhausted)
            AddTrial();
        if (_round.Count == 0)
            AddLast();
        return [.. _round];
    }

    /// <summary>Takes the result of a task.</summary>
    /// <param name="task">One of the round's.</param>
    /// <param name="value">What was measured, greater is better; null or not a number where the trial failed.</param>
    /// <exception cref="ArgumentException">It is no task of this round, or has been reported.</exception>
    public void Report(SearchTask task, double? value)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!_round.Remove(task))
            throw new ArgumentException($"Trial {task.Trial} with {task.Epochs} epochs is no task of this round, or has a result; expected each task once.", nameof(task));
        var trial = _trials[task.Trial];
        _trials[task.Trial] = trial with { Values = trial.Values.Add(value is { } number && double.IsFinite(number) ? number : double.NaN) };
    }

    /// <summary>Whether a trial may have to go on from where it stands, so that its checkpoint is worth keeping.</summary>
    /// <param name="number">The trial's number.</param>
    public bool MayGoOn(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _trials.Count);
        var trial = _trials[number];

        // Its place can only become worse. No more trials come to a comparison than those that may still go on to it.
        var coming = _options.Trials - _trials.Count + _trials.Count(other => other.Rung < 0);
        for (var rung = 0; rung < Math.Min(trial.Rung + 1, Rungs.Length - 1); rung++)
        {
            var there = Compared(rung);
            var open = there.Take(Math.Max(1, (there.Length + coming) / _options.ReductionFactor)).Where(other => CanGoOn(other, rung)).ToArray();
            if (rung == trial.Rung)
                return open.Contains(trial);
            coming += open.Length;
        }

        return trial.Rung < 0;
    }

    /// <summary>Those that came to a comparison, from the best to the worst there.</summary>
    private SearchTrial[] Compared(int rung) =>
        [.. _trials.Where(trial => trial.Rung >= rung).OrderBy(trial => double.IsNaN(trial.Values[rung])).ThenByDescending(trial => trial.Values[rung]).ThenBy(trial => trial.Number)];

    private static bool CanGoOn(SearchTrial trial, int rung) => trial.Rung == rung && !trial.IsFailed;

    private void AddTrial()
    {
        var underWay = _trials.Where(trial => trial.Rung < 0).Select(trial => trial.Point).ToArray();
        var ranked = TrialOrder.Ranked(_trials).ToArray();
        if (_sampler.Next(_trials.Count, [.. ranked.Select(trial => trial.Point)], ranked.Count(trial => !trial.IsFailed), underWay) is not { } point)
        {
            _isExhausted = true;
            return;
        }

        _round.Add(new SearchTask(_trials.Count, point, 0, Rungs[0]));
        _trials.Add(new SearchTrial(_trials.Count, point));
    }

    /// <summary>Of too few trials for the usual share the best goes on all the same: a search ends with one that came to its end.</summary>
    private void AddLast()
    {
        var last = _trials.Where(trial => !trial.IsFailed).MaxBy(trial => trial.Rung);
        if (last is null || last.Rung == Rungs.Length - 1)
            return;
        var best = Compared(last.Rung).First(trial => CanGoOn(trial, last.Rung));
        _round.Add(new SearchTask(best.Number, best.Point, best.Rung + 1, Rungs[best.Rung + 1]));
    }
}
