using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes an <see cref="ItemKnnModel"/>. Immutable; the defaults are those of the original.</summary>
public sealed record ItemKnnOptions
{
    /// <summary>Added to both supports, against similarities that rest on a few events. Default 20. Official name: lmbd.</summary>
    public float Regularisation { get; init; } = 20;

    /// <summary>How the two supports share in the denominator: 0.5 as in a cosine, 1 as in the confidence of a rule. Default 0.5. Official name: alpha.</summary>
    public float Alpha { get; init; } = 0.5f;

    /// <summary>How many similar items each item keeps; the others have no score. Default 100. Official name: n_sims.</summary>
    public int Neighbours { get; init; } = 100;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Expect(nameof(Regularisation), Regularisation, Regularisation >= 0 && float.IsFinite(Regularisation), "0 or more");
        faults.Expect(nameof(Alpha), Alpha, Alpha is >= 0 and <= 1, "0 to 1");
        faults.AtLeast(nameof(Neighbours), Neighbours, 1);
        faults.ThrowIfAny(nameof(ItemKnnOptions));
    }
}
