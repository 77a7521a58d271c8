using Microsoft.AspNetCore.Builder;

namespace NextItem.Server.Sessions;

/// <summary>A place for sessions that lives in the server's process with services of its own, such as a member of a cluster.</summary>
internal interface ISessionHost
{
    /// <summary>Adds its services; those that start do so before requests are taken, and stop after the last is answered.</summary>
    void Add(WebApplicationBuilder builder);

    /// <summary>The sessions, when the services are there.</summary>
    ISessionStore Open(IServiceProvider services);

    /// <summary>Completes, with the reason, when it cannot go on: the server has to be started again.</summary>
    Task<string> BrokenDown { get; }
}
