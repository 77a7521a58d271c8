using System.Diagnostics;
using Npgsql;

namespace NextItem.Preparation.Tests;

/// <summary>Against a PostgreSQL server of its own, where Debian's package is installed.</summary>
public sealed class PostgresTests : IClassFixture<PostgresTests.Server>, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Server _server;

    public PostgresTests(Server server) => _server = server;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Table_OfTypedColumns_IsStreamed()
    {
        Sql("DROP TABLE IF EXISTS clicks; CREATE TABLE clicks (session_id uuid, item_id bigint, time timestamptz, event text);"
            + "INSERT INTO clicks VALUES ('00000000-0000-0000-0000-000000000001', 7, '2001-09-09T01:46:40.25Z', 'view'), ('00000000-0000-0000-0000-000000000001', 8, '2001-09-09T03:46:41+02', 'view'),"
            + "('00000000-0000-0000-0000-000000000002', 7, '2001-09-12T01:46:40Z', 'view'), ('00000000-0000-0000-0000-000000000002', 7, '2001-09-12T01:46:40Z', 'buy'), (NULL, 7, '2001-09-12T01:46:40Z', 'view')");

        var report = _folder.Prepare(_server.Address, Steps.Lenient with { EventTypes = ["view"] }, options => options with { Table = "public.clicks" });

        Assert.Equal(["00000000-0000-0000-0000-000000000001 7 1000000000.25", "00000000-0000-0000-0000-000000000001 8 1000000001.0"], _folder.Rows("train_full"));
        Assert.Equal(["00000000-0000-0000-0000-000000000002 7 1000259200.0"], _folder.Rows("test"));
        Assert.Equal("the table, row 5: 'session_id' is empty; expected an id.", Assert.Single(report.BadRows));
        Assert.DoesNotContain("secret", File.ReadAllText(_folder.At("out/prepare.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Query_OfManyRows_GivesThemAll()
    {
        const string Query = "SELECT 's' || (i / 4) AS session_id, 'i' || (i * 7 % 101) AS item_id, 1000000000 + i * 10 AS time FROM generate_series(0, 199999) AS i";

        var report = _folder.Prepare(_server.Address, Steps.Lenient, options => options with { Query = Query });

        Assert.Equal((200_000, 50_000, 101), (report.Counts[0].Events, report.Counts[0].Sessions, report.Counts[0].Items));
    }

    [Fact]
    public void Faults_AreMessagesWithoutThePassword()
    {
        var missing = Assert.Throws<PreparationException>(() => _folder.Prepare(_server.Address, Steps.Lenient, options => options with { Table = "nothing" }));
        var syntax = Assert.Throws<PreparationException>(() => _folder.Prepare(_server.Address, Steps.Lenient, options => options with { Query = "SELEKT 1" }));
        var absent = Assert.Throws<PreparationException>(() => _folder.Prepare("postgres://reader:secret@localhost:1/shop", Steps.Lenient));

        Assert.Contains("has no table 'nothing'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("syntax error", syntax.Message, StringComparison.Ordinal);
        Assert.StartsWith("postgres://reader@localhost:1/shop: ", absent.Message, StringComparison.Ordinal);
        Assert.All([missing, syntax, absent], fault => Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal));
    }

    /// <summary>The server calls it an error of the query; it is the stop that was asked for.</summary>
    [Fact]
    public void Stop_WhileTheServerWorks_IsAStop()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var options = new PreparationOptions
        {
            Inputs = [_server.Address],
            Query = "SELECT 's' AS session_id, 'i' AS item_id, pg_sleep(1000)::text AS time",
            OutputFolder = _folder.At("out"),
            Steps = Steps.Lenient,
        };

        Assert.ThrowsAny<OperationCanceledException>(() => SessionPreparer.Prepare(options, null, stop.Token));

        Assert.False(Directory.Exists(_folder.At("out")));
    }

    [Fact]
    public void Query_WithASemicolonACommentAndAnotherCustomOfDates_IsRead()
    {
        Sql("ALTER DATABASE shop SET datestyle = 'German'; DROP TABLE IF EXISTS dated; CREATE TABLE dated (session_id int, item_id int, time timestamptz); INSERT INTO dated VALUES (1, 7, '2001-09-09T01:46:40Z'), (2, 7, '2001-10-12T01:46:40Z')");
        NpgsqlConnection.ClearAllPools();
        try
        {
            _folder.Prepare(_server.Address, Steps.Lenient, options => options with { Query = "SELECT * FROM dated -- all;\n;" });
        }
        finally
        {
            Sql("ALTER DATABASE shop RESET datestyle");
        }

        Assert.Equal(["1 7 1000000000.0"], _folder.Rows("train_full"));
    }

    private void Sql(string sql)
    {
        using var connection = new NpgsqlConnection(Inputs.PostgresAddress.ConnectionString(_server.Address));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Starts a server in a folder of its own and stops it.</summary>
    public sealed class Server : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("nextitem-pg-").FullName;
        private readonly string? _programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) : null;
        private readonly int _port = 20_000 + (Environment.ProcessId % 20_000);
        private readonly string? _missing;

        public Server()
        {
            if (_programs is null)
            {
                _missing = "needs PostgreSQL (Debian: apt-get install postgresql)";
                return;
            }

            var data = Path.Combine(_folder, "data");
            // PostgreSQL refuses to run as root.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
            if (!Run($"{_programs}/initdb -D {data} -A trust -U reader -E UTF8 --no-sync") || !Run($"{_programs}/pg_ctl -D {data} -w -l {_folder}/log -o '-p {_port} -k {_folder} -c listen_addresses=localhost -c fsync=off' start") || !Run($"{_programs}/createdb -h localhost -p {_port} -U reader shop"))
                _missing = "PostgreSQL is installed but does not start here";
        }

        /// <summary>The server's address; skips the test where there is no server.</summary>
        public string Address
        {
            get
            {
                if (_missing is not null)
                    Assert.Skip(_missing);
                return $"postgres://reader:secret@localhost:{_port}/shop";
            }
        }

        public void Dispose()
        {
            NpgsqlConnection.ClearAllPools();
            if (_programs is not null)
                Run($"{_programs}/pg_ctl -D {_folder}/data -m immediate stop");
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (UnauthorizedAccessException)
            {
                // The server's own user has it.
            }
        }

        private static bool Run(string command)
        {
            string[] start = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", "sh", "-c", command] : ["sh", "-c", command];
            using var process = Process.Start(new ProcessStartInfo(start[0], start[1..]) { WorkingDirectory = "/", RedirectStandardOutput = false });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
