using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NextItem.Models.Gru4Rec;

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
            if (models[i] is not Gru4RecModel model)
                throw new TrainingStartException($"Teacher {i + 1} is '{models[i]?.Algorithm}'; expected gru4rec.");
            if (model.Options.Loss != Loss.CrossEntropy || !model.Options.Activation.IsIdentity)
                throw new TrainingStartException($"Teacher {i + 1} was trained with {model.Options.Loss} and a final activation of {model.Options.Activation}; expected CrossEntropy and softmax, whose scores are logarithms of probabilities.");
            var missing = ItemsOf(train, model).Count(item => item < 0);
            if (missing > 0)
                throw new TrainingStartException($"Teacher {i + 1} does not know {missing:N0} of the {train.Catalog.Count:N0} training items; expected a model trained on the same data, or on more.");
        }
    }

    /// <summary>What the step needs of them; null where there are none.</summary>
    public static Distillation? Begin(SessionSet train, Gru4RecOptions options, IReadOnlyList<ISessionModel> models) =>
        models.Count == 0
            ? null
            : new Distillation([.. models.Cast<Gru4RecModel>()], [.. models.Select(model => ItemsOf(train, model))], options, train.Catalog.Support);

    /// <summary>Tells models apart: of all their parameters, in their order; empty where there are none.</summary>
    public static string Fingerprint(IReadOnlyList<ISessionModel> models)
    {
        if (models.Count == 0)
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var model in models.Cast<Gru4RecModel>())
        {
            foreach (var table in model.Network.All.Tables)
            {
                for (var row = 0; row < table.Rows; row++)
                    hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(table.Row(row), table.Width)));
            }

            var items = model.Scored.Rows;
            for (var item = 0; item < items.Count; item++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(items.Vector(item), items.Length)));
                hash.AppendData(MemoryMarshal.AsBytes(model.InputOf(item)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int[] ItemsOf(SessionSet train, ISessionModel model)
    {
        var itemOf = new int[train.Catalog.Count];
        for (var item = 0; item < itemOf.Length; item++)
            itemOf[item] = model.Catalog.IndexOf(train.Catalog.KeyOf(item));
        return itemOf;
    }
}
