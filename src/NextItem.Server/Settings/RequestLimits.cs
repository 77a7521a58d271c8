namespace NextItem.Server.Settings;

/// <summary>How much one request may ask for; docs/serving.md repeats them.</summary>
internal static class RequestLimits
{
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Characters of an id of a session, an item or an event.</summary>
    public const int IdLength = 512;

    /// <summary>Items of a session, entries of a list, events and items of one request.</summary>
    public const int ListEntries = 10_000;

    /// <summary>Items of a session that are given in a request: each costs a step of the model.</summary>
    public const int SessionItems = 1_000;

    /// <summary>Items of a session that can be explained: each costs a scoring of its own.</summary>
    public const int ExplainedItems = 50;

    public const int NumResults = 1_000;

    public const int DefaultNumResults = 20;

    public const int TextLength = 2_000;

    public const int Categories = 100;
}
