using NextItem.Server.Settings;

namespace NextItem.Server;

/// <summary>How a server works. Every default is for one machine that nothing else is needed on.</summary>
public sealed record ServerOptions
{
    /// <summary>The model file; a new one under the same path is loaded while the old one serves.</summary>
    public required string ModelPath { get; init; }

    /// <summary>A second model file for a share of the sessions, looked at as the first is. Default: none, the first has all sessions.</summary>
    public string? ModelBPath { get; init; }

    /// <summary>Share of the sessions that get the second model, 0 to 1. Default: half of them.</summary>
    public double? SplitB { get; init; }

    /// <summary>Text that goes before the ids when these are split: another one makes another split. Default: none.</summary>
    public string SplitSalt { get; init; } = "";

    /// <summary>Where the server listens, as <c>http://address:port</c>; port 0 takes a free one. Default: this machine alone, port 5080.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>Where sessions are kept. Default: in memory.</summary>
    public SessionStoreKind Store { get; init; } = SessionStoreKind.Memory;

    /// <summary>Where Redis is, <c>host:port</c> or <c>redis://user:password@host:port/database</c>; needed with <see cref="SessionStoreKind.Redis"/>. Default: none.</summary>
    public string? Redis { get; init; }

    /// <summary>
    /// Where the servers of a cluster find each other and keep their sessions: an address of Redis as in <see cref="Redis"/>, or <c>memory</c> for a
    /// cluster of one server that keeps everything in its memory. Default: none, the server is no part of a cluster. Needs NextItem.Server.Orleans.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>Name of the cluster: servers of the same name in the same Redis belong together. Letters, digits, - and _. Default: nextitem.</summary>
    public string ClusterId { get; init; } = "nextitem";

    /// <summary>IP address of this machine at which the other servers of the cluster reach it. Default: the one from which it reaches Redis.</summary>
    public string? SiloAddress { get; init; }

    /// <summary>Port at which the other servers of the cluster reach it; 0 takes a free one. Default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Sessions without an event for this long are forgotten. Default 30 minutes.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Sessions kept in memory at most; beyond, the least recently used goes first. Default 200,000.</summary>
    public int MaxSessions { get; init; } = 200_000;

    /// <summary>Megabytes (of 1,000,000 bytes, about) that sessions in memory take at most; beyond, the least recently used goes first. Default 1,000.</summary>
    public int MaxSessionMegabytes { get; init; } = 1_000;

    /// <summary>Events a session has at most; further ones are rejected. Default 500.</summary>
    public int MaxSessionEvents { get; init; } = 500;

    /// <summary>Never recommends the items of the session itself. Default: no.</summary>
    public bool ExcludeSeen { get; init; }

    /// <summary>Types of events that move a session; others are acknowledged and change nothing. Default: views.</summary>
    public IReadOnlyList<string> MovingEvents { get; init; } = [EventTypes.View];

    /// <summary>File with columns ItemId and Name: titles of the items; or with its columns, as <see cref="Data.ItemNamesSource.Parse"/> reads them. Default: none.</summary>
    public string? NamesPath { get; init; }

    /// <summary>File that keeps what <c>PUT /v1/items</c> told, over restarts. Default: none, it is kept in memory.</summary>
    public string? ItemsPath { get; init; }

    /// <summary>Folder to which events and shown lists are appended, in files by day; one server a folder. Default: none, nothing is written.</summary>
    public string? FeedbackPath { get; init; }

    /// <summary>File of API keys, one a line, of which a request must show one; taken in again when it changes. Default: none, everybody may ask.</summary>
    public string? ApiKeysPath { get; init; }

    /// <summary>File of standing rules: hidden items, pins, boosts, quotas; taken in again when it changes. Default: none.</summary>
    public string? RulesPath { get; init; }

    /// <summary>Origins of web pages whose visitors' browsers may ask, such as <c>https://www.shop.example</c>; <c>*</c> is any. Default: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>How often the model file, the rules and the file of API keys are looked at for new ones. Default: every second.</summary>
    public TimeSpan ReloadCheck { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The standard variables of OpenTelemetry (<c>OTEL_...</c>) by name: where metrics, traces and logs are sent. Default: none, nothing is sent.</summary>
    public IReadOnlyDictionary<string, string> OpenTelemetry { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(ModelPath))
            faults.Add("model is ''; expected the path of a model file.");
        if (SplitB is < 0 or > 1 or double.NaN)
            faults.Add($"split-b is {SplitB}; expected 0 to 1.");
        if (ModelBPath is null && (SplitB is not null || SplitSalt.Length > 0))
            faults.Add($"{(SplitB is null ? "split-salt" : "split-b")} is given without model-b; expected a second model between which and the first sessions are split.");
        if (ModelBPath is "")
            faults.Add("model-b is ''; expected the path of a model file.");
        if (Urls.Count == 0)
            faults.Add("urls is empty; expected at least one address, such as http://127.0.0.1:5080.");
        faults.AddRange(Urls.Where(url => !IsAddress(url)).Select(url => $"urls has '{url}'; expected http://address:port without a path. For HTTPS put a proxy before it."));
        if (!Enum.IsDefined(Store))
            faults.Add($"store is {Store}; expected memory or redis.");
        if (Store == SessionStoreKind.Redis && string.IsNullOrEmpty(Redis))
            faults.Add("redis is missing; expected where it is with store=redis, such as 127.0.0.1:6379.");
        if (Store != SessionStoreKind.Redis && Redis is not null)
            faults.Add("redis is given and not used; expected store=redis with it.");
        if (NamesPath is not null && FaultOfNames(NamesPath) is { } faultOfNames)
            faults.Add($"names is '{NamesPath}'; expected {faultOfNames}");
        if (!string.IsNullOrEmpty(Redis) && FaultOfRedis(Redis) is { } fault)
            faults.Add($"redis cannot be read; expected {fault}");
        faults.AddRange(FaultsOfCluster());
        if (SessionIdle < TimeSpan.FromSeconds(1) || SessionIdle > TimeSpan.FromDays(365))
            faults.Add($"session-idle is {SessionIdle}; expected a second to a year.");
        if (MaxSessions < 1)
            faults.Add($"max-sessions is {MaxSessions}; expected at least 1.");
        if (MaxSessionMegabytes < 1)
            faults.Add($"max-session-megabytes is {MaxSessionMegabytes}; expected at least 1.");
        if (MaxSessionEvents is < 1 or > 10_000)
            faults.Add($"max-session-events is {MaxSessionEvents}; expected 1 to 10000.");
        if (MovingEvents.Count == 0)
            faults.Add($"moving-events is empty; expected of {string.Join(", ", EventTypes.All)}.");
        faults.AddRange(MovingEvents.Where(type => EventTypes.Find(type) is null).Select(type => $"moving-events has '{type}'; expected of {string.Join(", ", EventTypes.All)}."));
        faults.AddRange(CorsOrigins.Where(origin => !IsOrigin(origin)).Select(origin => $"cors has '{origin}'; expected an origin such as https://www.shop.example, in lower case and without a path, or *."));
        if (ReloadCheck < TimeSpan.FromMilliseconds(10) || ReloadCheck > TimeSpan.FromDays(1))
            faults.Add($"reload-check is {ReloadCheck}; expected 10 milliseconds to a day.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(ServerOptions), faults);
    }

    /// <summary>What <see cref="Cluster"/> is called that has one server.</summary>
    internal const string MemoryCluster = "memory";

    private static readonly ServerOptions s_defaults = new() { ModelPath = "" };

    internal double ShareOfB => ModelBPath is null ? 0 : SplitB ?? 0.5;

    private IEnumerable<string> FaultsOfCluster()
    {
        if (Cluster is not null && (Store != SessionStoreKind.Memory || Redis is not null))
            yield return $"cluster and {(Redis is null ? "store" : "redis")} are both given; expected one of them: the servers of a cluster keep their sessions in the cluster's own place.";
        if (Cluster is null && (SiloAddress is not null || SiloPort != s_defaults.SiloPort || ClusterId != s_defaults.ClusterId))
            yield return "silo-address, silo-port or cluster-id is given without cluster; expected the Redis of a cluster with it, such as redis://10.0.0.7:6379.";
        if (Cluster is not null and not MemoryCluster && FaultOfRedis(Cluster) is { } fault)
            yield return $"cluster cannot be read; expected {MemoryCluster}, {fault}";
        if (!ClusterId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || ClusterId.Length is < 1 or > 100)
            yield return $"cluster-id is '{ClusterId}'; expected 1 to 100 letters, digits, - and _.";
        if (SiloAddress is not null && !(System.Net.IPAddress.TryParse(SiloAddress, out var address) && !address.Equals(System.Net.IPAddress.Any) && !address.Equals(System.Net.IPAddress.IPv6Any)))
            yield return $"silo-address is '{SiloAddress}'; expected an IP address of this machine at which the other servers reach it, such as 10.0.0.5.";
        if (SiloPort is < 0 or > 65535)
            yield return $"silo-port is {SiloPort}; expected 0 to 65535.";
    }

    /// <summary>What is wrong with what is told of the file of names.</summary>
    private static string? FaultOfNames(string text)
    {
        try
        {
            Data.ItemNamesSource.Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>What is wrong with an address; the address itself may have a password in it.</summary>
    private static string? FaultOfRedis(string address)
    {
        try
        {
            RedisAddress.Parse(address);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether it is an origin as browsers send it: scheme, host and port.</summary>
    private static bool IsOrigin(string text) =>
        text == "*" || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority) && uri.UserInfo.Length == 0);

    /// <summary>Whether Kestrel would listen there without TLS.</summary>
    private static bool IsAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;
}
