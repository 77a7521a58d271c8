namespace NextItem.Server.Sessions;

/// <summary>What is kept of a session. Immutable: a reader's copy stays as it was.</summary>
internal sealed record SessionRecord
{
    /// <summary>A session that nothing is known of.</summary>
    public static SessionRecord Empty { get; } = new();

    /// <summary>Items of the events that moved the session, oldest first, known or not.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>Ids of all events so far that had one.</summary>
    public IReadOnlyList<string> EventIds { get; init; } = [];

    /// <summary>Events so far, those that did not move it too.</summary>
    public int EventCount { get; init; }

    /// <summary>Version of the model that the state is of; empty where there is none.</summary>
    public string ModelVersion { get; init; } = "";

    /// <summary>Whose sessions that model has: A or B; empty before the first event.</summary>
    public string Variant { get; init; } = "";

    /// <summary>The model's state after the items; empty before the first known one.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Bytes of memory that it takes, about: ids may be long, and a client may send as many as it likes.</summary>
    public long MemoryBytes => OwnBytes + State.Length + BytesOf(Items) + BytesOf(EventIds);

    private const int OwnBytes = 400; // with its place in a store
    private const int TextBytes = 32; // of a string and its place in a list, beside its characters

    private static long BytesOf(IReadOnlyList<string> texts)
    {
        var sum = (long)TextBytes * texts.Count;
        foreach (var text in texts)
            sum += sizeof(char) * text.Length;
        return sum;
    }
}
