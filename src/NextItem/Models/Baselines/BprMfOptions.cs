using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>What shapes a <see cref="BprMfModel"/>. Immutable; the defaults are those of the 2016 paper's baseline.</summary>
public sealed record BprMfOptions
{
    /// <summary>Length F of the vectors. Default 100, at most 65,536. Official name: n_factors.</summary>
    public int Factors { get; init; } = 100;

    /// <summary>How often every event is learned from. Default 10. Official name: n_iterations.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Step of the gradient descent. Default 0.01. Official name: learning_rate.</summary>
    public float LearningRate { get; init; } = 0.01f;

    /// <summary>L2 penalty on the sessions' vectors. Default 0. Official name: lambda_session.</summary>
    public float SessionPenalty { get; init; }

    /// <summary>L2 penalty on the items' vectors and biases. Default 0. Official name: lambda_item.</summary>
    public float ItemPenalty { get; init; }

    /// <summary>Vectors start with uniform numbers between minus and plus this; biases with 0. Default 0.05. Official name: sigma.</summary>
    public float InitialScale { get; init; } = 0.05f;

    /// <summary>Where negative items are drawn. Default <see cref="BprNegatives.Events"/>: by popularity.</summary>
    public BprNegatives Negatives { get; init; } = BprNegatives.Events;

    /// <summary>Seed of all randomness. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Throws when an option is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Expect(nameof(Factors), Factors, Factors is >= 1 and <= 65_536, "1 to 65536");
        faults.AtLeast(nameof(Epochs), Epochs, 1);
        faults.Expect(nameof(LearningRate), LearningRate, LearningRate > 0 && float.IsFinite(LearningRate), "a finite number above 0");
        faults.Expect(nameof(SessionPenalty), SessionPenalty, SessionPenalty >= 0 && float.IsFinite(SessionPenalty), "a finite number of at least 0");
        faults.Expect(nameof(ItemPenalty), ItemPenalty, ItemPenalty >= 0 && float.IsFinite(ItemPenalty), "a finite number of at least 0");
        faults.Expect(nameof(InitialScale), InitialScale, InitialScale > 0 && float.IsFinite(InitialScale), "a finite number above 0");
        faults.Expect(nameof(Negatives), Negatives, Enum.IsDefined(Negatives), "Events or Items");
        faults.ThrowIfAny(nameof(BprMfOptions));
    }
}
