using System.Collections.Immutable;
using NextItem.Models;
using NextItem.Training;

namespace NextItem;

/// <summary>A training run as it stands between two mini-batches: all that it needs to go on to the same bytes.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly bool _ownsMemory;

    internal Checkpoint(RunState state, ParameterSet parameters, ParameterSet? best, IReadOnlyList<float[]> carriedStates, IReadOnlyList<int[]> carriedIntegers, bool ownsMemory)
    {
        State = state;
        Parameters = parameters;
        Best = best;
        CarriedStates = carriedStates;
        CarriedIntegers = carriedIntegers;
        _ownsMemory = ownsMemory;
    }

    /// <summary>The options of the run; of a p-RNN those that it shares with GRU4Rec.</summary>
    public Gru4RecOptions Options => State.Options;

    /// <summary>All options of a p-RNN's run; null for GRU4Rec.</summary>
    public PrnnOptions? Prnn => State.Prnn?.Options;

    /// <summary><see cref="SessionSet.Fingerprint"/> of the training sessions.</summary>
    public string DataFingerprint => State.DataFingerprint;

    /// <summary>The epoch that is next or under way, counted from 1.</summary>
    public int Epoch => State.Epoch;

    /// <summary>Epochs that the run was to have.</summary>
    public int PlannedEpochs => State.PlannedEpochs;

    /// <summary>Whether that epoch is under way: the run was stopped within it.</summary>
    public bool IsWithinEpoch => State.Position is not null;

    /// <summary>Events ((input, target) pairs) of that epoch that are done; 0 between two epochs.</summary>
    public long EventsDone => IsWithinEpoch ? State.Tally?.Events ?? 0 : 0;

    /// <summary>The epoch with the best validation metric so far; 0 where there is no early stopping.</summary>
    public int BestEpoch => State.BestEpoch;

    /// <summary>Number of items of the training sessions.</summary>
    public int ItemCount => Parameters[State.ItemsName].Rows;

    /// <summary>Number of learned values, the optimiser's own not counted.</summary>
    public long ParameterCount => Parameters.ValueCount;

    /// <summary>The finished epochs.</summary>
    public ImmutableArray<EpochSummary> Epochs => State.Epochs;

    internal RunState State { get; }

    /// <summary>Parameters with their optimiser state.</summary>
    internal ParameterSet Parameters { get; }

    /// <summary>The best epoch's parameters, where early stopping keeps them.</summary>
    internal ParameterSet? Best { get; }

    /// <summary>What the step carries from one mini-batch to the next, buffer by buffer, rows without padding.</summary>
    internal IReadOnlyList<float[]> CarriedStates { get; }

    /// <summary>The same, whole numbers.</summary>
    internal IReadOnlyList<int[]> CarriedIntegers { get; }

    /// <summary>Frees the parameters, where they are the checkpoint's own.</summary>
    public void Dispose()
    {
        if (!_ownsMemory)
            return;
        Parameters.Dispose();
        Best?.Dispose();
    }
}
