using NextItem.Models.Baselines;

namespace NextItem.ModelFiles;

/// <summary>An index of training sessions as two tensors: the items of each session, the oldest first, in compressed rows.</summary>
internal static class SessionTensors
{
    private const string Offsets = "sessions.offsets";
    private const string Items = "sessions.items";

    public static void Add(TensorFileWriter file, SessionIndex index)
    {
        file.Add<int>(Offsets, TensorType.I32, index.Offsets);
        file.Add<int>(Items, TensorType.I32, index.Items);
    }

    public static SessionIndex Read(TensorFileReader file, ItemCatalog catalog, int recentSessions)
    {
        var (offsets, items) = CompressedRows.Read(file, Offsets, Items, -1, catalog.Count, "session");
        return new SessionIndex(catalog.Count, offsets, items, recentSessions);
    }
}
