using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem.Training;

/// <summary>The models that a run learns from.</summary>
internal static unsafe class RunTeachers
{
    /// <summary>Fails unless options and models go together.</summary>
    /// <exception cref="TrainingStartException">They do not; the message says what was found and what was expected.</exception>
    public static void Require(SessionSet train, Gru4RecOptions options, IReadOnlyList<ISessionModel> models)
    {
        if (options.Distillation > 0 && models.Count == 0)
            throw new TrainingStartException($"Distillation is {options.Distillation}, but there is no teacher; give at least one, or leave Distillation at 0.");
        if (options.Distillation == 0 && models.Count > 0)
            throw new TrainingStartException($"There are {models.Count} teachers, but Distillation is 0; expected the share of what is learned from them, such as 0.5.");
        for (var i = 0; i < models.Count; i++)
        {
            if (FaultOf(train, options, models[i]) is { } fault)
                throw new TrainingStartException($"Teacher {i + 1} {fault}") { TeacherIndex = i };
        }
    }

    /// <summary>What the step needs of them; null where there are none.</summary>
    public static Distillation? Begin(SessionSet train, Gru4RecOptions options, IReadOnlyList<ISessionModel> models) =>
        models.Count == 0
            ? null
            : new Distillation([.. models.Cast<Gru4RecModel>()], [.. models.Select(model => ItemsOf(train, model))], options, train.Catalog.Support);

    /// <summary>Tells each model apart, by all that its scores come from; the same however its file was opened.</summary>
    public static string[] Fingerprints(IReadOnlyList<ISessionModel> models) => [.. models.Cast<Gru4RecModel>().Select(FingerprintOf)];

    /// <summary>Tells models in their order apart; empty where there are none.</summary>
    /// <param name="fingerprints">Of each.</param>
    public static string Fingerprint(string[] fingerprints) =>
        fingerprints is [] ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(fingerprints))));

    /// <summary>What is wrong with a model as a teacher; null where nothing is.</summary>
    private static string? FaultOf(SessionSet train, Gru4RecOptions options, ISessionModel? teacher)
    {
        if (teacher is not Gru4RecModel model)
            return $"is '{teacher?.Algorithm}'; expected gru4rec.";
        var taught = model.Options;
        if (taught.Loss != Loss.CrossEntropy || !taught.Activation.IsIdentity)
            return $"was trained with {taught.Loss} and a final activation of {taught.Activation}; expected CrossEntropy and softmax, whose scores are logarithms of probabilities.";
        if (taught.TopSamples > 0)
            return $"was trained with TopSamples {taught.TopSamples}; expected 0: its scores tell nothing of items that were not among the best.";
        if (taught.LogQ != options.LogQ)
            return $"was trained with LogQ {taught.LogQ}; expected {options.LogQ}, as in this run: where it differs, scores are not logarithms of the same probabilities.";
        if (options.LogQ < 1 && Drawing(taught) != Drawing(options))
            return $"was trained with {Describe(taught)}; expected {Describe(options)}, as in this run: with LogQ below 1, scores depend on how often items are drawn.";
        var missing = ItemsOf(train, model).Count(item => item < 0);
        return missing > 0 ? $"does not know {missing:N0} of the {train.Catalog.Count:N0} training items; expected a model trained on the same data, or on more." : null;
    }

    /// <summary>
    /// How often an item is a column, but for a factor: by its support for the targets of other lanes, by its support to the power of the exponent for so
    /// many samples a lane. Without samples the exponent has no part in it, and with exponent 1 their number has none.
    /// </summary>
    private static (float Exponent, double SamplesPerLane) Drawing(Gru4RecOptions options) =>
        options.NegativeSampleCount == 0 || options.SampleAlpha == 1 ? (1, 0) : (options.SampleAlpha, (double)options.NegativeSampleCount / options.BatchSize);

    private static string Describe(Gru4RecOptions options) =>
        options.NegativeSampleCount == 0 ? "NegativeSampleCount 0" : $"SampleAlpha {options.SampleAlpha}, NegativeSampleCount {options.NegativeSampleCount} and BatchSize {options.BatchSize}";

    /// <summary>Where a mapped model keeps the same numbers as one in memory: item by item what scoring reads of each, and the tables that are of no item.</summary>
    private static string FingerprintOf(Gru4RecModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (options, network, items) = (model.Options, model.Network, model.Scored.Rows);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{string.Join('/', options.Layers)} {options.Variant} {options.Embedding} {options.InputSize} {options.CosineScale:R}")));
        foreach (var table in network.All.Tables.Where(table => table != network.Inputs && table.Name is not (Gru4RecParameters.ItemsName or Gru4RecParameters.EmbeddingName)))
        {
            for (var row = 0; row < table.Rows; row++)
                Append(hash, table, row);
        }

        var length = new byte[sizeof(int)];
        for (var item = 0; item < items.Count; item++)
        {
            var key = Encoding.UTF8.GetBytes(model.Catalog.KeyOf(item));
            BinaryPrimitives.WriteInt32LittleEndian(length, key.Length);
            hash.AppendData(length);
            hash.AppendData(key);
            hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(items.Vector(item), items.Length)));
            hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(items.Bias(item), 1)));
            if (network.Embedding == EmbeddingMode.None)
                Append(hash, network.Inputs, item);
            else if (network.Embedding == EmbeddingMode.Separate)
                hash.AppendData(MemoryMarshal.AsBytes(model.InputOf(item)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A row without its padding, which differs from machine to machine.</summary>
    private static void Append(IncrementalHash hash, ParameterTable table, int row)
    {
        for (var block = 0; block < table.Blocks; block++)
            hash.AppendData(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref table.At(row, block, 0), table.BlockColumns)));
    }

    private static int[] ItemsOf(SessionSet train, ISessionModel model)
    {
        var itemOf = new int[train.Catalog.Count];
        for (var item = 0; item < itemOf.Length; item++)
            itemOf[item] = model.Catalog.IndexOf(train.Catalog.KeyOf(item));
        return itemOf;
    }
}
