using System.Collections.Immutable;
using System.CommandLine;

namespace NextItem.Cli.Commands;

/// <summary>What <c>evaluate</c> and <c>compare</c> do with unknown items: one of the two, or both beside each other.</summary>
internal enum UnknownChoice
{
    Drop,
    Miss,
    Both,
}

/// <summary>The options of <c>evaluate</c> and <c>compare</c> that say how cases are ranked and counted.</summary>
internal sealed class MeasuringOptions
{
    private readonly Option<string> _cutoffs = new("--cutoffs") { HelpName = "numbers", Description = "Cutoffs K, separated by commas", DefaultValueFactory = _ => "1,5,10,20" };
    private readonly Option<TieBreaking> _ties;
    private readonly Option<UnknownChoice> _unknown;
    private readonly Option<int> _threads = CommonOptions.Threads("as many as there are processors");
    private readonly TieBreaking _usualTies;
    private readonly UnknownChoice _usualUnknown;

    public MeasuringOptions(TieBreaking usualTies, UnknownChoice usualUnknown)
    {
        (_usualTies, _usualUnknown) = (usualTies, usualUnknown);
        _ties = CommonOptions.Choice("--ties", "Rank of equal scores: standard (first of them), conservative (last) or median", usualTies);
        _unknown = CommonOptions.Choice("--unknown", "Test items that training never saw: drop (their events are removed first), miss (they count as misses) or both, one after the other", usualUnknown);
        _cutoffs.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && CutoffsOf(token.Value) is null)
                result.AddError($"--cutoffs is '{token.Value}'; expected numbers of at least 1, separated by commas.");
        });
    }

    public void AddTo(Command command)
    {
        command.Add(_cutoffs);
        command.Add(_ties);
        command.Add(_unknown);
        command.Add(_threads);
    }

    /// <summary>The options as given; unknown items are dropped first where both are wanted.</summary>
    public EvaluationOptions Of(ParseResult parse) => new()
    {
        Cutoffs = CutoffsOf(parse.GetValue(_cutoffs)!)!.Value,
        Ties = parse.ValueOr(_ties, _usualTies),
        Unknown = UnknownOf(parse) == UnknownChoice.Miss ? UnknownItems.Miss : UnknownItems.Drop,
        Threads = parse.GetValue(_threads) is > CommonOptions.AutomaticThreads and var given ? given : Environment.ProcessorCount,
    };

    /// <summary>What is done with unknown items.</summary>
    public UnknownChoice UnknownOf(ParseResult parse) => parse.ValueOr(_unknown, _usualUnknown);

    /// <summary>The cutoffs that a text means, in order and without repetitions; null where it means none.</summary>
    private static ImmutableArray<int>? CutoffsOf(string text)
    {
        var cutoffs = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (CommonOptions.Number(part) is not ({ } cutoff and >= 1 and <= int.MaxValue))
                return null;
            cutoffs.Add((int)cutoff);
        }

        return [.. cutoffs.Distinct().Order()];
    }
}
