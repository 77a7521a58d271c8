using System.Collections.Immutable;
using NextItem.Models.Fusion;

namespace NextItem;

/// <summary>
/// Several models as one, by reciprocal-rank fusion: the score of an item is the sum over the models of weight / (c + rank), where
/// its rank in a model is 1 + the number of items that the model scores higher. Only ranks count, so that models whose scores
/// have nothing in common can be fused.
/// </summary>
/// <remarks>
/// Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009,
/// with weights. An item that no model has among its best has no score. docs/baselines.md.
/// </remarks>
public sealed class FusionModel : ISessionModel, IDisposable
{
    internal FusionModel(ItemCatalog catalog, FusionOptions options, ImmutableArray<ISessionModel> models)
    {
        Catalog = catalog;
        Options = options;
        Models = models;
    }

    /// <inheritdoc/>
    public string Algorithm => "fusion";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>How the models are weighed.</summary>
    public FusionOptions Options { get; }

    /// <summary>The models, two or more.</summary>
    public ImmutableArray<ISessionModel> Models { get; }

    /// <summary>Makes one model of several.</summary>
    /// <param name="models">Two or more models of the same items: the same keys and supports in the same order, as models trained on the same events have.</param>
    /// <param name="options">How they are weighed; null for the defaults.</param>
    /// <exception cref="OptionsException">An option is out of range, or there are not as many weights as models.</exception>
    /// <exception cref="ArgumentException">There are fewer than two models, their items differ, or one of them is a fusion.</exception>
    public static FusionModel Of(IReadOnlyList<ISessionModel> models, FusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        options ??= new FusionOptions();
        options.Validate();
        if (Fault(models, options) is { } fault)
            throw new ArgumentException(fault, nameof(models));
        return new FusionModel(models[0].Catalog, options, [.. models]);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new FusionLanes(this, lanes);

    /// <summary>Frees the memory of its models, where they have any that must be freed, also of those that it was made of.</summary>
    public void Dispose()
    {
        foreach (var model in Models)
            (model as IDisposable)?.Dispose();
    }

    /// <summary>What keeps models from being fused, or null.</summary>
    /// <exception cref="OptionsException">There are not as many weights as models.</exception>
    internal static string? Fault(IReadOnlyList<ISessionModel> models, FusionOptions options)
    {
        if (models.Count < 2)
            return $"A fusion has {models.Count} models; expected two or more.";
        if (!options.Weights.IsDefaultOrEmpty && options.Weights.Length != models.Count)
            throw new OptionsException(nameof(FusionOptions), [$"Weights has {options.Weights.Length} numbers; expected {models.Count}, one for each model, or none."]);
        for (var i = 0; i < models.Count; i++)
        {
            if (models[i] is null)
                return $"Model {i + 1} is null; expected a model.";
            if (models[i] is FusionModel)
                return $"Model {i + 1} is a fusion itself; expected its models instead.";
            if (Difference(models[0].Catalog, models[i].Catalog) is { } difference)
                return $"Model {i + 1} ({models[i].Algorithm}) has other items than model 1 ({models[0].Algorithm}): {difference}. Models that are fused must be trained on the same events.";
        }

        return null;
    }

    private static string? Difference(ItemCatalog first, ItemCatalog other)
    {
        if (ReferenceEquals(first, other))
            return null;
        if (first.Count != other.Count)
            return FormattableString.Invariant($"{other.Count:N0} items; expected {first.Count:N0}");
        for (var item = 0; item < first.Count; item++)
        {
            if (!first.Keys.Utf8(item).SequenceEqual(other.Keys.Utf8(item)))
                return $"item {item} is '{other.KeyOf(item)}'; expected '{first.KeyOf(item)}'";
            if (first.Support[item] != other.Support[item])
                return FormattableString.Invariant($"item '{first.KeyOf(item)}' has {other.Support[item]} training events; expected {first.Support[item]}");
        }

        return null;
    }
}
