using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// Rules of two items within a session: what comes with, or after, the last item. The score is the weight of the pairs of events
/// of the two items over the number of events of the last one. Items without a rule have no score.
/// </summary>
/// <remarks>Ludewig and Jannach 2018: association rules, and with the order of the session sequential rules. docs/baselines.md.</remarks>
public sealed class RulesModel : ISessionModel
{
    internal RulesModel(ItemCatalog catalog, RulesOptions options, ItemTable rules)
    {
        Catalog = catalog;
        Options = options;
        Rules = rules;
    }

    /// <inheritdoc/>
    public string Algorithm => "rules";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>What the model was fitted with.</summary>
    public RulesOptions Options { get; }

    /// <summary>Number of rules that are kept, over all items.</summary>
    public int RuleCount => Rules.Entries.Length;

    internal ItemTable Rules { get; }

    /// <summary>Weighs all pairs of events of a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">Which pairs, and what they weigh; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <remarks>Takes 8 bytes an event and 8 an item beside the model while it works.</remarks>
    public static RulesModel Fit(SessionSet train, RulesOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new RulesOptions();
        options.Validate();
        var events = new ItemEvents(train);
        var builder = new ItemTableBuilder(train.Catalog.Count, options.RulesPerItem);
        var weights = new double[train.Catalog.Count];
        var met = new List<int>();
        for (var item = 0; item < train.Catalog.Count; item++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var place in events.Of(item))
            {
                var session = events.SessionOf(place);
                var items = train.ItemsOf(session);
                var own = place - train.Offsets[session];
                var first = options.Ordered ? own + 1 : Math.Max(0, own - options.MaxDistance);
                var last = Math.Min(items.Length - 1L, (long)own + options.MaxDistance);
                for (var i = first; i <= last; i++)
                {
                    if (i == own || items[i] < 0)
                        continue;
                    if (weights[items[i]] == 0)
                        met.Add(items[i]);
                    weights[items[i]] += options.DistanceWeight ? 1.0 / Math.Abs(i - own) : 1;
                }
            }

            foreach (var other in met)
            {
                builder.Add(other, weights[other] / events.CountOf(item));
                weights[other] = 0;
            }

            met.Clear();
            builder.EndRow();
        }

        return new RulesModel(train.Catalog, options, builder.Build());
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => Rules.Open(Catalog, lanes);
}
