using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>--features</c> of the commands that measure: what diversity goes by.</summary>
internal sealed class FeaturesOption(Terminal terminal)
{
    private readonly Option<string[]> _option = new("--features")
    {
        HelpName = "file",
        Description = "Item features, which diversity goes by; after a colon what to make of the file, as docs/features.md says (items.tsv:category=brand); repeatable",
    };

    public void AddTo(Command command) => command.Add(_option);

    /// <summary>What was given; null where nothing was.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="metrics">The metrics asked for; none for the usual ones.</param>
    /// <exception cref="UsageException">It cannot be read, or diversity is asked for without it, or it is given and not asked for.</exception>
    public FeatureSettings? Of(ParseResult parse, IReadOnlyCollection<string> metrics)
    {
        var given = parse.GetValue(_option) ?? [];
        var isAsked = metrics.Contains(nameof(EvaluationMetric.Diversity));
        if (given is [] && isAsked)
            throw new UsageException("--metrics has diversity, which goes by item features; expected --features FILE with it.");
        if (given is not [] && !isAsked && metrics.Count > 0)
            throw new UsageException("--features is what diversity goes by; expected diversity in --metrics too, or no --metrics.");
        return given is [] ? null : FeatureSettings.Parse(given);
    }

    /// <summary>Reads the features of a model's items and tells what was found; null where none were given.</summary>
    public ItemFeatures? Read(FeatureSettings? settings, ItemCatalog catalog, CancellationToken cancellationToken)
    {
        if (settings is null)
            return null;
        var content = FeatureFiles.Read(settings.Sources, catalog, cancellationToken);
        foreach (var line in content.Describe())
            terminal.Out.WriteLine(line);
        return content.Fit();
    }

    /// <summary>Reads the features of another model's items, encoded as the first one's are, so that both are measured alike.</summary>
    public static ItemFeatures? ReadAlike(FeatureSettings? settings, ItemFeatures? first, ItemCatalog catalog, CancellationToken cancellationToken)
    {
        if (settings is null || first is null)
            return null;
        try
        {
            return first.Encode(FeatureFiles.Read(settings.Sources, catalog, cancellationToken).Table);
        }
        catch (ArgumentException e) when (e is not OptionsException)
        {
            throw new RunException($"--features: {e.Message.Split(" (Parameter")[0]} The models know different items, and the kinds of columns were guessed from them: expected the columns named (docs/features.md).", e);
        }
    }
}
