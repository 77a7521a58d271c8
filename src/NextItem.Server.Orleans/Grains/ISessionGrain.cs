
namespace NextItem.Server.Orleans.Grains;

/// <summary>A session: what is stored of it, as bytes that only the servers read. Its key is the session's id, percent-encoded.</summary>
/// <remarks>
/// It knows nothing of models. The server that has a request reads the session here, makes the change with its own model, and brings
/// what the session shall be back; where it has become something else meanwhile, nothing is changed.
/// </remarks>
internal interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>The session as it is; a use of it.</summary>
    ValueTask<SessionReply> ReadAsync();

    /// <summary>Stores what the session shall be, and answers when it is stored.</summary>
    /// <param name="expected">The stamp that it has, else nothing is changed; null where nothing is stored.</param>
    /// <param name="stamp">The stamp that it gets, which no other change has: the same change sent again changes nothing.</param>
    /// <param name="session">What it shall be.</param>
    ValueTask<SessionReply> ReplaceAsync(string? expected, string stamp, [Immutable] byte[] session);

    /// <summary>Forgets the session, and answers when the place has forgotten it.</summary>
    ValueTask<SessionReply> DeleteAsync();
}
