using System.Collections;
using System.Text.Json;
using NextItem.Server.Settings;

namespace NextItem.Server;

/// <summary>
/// The settings of the server by name, and where they come from: the command line goes before environment variables, and these before
/// the file. Names that there are not are refused, since a misspelt setting would do nothing.
/// </summary>
public static class ServerSettings
{
    internal const string VariablePrefix = "NEXTITEM_SERVE_";
    internal const string Flag = "true|false";
    internal const string Path = "file";
    internal const string Folder = "folder";

    private static readonly ServerOptions s_defaults = new() { ModelPath = "" };

    /// <summary>All settings.</summary>
    public static IReadOnlyList<ServerSetting> All { get; } =
    [
        new("model", Path, "Model file, as 'train' writes it; a new one under the same path is loaded while the old one serves", (o, text) => o with { ModelPath = text }),
        new("model-b", Path, "Second model file, for a share of the sessions: an A/B test", (o, text) => o with { ModelBPath = text }),
        new("split-b", "share", "Share of the sessions that get the second model, 0 to 1 [default: 0.5, with --model-b]", (o, text) => o with { SplitB = SettingText.Share(text) }),
        new("split-salt", "text", "Goes before session ids when these are split; another text makes another split [default: none]", (o, text) => o with { SplitSalt = text }),
        new("urls", "list", $"Where to listen, http://address:port, separated by commas [default: {s_defaults.Urls[0]}, this machine alone]", (o, text) => o with { Urls = SettingText.List(text) }),
        new("names", Path, "File with columns ItemId and Name: titles of the items; other columns: artikel.csv:item=Artikel;name=Titel", (o, text) => o with { NamesPath = text }),
        new("items", Path, "File that keeps what PUT /v1/items tells, over restarts", (o, text) => o with { ItemsPath = text }),
        new("rules", Path, "File of standing rules: hidden items, pins, boosts, quotas; a new one is taken in while the server runs", (o, text) => o with { RulesPath = text }),
        new("exclude-seen", Flag, "Never recommend the items of the session itself", (o, text) => o with { ExcludeSeen = SettingText.Flag(text) }),
        new("moving-events", "list", $"Types of events that move a session: {string.Join(", ", EventTypes.All)} [default: {string.Join(',', s_defaults.MovingEvents)}]", (o, text) => o with { MovingEvents = SettingText.List(text) }),
        new("store", "memory|redis", "Where sessions are kept; in Redis, any server continues any session [default: memory]", (o, text) => o with { Store = SettingText.Store(text) }),
        new("redis", "address", "Where Redis is: host:port, or redis://user:password@host:port/database (better not on a command line, which others see)", (o, text) => o with { Redis = text }),
        new("cluster", "address|memory", "Be one of several servers that share sessions, each of which is kept by one of them; they find each other in Redis: redis://host:port; 'memory' is a cluster of one", (o, text) => o with { Cluster = text }),
        new("cluster-id", "name", $"Servers of the same name in the same Redis belong together [default: {s_defaults.ClusterId}]", (o, text) => o with { ClusterId = text }),
        new("silo-address", "ip", "Address of this machine at which the other servers of the cluster reach it [default: the one from which it reaches Redis]", (o, text) => o with { SiloAddress = text }),
        new("silo-port", "number", $"Port at which the other servers of the cluster reach it; 0 takes a free one [default: {s_defaults.SiloPort}]", (o, text) => o with { SiloPort = SettingText.Number(text) }),
        new("session-idle", "time", $"Forget a session that nothing asked for for this long [default: {SettingText.Of(s_defaults.SessionIdle)}]", (o, text) => o with { SessionIdle = SettingText.Duration(text) }),
        new("max-sessions", "number", $"Sessions kept in memory at most; beyond, the least recently used is forgotten [default: {s_defaults.MaxSessions}]", (o, text) => o with { MaxSessions = SettingText.Number(text) }),
        new("max-session-megabytes", "number", $"Memory that sessions take at most; beyond, the least recently used is forgotten [default: {s_defaults.MaxSessionMegabytes}]", (o, text) => o with { MaxSessionMegabytes = SettingText.Number(text) }),
        new("max-session-events", "number", $"Events of a session at most; further ones are rejected [default: {s_defaults.MaxSessionEvents}]", (o, text) => o with { MaxSessionEvents = SettingText.Number(text) }),
        new("feedback", Folder, "Folder for daily files of events and shown lists, which 'prepare' and 'feedback' read [default: none, nothing is written]", (o, text) => o with { FeedbackPath = text }),
        new("api-keys", Path, "File of API keys, one a line, of which a request must show one [default: none, everybody may ask]", (o, text) => o with { ApiKeysPath = text }),
        new("cors", "list", "Origins of web pages whose visitors' browsers may ask, such as https://www.shop.example, or * [default: none]", (o, text) => o with { CorsOrigins = SettingText.List(text) }),
        new("reload-check", "time", $"How often to look for a new model file, new rules and new API keys [default: {SettingText.Of(s_defaults.ReloadCheck)}]", (o, text) => o with { ReloadCheck = SettingText.Duration(text) }),
    ];

    /// <summary>Puts options together.</summary>
    /// <param name="file">A JSON file of settings; null for none.</param>
    /// <param name="environment">Environment variables; those that begin with <c>NEXTITEM_SERVE_</c> are settings.</param>
    /// <param name="given">Settings by <see cref="ServerSetting.Name"/>, as on the command line.</param>
    /// <exception cref="OptionsException">A setting is not known, or its value is none; every fault is told.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ServerOptions Read(string? file, IDictionary environment, IEnumerable<KeyValuePair<string, string>> given)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(given);
        var faults = new List<string>();
        var options = s_defaults;
        var named = new HashSet<string>();
        if (file is not null)
        {
            foreach (var (key, text) in SettingsOfFile(file, faults))
                options = Set(options, All.FirstOrDefault(setting => setting.FileKey == key), text, $"{file}: {key}", All.Select(setting => setting.FileKey), faults, named, file);
        }

        var openTelemetry = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in environment)
        {
            if (variable.Key is string standard && standard.StartsWith("OTEL_", StringComparison.Ordinal) && variable.Value is string value)
                openTelemetry[standard] = value;
            if (variable.Key is string name && name.StartsWith(VariablePrefix, StringComparison.Ordinal))
                options = Set(options, All.FirstOrDefault(setting => setting.Variable == name), (string?)variable.Value ?? "", $"The environment's {name}", All.Select(setting => setting.Variable), faults, named);
        }

        options = options with { OpenTelemetry = openTelemetry };
        foreach (var (name, text) in given)
            options = Set(options, All.FirstOrDefault(setting => setting.Name == name), text, $"--{name}", All.Select(setting => setting.Name), faults, named);
        if (options.Store == SessionStoreKind.Memory && named.Contains("store") && named.Contains("cluster"))
            faults.Add("store and cluster are both given; expected one of them: the servers of a cluster keep their sessions in the cluster's own place.");
        if (options.ModelPath.Length == 0 && faults.Count == 0)
            faults.Add($"The model is missing; expected --model, {VariablePrefix}MODEL, or \"model\" in the file of --config.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(ServerOptions), faults);
        options.Validate();
        return options;
    }

    private static ServerOptions Set(
        ServerOptions options, ServerSetting? setting, string text, string source, IEnumerable<string> names, List<string> faults, HashSet<string> named, string? file = null)
    {
        if (setting is null)
        {
            faults.Add($"{source} is no setting; expected of {string.Join(", ", names)}.");
            return options;
        }

        named.Add(setting.Name);
        try
        {
            if (setting.IsPath && file is not null && text.Length > 0)
                text = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file) ?? "", text);
            return setting.Set(options, text);
        }
        catch (FormatException e)
        {
            faults.Add($"{source} is '{text}'; expected {e.Message}");
            return options;
        }
    }

    private static List<KeyValuePair<string, string>> SettingsOfFile(string file, List<string> faults)
    {
        var settings = new List<KeyValuePair<string, string>>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("it is no object.");
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (SettingText.Of(property.Value) is { } text)
                    settings.Add(new(property.Name, text));
                else
                    faults.Add($"{file}: {property.Name} is {property.Value.GetRawText()}; expected a string, a number, true, false, or a list of strings.");
            }
        }
        catch (JsonException e)
        {
            faults.Add($"{file}: this is no JSON of settings: {e.Message}");
        }

        return settings;
    }
}
