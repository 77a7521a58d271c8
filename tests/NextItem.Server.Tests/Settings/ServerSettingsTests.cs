using System.Collections;
using NextItem.Server.Settings;

namespace NextItem.Server.Tests.Settings;

public sealed class ServerSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> s_none = [];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Every setting, by all three ways: a value, and how it is seen in the options.</summary>
    public static TheoryData<string, string, string, Func<ServerOptions, object?>, object?> Values => new()
    {
        { "model", "\"m.nextitem\"", "m.nextitem", o => Path.GetFileName(o.ModelPath), "m.nextitem" },
        { "model-b", "\"b.nextitem\"", "b.nextitem", o => Path.GetFileName(o.ModelBPath), "b.nextitem" },
        { "split-b", "0.25", "0.25", o => o.SplitB, 0.25 },
        { "split-salt", "\"spring\"", "spring", o => o.SplitSalt, "spring" },
        { "urls", """["http://127.0.0.1:1","http://[::1]:2"]""", "http://127.0.0.1:1;http://[::1]:2", o => string.Join('|', o.Urls), "http://127.0.0.1:1|http://[::1]:2" },
        { "names", "\"n.tsv\"", "n.tsv", o => Path.GetFileName(o.NamesPath), "n.tsv" },
        { "items", "\"i.json\"", "i.json", o => Path.GetFileName(o.ItemsPath), "i.json" },
        { "rules", "\"r.json\"", "r.json", o => Path.GetFileName(o.RulesPath), "r.json" },
        { "exclude-seen", "true", "true", o => o.ExcludeSeen, true },
        { "moving-events", """["view","purchase"]""", "view, purchase", o => string.Join('|', o.MovingEvents), "view|purchase" },
        { "store", "\"redis\"", "redis", o => o.Store, SessionStoreKind.Redis },
        { "redis", "\"r:1\"", "r:1", o => o.Redis, "r:1" },
        { "cluster", "\"redis://r:1\"", "redis://r:1", o => o.Cluster, "redis://r:1" },
        { "cluster-id", "\"shop\"", "shop", o => o.ClusterId, "shop" },
        { "silo-address", "\"10.0.0.5\"", "10.0.0.5", o => o.SiloAddress, "10.0.0.5" },
        { "silo-port", "12", "12", o => o.SiloPort, 12 },
        { "session-idle", "\"1.5h\"", "90m", o => o.SessionIdle.TotalMinutes, 90.0 },
        { "max-sessions", "7", "7", o => o.MaxSessions, 7 },
        { "max-session-megabytes", "9", "9", o => o.MaxSessionMegabytes, 9 },
        { "max-session-events", "8", "8", o => o.MaxSessionEvents, 8 },
        { "feedback", "\"f\"", "f", o => Path.GetFileName(o.FeedbackPath), "f" },
        { "api-keys", "\"k\"", "k", o => Path.GetFileName(o.ApiKeysPath), "k" },
        { "cors", """["https://a","http://b:1"]""", "https://a, http://b:1", o => string.Join('|', o.CorsOrigins), "https://a|http://b:1" },
        { "reload-check", "\"500ms\"", "0.5s", o => o.ReloadCheck.TotalSeconds, 0.5 },
    };

    [Theory, MemberData(nameof(Values))]
    public void Setting_FromFileEnvironmentAndCommandLine_IsTaken(string name, string json, string text, Func<ServerOptions, object?> seen, object? expected)
    {
        var setting = ServerSettings.All.Single(setting => setting.Name == name);
        var model = KeyValuePair.Create("model", "x");
        var file = _folder.Text("serve.json", $$"""{"{{setting.FileKey}}": {{json}} /* why */}""");
        KeyValuePair<string, string>[] others = name switch
        {
            "model" => [],
            "store" => [model, new("redis", "r:1")],
            "redis" => [model, new("store", "redis")],
            "cluster-id" or "silo-address" or "silo-port" => [model, new("cluster", "memory")],
            "split-b" or "split-salt" => [model, new("model-b", "y")],
            _ => [model],
        };

        Assert.NotEqual(expected, seen(ServerSettings.Read(null, s_none, [model])));
        Assert.Equal(expected, seen(ServerSettings.Read(file, s_none, others)));
        Assert.Equal(expected, seen(ServerSettings.Read(null, new Hashtable { [setting.Variable] = text }, others)));
        Assert.Equal(expected, seen(ServerSettings.Read(null, s_none, [.. others, new(name, text)])));
    }

    [Fact]
    public void Settings_HaveATestEach() => Assert.Equal(ServerSettings.All.Select(setting => setting.Name), Values.Select(row => row.Data.Item1));

    [Fact]
    public void CommandLine_GoesBeforeEnvironment_AndThatBeforeTheFile()
    {
        var file = _folder.Text("serve.json", """{"model": "m", "maxSessions": 1, "maxSessionEvents": 1, "sessionIdle": "1m"}""");
        var options = ServerSettings.Read(file, new Hashtable { ["NEXTITEM_SERVE_MAX_SESSIONS"] = "2", ["NEXTITEM_SERVE_MAX_SESSION_EVENTS"] = "2", ["PATH"] = "x" }, [new("max-sessions", "3")]);

        Assert.Equal((3, 2, 1.0), (options.MaxSessions, options.MaxSessionEvents, options.SessionIdle.TotalMinutes));
        Assert.Equal(_folder.In("m"), options.ModelPath); // from the file's folder
    }

    [Fact]
    public void Names_WithColumns_AreFromTheFilesFolderToo()
    {
        var file = _folder.Text("serve.json", """{"model": "m", "names": "n.tsv:item=Artikel;name=Titel"}""");

        Assert.Equal(_folder.In("n.tsv") + ":item=Artikel;name=Titel", ServerSettings.Read(file, s_none, []).NamesPath);
    }

    [Fact]
    public void Faults_AreAllTold()
    {
        var file = _folder.Text("serve.json", """{"model": "m", "maxSession": 1, "urls": {}, "excludeSeen": "maybe"}""");

        var faults = Assert.Throws<OptionsException>(() => ServerSettings.Read(file, new Hashtable { ["NEXTITEM_SERVE_X"] = "" }, [new("session-idle", "soon"), new("max-sessions", "-1")])).Faults;

        Assert.Equal(6, faults.Count);
        Assert.All(
            new[] { "urls is {}", "maxSession is no setting; expected of model, modelB, splitB, splitSalt, urls,", "excludeSeen is 'maybe'; expected true or false.", "NEXTITEM_SERVE_X is no setting", "--session-idle is 'soon'; expected a time such as", "--max-sessions is '-1'; expected a whole number." },
            told => Assert.Contains(faults, fault => fault.Contains(told, StringComparison.Ordinal)));
        Assert.Contains("The model is missing", Assert.Throws<OptionsException>(() => ServerSettings.Read(null, s_none, [])).Message, StringComparison.Ordinal);
        Assert.Contains("no JSON of settings", Assert.Throws<OptionsException>(() => ServerSettings.Read(_folder.Text("bad.json", "model: m"), s_none, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreAllTold()
    {
        var options = new ServerOptions
        {
            ModelPath = "",
            Urls = ["https://localhost", "http://a/b"],
            SessionIdle = TimeSpan.Zero,
            MaxSessions = 0,
            MaxSessionMegabytes = 0,
            MaxSessionEvents = 0,
            MovingEvents = ["zoom"],
            ReloadCheck = TimeSpan.Zero,
            Store = SessionStoreKind.Redis,
            CorsOrigins = ["https://a/b", "a", "*"],
        };

        Assert.Equal(12, Assert.Throws<OptionsException>(options.Validate).Faults.Count);
        new ServerOptions { ModelPath = "m" }.Validate();
        Assert.Contains("split-b is given without model-b", Assert.Throws<OptionsException>(new ServerOptions { ModelPath = "m", SplitB = 0.1 }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("split-salt is given without model-b", Assert.Throws<OptionsException>(new ServerOptions { ModelPath = "m", SplitSalt = "x" }.Validate).Message, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Throws<OptionsException>(new ServerOptions { ModelPath = "m", ModelBPath = "", SplitB = 1.1 }.Validate).Faults.Count);
        Told("names is 'n.tsv:x=y'; expected a file,", new ServerOptions { ModelPath = "m", NamesPath = "n.tsv:x=y" });
        Told("redis is given and not used", new ServerOptions { ModelPath = "m", Redis = "r:1" });
        foreach (var address in new[] { "http://r", "redis://", "redis://r/x", "r:1,nonsense=1", "," })
            Told("redis cannot be read; expected host:port", new ServerOptions { ModelPath = "m", Store = SessionStoreKind.Redis, Redis = address });
        foreach (var address in new[] { "r", "r:1", "r:1,password=p,ssl=true", "redis://r", "redis://u:p%40@r:1/2", "rediss://:p@r:1" })
            new ServerOptions { ModelPath = "m", Store = SessionStoreKind.Redis, Redis = address }.Validate();

        static void Told(string fault, ServerOptions options) => Assert.Contains(fault, Assert.Single(Assert.Throws<OptionsException>(options.Validate).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Cluster_IsCheckedWithTheOthers()
    {
        Told("cluster and store are both given", new ServerOptions { ModelPath = "m", Cluster = "memory", Store = SessionStoreKind.Redis, Redis = null }, 2);
        Told("cluster and redis are both given", new ServerOptions { ModelPath = "m", Cluster = "memory", Store = SessionStoreKind.Redis, Redis = "r:1" });
        Told("without cluster", new ServerOptions { ModelPath = "m", SiloPort = 5 });
        Told("without cluster", new ServerOptions { ModelPath = "m", SiloAddress = "10.0.0.5" });
        Told("without cluster", new ServerOptions { ModelPath = "m", ClusterId = "shop" });
        Told("cluster cannot be read; expected memory, host:port, or redis://", new ServerOptions { ModelPath = "m", Cluster = "http://r" });
        Told("silo-port is 65536; expected 0 to 65535", new ServerOptions { ModelPath = "m", Cluster = "memory", SiloPort = 65536 });
        foreach (var id in new[] { "", "a b", "a:b", new string('a', 101) })
            Told($"cluster-id is '{id}'; expected 1 to 100 letters", new ServerOptions { ModelPath = "m", Cluster = "memory", ClusterId = id });
        foreach (var address in new[] { "shop.example", "0.0.0.0", "::" })
            Told($"silo-address is '{address}'; expected an IP address", new ServerOptions { ModelPath = "m", Cluster = "memory", SiloAddress = address });
        new ServerOptions { ModelPath = "m", Cluster = "r:1,ssl=true", ClusterId = "a-b_1", SiloAddress = "::1", SiloPort = 0 }.Validate();
        // Memory is the default, but not where somebody asks for it.
        Assert.Contains("store and cluster are both given", Assert.Throws<OptionsException>(() => ServerSettings.Read(null, s_none, [new("model", "m"), new("store", "memory"), new("cluster", "memory")])).Message, StringComparison.Ordinal);

        static void Told(string fault, ServerOptions options, int faults = 1)
        {
            var told = Assert.Throws<OptionsException>(options.Validate).Faults;
            Assert.Equal(faults, told.Count);
            Assert.Contains(told, one => one.Contains(fault, StringComparison.Ordinal));
        }
    }

    /// <summary>The server's own package has no cluster; it is not silently without one.</summary>
    [Fact]
    public async Task Cluster_WithoutOrleans_IsRefused() =>
        Assert.Contains("OrleansServer", (await Assert.ThrowsAsync<OptionsException>(() => NextItemServer.StartAsync(new ServerOptions { ModelPath = "m", Cluster = "memory" }, cancellationToken: TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

    [Fact]
    public void RedisAddress_AsAUri_IsTakenApart()
    {
        var options = RedisAddress.Parse("rediss://us%3Aer:p%40ss@cache.shop:7000/3");

        Assert.Equal(("us:er", "p@ss", true, 3), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
        Assert.Equal("cache.shop:7000", Assert.IsType<System.Net.DnsEndPoint>(Assert.Single(options.EndPoints)) is var place ? $"{place.Host}:{place.Port}" : "");
        Assert.Equal(6379, ((System.Net.DnsEndPoint)RedisAddress.Parse("redis://cache.shop").EndPoints[0]).Port);
        Assert.Equal("p", RedisAddress.Parse("redis://p@cache.shop").Password);
        var more = RedisAddress.Parse("redis://u:p,q@cache.shop:1,ssl=true,name=shop");
        Assert.Equal(("u", "p,q", true, "shop"), (more.User, more.Password, more.Ssl, more.ClientName));
        Assert.Throws<FormatException>(() => RedisAddress.Parse("redis://cache.shop:1,other.shop:2"));
    }
}
