using System.Collections.Concurrent;
using System.Text;

namespace NextItem.Server.Orleans.Tests;

/// <summary>
/// Visitors who look at items, one session each, until they are told to stop. An event is sent until it is acknowledged, as a client does: again
/// after 503, and to another server where one does not answer.
/// </summary>
internal sealed class Visitors : IDisposable
{
    private static readonly TimeSpan s_clientPatience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<List<string>>[] _visits;
    private readonly Uri[] _servers;
    private readonly IReadOnlyList<string> _keys;

    public Visitors(IReadOnlyList<string> keys, int count, Uri[] servers)
    {
        (_keys, _servers) = (keys, servers);
        _visits = [.. Enumerable.Range(0, count).Select(visitor => Task.Run(() => Visit(visitor)))];
    }

    /// <summary>What was acknowledged, when they have stopped.</summary>
    public Dictionary<string, List<string>> Acknowledged { get; } = [];

    /// <summary>Statuses of answers; those that never came are no statuses.</summary>
    public IEnumerable<int> Statuses => _statuses.Keys.Order();

    /// <summary>Answers with a status so far.</summary>
    public int Count(int status) => _statuses.GetValueOrDefault(status);

    public async Task Stop()
    {
        await _stop.CancelAsync();
        var acknowledged = await Task.WhenAll(_visits);
        for (var visitor = 0; visitor < acknowledged.Length; visitor++)
            Acknowledged[$"s{visitor}"] = acknowledged[visitor];
    }

    public void Dispose() => _stop.Dispose();

    private async Task<List<string>> Visit(int visitor)
    {
        using var client = new HttpClient { Timeout = s_clientPatience };
        var acknowledged = new List<string>();
        var server = visitor;
        // Stops between events only: one that was sent is sent until it is acknowledged.
        for (var i = 0; !_stop.IsCancellationRequested || acknowledged.Count < i;)
        {
            i = acknowledged.Count + 1;
            var item = _keys[acknowledged.Count * (visitor + 1) % _keys.Count];
            try
            {
                using var body = new StringContent($$"""{"sessionId":"s{{visitor}}","events":[{"itemId":"{{item}}","eventId":"e{{i}}"}]}""", Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(new Uri(_servers[server % _servers.Length], "/v1/events"), body, TestContext.Current.CancellationToken);
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                _statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                if ((int)response.StatusCode == 202)
                {
                    Assert.Contains("\"rejected\":[]", text, StringComparison.Ordinal);
                    acknowledged.Add(item);
                    continue;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                server++;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return acknowledged;
    }
}
