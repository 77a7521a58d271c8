using System.Globalization;
using System.Text.Json;
using NextItem.ModelFiles;
using NextItem.Models;
using NextItem.Models.Gru4Rec;
using NextItem.Training;

namespace NextItem;

/// <summary>
/// One file that holds a training run: parameters with the optimiser's state, the hidden states of the running lanes and the
/// place in the data. The layout and its checks are those of <see cref="ModelFile"/>; it is no model file.
/// </summary>
public static class CheckpointFile
{
    /// <summary>The highest version of the format that this version of NextItem writes and reads.</summary>
    public static int FormatVersion => 3;

    private const string FormatName = "nextitem-checkpoint";
    private const string StateKey = "run";
    private const string ItemCountKey = "items";
    private const string BestPrefix = "best.";
    private const string StatesPrefix = "carried_states.";
    private const string IntegersPrefix = "carried_integers.";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="stream">Receives the file; need not be seekable. To replace a file safely, write beside it and rename.</param>
    /// <param name="checkpoint">The run.</param>
    public static void Save(Stream stream, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var file = new TensorFileWriter();
        file.AddMetadata("format", FormatName);
        file.AddMetadata("format_version", FormatVersionOf(checkpoint).ToString(CultureInfo.InvariantCulture));
        file.AddMetadata(StateKey, JsonSerializer.Serialize(checkpoint.State, ModelFileJson.Default.RunState));
        file.AddMetadata(ItemCountKey, checkpoint.ItemCount.ToString(CultureInfo.InvariantCulture));
        foreach (var table in checkpoint.Parameters.Tables)
            TableTensors.AddAll(file, table.Name, table);
        foreach (var table in checkpoint.Best?.Tables ?? [])
            TableTensors.AddValues(file, BestPrefix + table.Name, table);
        for (var i = 0; i < checkpoint.CarriedStates.Count; i++)
            file.Add<float>($"{StatesPrefix}{i}", TensorType.F32, checkpoint.CarriedStates[i]);
        for (var i = 0; i < checkpoint.CarriedIntegers.Count; i++)
            file.Add<int>($"{IntegersPrefix}{i}", TensorType.I32, checkpoint.CarriedIntegers[i]);
        file.WriteTo(stream);
    }

    /// <summary>
    /// The version that <see cref="Save"/> writes a run as: 3 where a lane's best samples alone count, 2 where scores are cosines or there are teachers, which readers of
    /// lower versions would leave out without a word; 1 otherwise, so that older versions go on reading the file.
    /// </summary>
    public static int FormatVersionOf(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return VersionOf(checkpoint.State.Options);
    }

    /// <summary>Reads a checkpoint. Dispose of it when training has begun: it holds as much memory as the run.</summary>
    /// <param name="stream">A seekable stream at the start of the file, which ends where the stream ends.</param>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFileException">The file is truncated, damaged, of another version, or no checkpoint at all.</exception>
    public static Checkpoint Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = Open(stream);
        file.CheckChecksum();
        var state = ReadState(file);
        if (!int.TryParse(file.Metadata(ItemCountKey), NumberStyles.None, CultureInfo.InvariantCulture, out var items) || items == 0)
            throw new ModelFileException($"The checkpoint's number of items is '{file.Metadata(ItemCountKey)}'; expected a number above 0.");

        ParameterSet? parameters = null, best = null;
        try
        {
            parameters = ReadTables(file, "", state, items, StepChoice.States(state.Options));
            if (state.BestEpoch > 0)
                best = ReadTables(file, BestPrefix, state, items, states: 0);
            return new Checkpoint(state, parameters, best, ReadStates(file), ReadAll<int>(file, IntegersPrefix, TensorType.I32), ownsMemory: true);
        }
        catch
        {
            parameters?.Dispose();
            best?.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file is a checkpoint by its header; nothing is said of whether it can be read.</summary>
    /// <param name="stream">A seekable stream at the start of the file; it is there again afterwards.</param>
    public static bool IsCheckpoint(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var start = stream.CanSeek ? stream.Position : 0;
        try
        {
            return new TensorFileReader(stream).Metadata("format") == FormatName;
        }
        catch (ModelFileException)
        {
            return false;
        }
        finally
        {
            if (stream.CanSeek)
                stream.Position = start;
        }
    }

    /// <summary>How far the run of a checkpoint has come, by the file's header alone: the rest of the file is not looked at.</summary>
    /// <param name="stream">A seekable stream at the start of the file.</param>
    /// <returns>Finished epochs, and how many the run was to have.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="ModelFileException">The file is truncated, of another version, or no checkpoint at all.</exception>
    public static (int Finished, int Planned) EpochsOf(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var state = ReadState(Open(stream));
        return (state.Epochs.Length, state.PlannedEpochs);
    }

    private static TensorFileReader Open(Stream stream)
    {
        var file = new TensorFileReader(stream, "checkpoint");
        if (file.Metadata("format") is var format && format != FormatName)
            throw new ModelFileException($"The file's format is '{format}'; expected '{FormatName}'.");
        if (!TryVersion(file, out _))
            throw new ModelFileException($"The checkpoint has format version '{file.Metadata("format_version")}'; this version of NextItem reads up to {FormatVersion}. Use the version that wrote it or a newer one.");
        return file;
    }

    private static bool TryVersion(TensorFileReader file, out int version) =>
        int.TryParse(file.Metadata("format_version"), NumberStyles.None, CultureInfo.InvariantCulture, out version) && version >= 1 && version <= FormatVersion;

    private static int VersionOf(Gru4RecOptions options) => options switch
    {
        { TopSamples: > 0 } => 3,
        { CosineScale: > 0 } or { Distillation: > 0 } => 2,
        _ => 1,
    };

    private static RunState ReadState(TensorFileReader file)
    {
        var defaults = new RunState
        {
            Options = new Gru4RecOptions(),
            DataFingerprint = "",
            ValidationFingerprint = "",
            Epoch = 0,
            Steps = 0,
            FirstLoss = 0,
            Epochs = [],
            WarmStartedFrom = "",
            Prnn = HasPrnn(file) ? new PrnnState(new PrnnOptions(), [], [], "") : null,
        };
        var state = ModelFileJson.Read(file, StateKey, defaults, ModelFileJson.Default.RunState);
        try
        {
            state.Options.Validate();
            state.Prnn?.Validate();
            if (state.Prnn is not null && state.Prnn.Options.Training != state.Options)
                throw new OptionsException(nameof(PrnnOptions), ["Training is not what stands beside the p-RNN's own options; expected the same."]);
        }
        catch (OptionsException e)
        {
            throw new ModelFileException($"The checkpoint's options cannot be used: {e.Message}", e);
        }

        if (TryVersion(file, out var version) && version < VersionOf(state.Options))
            throw new ModelFileException($"The checkpoint has format version {version}, but its CosineScale is {state.Options.CosineScale}, its Distillation {state.Options.Distillation} and its TopSamples {state.Options.TopSamples}; expected version {VersionOf(state.Options)}.");
        return RunStateCheck.FaultOf(state) is { } fault ? throw new ModelFileException($"The checkpoint's {StateKey} cannot be used: {fault}") : state;
    }

    /// <summary>Whether the run is a p-RNN's: what its options leave out has the defaults of those.</summary>
    private static bool HasPrnn(TensorFileReader file)
    {
        try
        {
            using var run = JsonDocument.Parse(file.Metadata(StateKey));
            return run.RootElement.ValueKind == JsonValueKind.Object && run.RootElement.TryGetProperty("prnn", out var prnn) && prnn.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false; // told by the reader of the whole
        }
    }

    private static ParameterSet ReadTables(TensorFileReader file, string prefix, RunState state, int items, int states)
    {
        // Shapes first: nothing is allocated for a file whose tensors do not fit its options.
        foreach (var spec in state.Specs(items))
            file.Expect(prefix + spec.Name, TensorType.F32, spec.Rows, (1L + states) * spec.Blocks * spec.BlockColumns);
        var parameters = new ParameterSet(state.Specs(items), states);
        try
        {
            foreach (var table in parameters.Tables)
                TableTensors.ReadAll(file, prefix + table.Name, table);
            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static List<T[]> ReadAll<T>(TensorFileReader file, string prefix, TensorType type)
        where T : unmanaged
    {
        var arrays = new List<T[]>();
        while (file.Has($"{prefix}{arrays.Count}"))
            arrays.Add(file.Read<T>(file.Expect($"{prefix}{arrays.Count}", type, -1)));
        return arrays;
    }

    private static List<float[]> ReadStates(TensorFileReader file)
    {
        var states = ReadAll<float>(file, StatesPrefix, TensorType.F32);
        for (var i = 0; i < states.Count; i++)
        {
            if (Array.FindIndex(states[i], value => !float.IsFinite(value)) is var place and >= 0)
                throw new ModelFileException($"Tensor '{StatesPrefix}{i}' has {states[i][place]} at {place}; expected finite numbers.");
        }

        return states;
    }
}
