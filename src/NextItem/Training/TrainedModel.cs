using System.Collections.Immutable;

namespace NextItem;

/// <summary>A model and where it came from: what a model file holds.</summary>
/// <param name="Model">The model.</param>
/// <param name="Provenance">Its training.</param>
public sealed record TrainedModel(ISessionModel Model, TrainingProvenance Provenance) : IDisposable
{
    /// <summary>Frees the model's memory, where it has any that must be freed (<see cref="Gru4RecModel.Dispose"/>).</summary>
    public void Dispose() => (Model as IDisposable)?.Dispose();
}

/// <summary>Where a model came from.</summary>
public sealed record TrainingProvenance
{
    /// <summary>Version of NextItem that trained the model.</summary>
    public required string NextItemVersion { get; init; }

    /// <summary><see cref="SessionSet.Fingerprint"/> of the training sessions.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Training sessions.</summary>
    public required long Sessions { get; init; }

    /// <summary>Training events.</summary>
    public required long Events { get; init; }

    /// <summary>Latest event time of the training sessions, in the unit of the data: how old the data is.</summary>
    public required double TrainedUntil { get; init; }

    /// <summary>Seed of all randomness; 0 for models without any.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads of training.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Floats in the vectors of the machine that trained: 16, 8, 4 or 1.</summary>
    public int VectorWidth { get; init; }

    /// <summary>Mean loss of each epoch.</summary>
    public ImmutableArray<double> EpochLosses { get; init; } = [];

    /// <summary>The epoch whose parameters the model has: the last one, or with early stopping the best; 0 for models without epochs.</summary>
    public int Epoch { get; init; }

    /// <summary>Fingerprint of the training sessions of the model that training began with; empty when it began anew.</summary>
    public string WarmStartedFrom { get; init; } = "";

    /// <summary>Fingerprints of the models that it learned from, in their order: of all that their scores come from. Empty for none.</summary>
    public ImmutableArray<string> Teachers { get; init; } = [];

    /// <summary>Metrics on the validation set after that epoch, if there was one.</summary>
    public ImmutableArray<MetricValue> ValidationMetrics { get; init; } = [];
}
