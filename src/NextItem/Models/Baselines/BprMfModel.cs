using NextItem.Diagnostics;
using NextItem.Models.Baselines;
using NextItem.Optimizers;

namespace NextItem;

/// <summary>
/// BPR-MF: a vector for every training session and every item, so that a session's items stand above others; a new session is
/// the mean of the vectors of its items. Every item has a score, mean . vector + bias.
/// </summary>
/// <remarks>
/// Rendle et al., "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009; as a baseline of sessions in Hidasi et al.
/// 2016. Where it deviates from their code, and why: docs/baselines.md.
/// </remarks>
public sealed class BprMfModel : ISessionModel, IItemVectors
{
    internal BprMfModel(ItemCatalog catalog, BprMfOptions options, ParameterTable items)
    {
        Catalog = catalog;
        Options = options;
        Items = items;
    }

    /// <inheritdoc/>
    public string Algorithm => "bpr-mf";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>What the model was fitted with.</summary>
    public BprMfOptions Options { get; }

    /// <inheritdoc/>
    public int VectorLength => Options.Factors;

    /// <summary>Number of learned values; those of the training sessions' vectors do not count, the model is without them.</summary>
    public long ParameterCount => (long)Items.Rows * (VectorLength + 1);

    /// <summary>[I x (F + 1)] vectors, each with its bias behind it.</summary>
    internal ParameterTable Items { get; }

    /// <summary>Learns the vectors.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">How they are learned; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range, or the learning rate so high that training diverged; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <remarks>Takes 4 bytes times F for every session and item while it works, and 8 bytes an event.</remarks>
    public static BprMfModel Fit(SessionSet train, BprMfOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new BprMfOptions();
        options.Validate();
        using var training = new BprMfTraining(train, options);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            training.RunEpoch(epoch, cancellationToken);
            if (training.NotFinite is { } name)
                throw new OptionsException(nameof(BprMfOptions), [FormattableString.Invariant($"LearningRate is {options.LearningRate}, with which {name} had a value that is no finite number after epoch {epoch}; expected a lower one, or lower penalties.")]);
        }

        return new BprMfModel(train.Catalog, options, training.Items.WithoutStates());
    }

    /// <inheritdoc/>
    public unsafe ReadOnlySpan<float> VectorOf(int itemIndex)
    {
        Throw.IfOutside(itemIndex, Catalog.Count, "item");
        return new ReadOnlySpan<float>(Items.Row(itemIndex), VectorLength);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new MeanVectorLanes(Catalog, lanes, Items, VectorLength);
}
