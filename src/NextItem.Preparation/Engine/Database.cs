using System.Data;
using DuckDB.NET.Data;

namespace NextItem.Preparation.Engine;

/// <summary>The embedded database of one preparation: runs SQL, tells progress, stops on demand, and says what a failure is.</summary>
internal sealed class Database : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancellationToken;

    private Database(DuckDBConnection connection, CancellationToken cancellationToken) => (_connection, _cancellationToken) = (connection, cancellationToken);

    /// <summary>Is told how much of the running statement is done, from 0 to 1, or less than 0.</summary>
    public Action<double>? Progress { get; set; }

    /// <summary>Files of text that statements read, in their order, with their compressions.</summary>
    public List<(string Path, string Compression)> TextFiles { get; } = [];

    /// <summary>Says of a failure and the SQL that was run what is wrong with one of these files; null where it is another failure.</summary>
    public Func<DuckDBException, string, Exception?> TextFault { get; set; } = (_, _) => null;

    /// <summary>Whether text is read with all its columns and not only those that are asked for.</summary>
    public bool ReadsAllColumns { get; set; }

    /// <summary>For appenders.</summary>
    public DuckDBConnection Connection => _connection;

    /// <summary>Opens a new database in a folder, or in memory without one.</summary>
    public static Database Open(string? folder, PreparationOptions options, CancellationToken cancellationToken)
    {
        DuckDBConnection connection;
        try
        {
            connection = new DuckDBConnection(new DuckDBConnectionStringBuilder { DataSource = folder is null ? ":memory:" : Path.Combine(folder, "events.duckdb") }.ConnectionString);
            connection.Open();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException || e.InnerException is DllNotFoundException)
        {
            throw new PreparationException("DuckDB's native library does not load on this machine; prepare needs it (Linux with glibc, macOS or Windows, 64 bits).", e);
        }

        var database = new Database(connection, cancellationToken);
        try
        {
            // Nothing is downloaded, ever: a missing extension is a message and not a hanging connection.
            database.Execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET enable_progress_bar = true; SET enable_progress_bar_print = false;");
            database.Execute($"SET threads = {Threads(options)}; SET memory_limit = '{MemoryBudget.ForDatabase(options.MemoryBytes)}B';");
            if (folder is not null)
                database.Execute($"SET temp_directory = {SqlText.Literal(Path.Combine(folder, "spilled"))};");
            if (options.TemporaryBytes > 0)
                database.Execute($"SET max_temp_directory_size = '{options.TemporaryBytes}B';");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>How many threads the options mean.</summary>
    public static int Threads(PreparationOptions options) => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    /// <summary>
    /// Whether queries give rows in the order of files and tables, as they do at first. Steps that need no order use less memory without.
    /// </summary>
    public void KeepOrder(bool keep) => Execute($"SET preserve_insertion_order = {(keep ? "true" : "false")};");

    /// <summary>Runs one or more statements.</summary>
    /// <returns>How many rows they changed; 0 for those that change none but make tables.</returns>
    public long Execute(string sql) => Run(sql, command => command.ExecuteNonQuery());

    /// <summary>All rows of a small result.</summary>
    public List<T> Query<T>(string sql, Func<IDataRecord, T> read) => Run(sql, command =>
    {
        var rows = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    });

    /// <summary>The only row of a result.</summary>
    public T Single<T>(string sql, Func<IDataRecord, T> read) => Query(sql, read).Single();

    /// <summary>Rows of a large result, one after the other.</summary>
    public void Stream(string sql, Action<IDataRecord> visit) => Run(sql, command =>
    {
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            visit(reader);
        return 0;
    });

    public void Dispose() => _connection.Dispose();

    private T Run<T>(string sql, Func<DuckDBCommand, T> run)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var stop = _cancellationToken.Register(command.Cancel);
        // A stop that comes just before the statement begins is lost on the database: it is told again until it listens.
        using var ticker = new Ticker(() =>
        {
            if (_cancellationToken.IsCancellationRequested)
                command.Cancel();
            else
                TellProgress();
        });
        try
        {
            var result = run(command);
            _cancellationToken.ThrowIfCancellationRequested();
            return result;
        }
        catch (DuckDBException e)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw DatabaseFailure.OfResources(e) ?? TextFault(e, sql) ?? DatabaseFailure.Other(e);
        }
    }

    private void TellProgress()
    {
        if (Progress is not { } told)
            return;
        var done = _connection.GetQueryProgress().Percentage;
        told(done is >= 0 and <= 100 ? done / 100 : -1);
    }

    /// <summary>Calls until it is disposed of, and not after it.</summary>
    private sealed class Ticker : IDisposable
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

        private readonly Timer _timer;

        public Ticker(Action tick) => _timer = new Timer(_ => tick(), null, s_interval, s_interval);

        public void Dispose()
        {
            using var ended = new ManualResetEvent(false);
            if (_timer.Dispose(ended))
                ended.WaitOne();
        }
    }
}
