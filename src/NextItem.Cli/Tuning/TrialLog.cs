using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Tuning;

/// <summary>
/// The log of a search: a line of JSON that says what is searched on what, then one for each training of a trial, in the order in which they
/// ended. Lines are only added, each flushed to the disk: a kill costs no more than the line that was being written.
/// </summary>
internal sealed class TrialLog : IDisposable
{
    /// <summary>
    /// How the log is opened, so that no other search writes it too. Elsewhere than on Windows sharing is a lock that only those who ask
    /// for one notice: for <see cref="FileShare.Read"/> a shared one, which two writers would both get, for none one's own; other programs read on.
    /// </summary>
    private static readonly FileShare s_alone = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    private readonly FileStream _stream;
    private readonly FileInfo _file;
    private readonly Dictionary<(int Trial, int Rung), TrialRecord> _records = [];
    private readonly ImmutableArray<ReadFile> _files;

    private TrialLog(FileInfo file, FileStream stream, ImmutableArray<ReadFile> files) => (_file, _stream, _files) = (file, stream, files);

    /// <summary>What the log has.</summary>
    public IReadOnlyDictionary<(int Trial, int Rung), TrialRecord> Records => _records;

    /// <summary>Begins a log, or opens that of a stopped search.</summary>
    /// <param name="file">The file.</param>
    /// <param name="identity">What makes a search this one: names and values.</param>
    /// <param name="files">Files that every trial reads.</param>
    /// <param name="resume">Whether it is there.</param>
    /// <exception cref="RunException">It is the log of another search, or damaged.</exception>
    public static TrialLog Open(FileInfo file, IReadOnlyList<(string Name, string Value)> identity, ImmutableArray<ReadFile> files, bool resume)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(file.FullName, FileMode.OpenOrCreate, FileAccess.ReadWrite, s_alone);
        }
        catch (IOException e) when (file.Exists)
        {
            throw new RunException($"{file} cannot be opened: {e.Message.TrimEnd('.')}. Does another 'tune' work with it?", e);
        }

        var log = new TrialLog(file, stream, files);
        try
        {
            if (!resume || !log.Read(identity))
                log.Append(json => WriteIdentity(json, identity, files));
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Adds a training that ended.</summary>
    public void Add(TrialRecord record)
    {
        Append(json => Write(json, record));
        _records.Add((record.Trial, record.Rung), record);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Adds a line, or nothing: what a full disk took of it is cut off again.</summary>
    private void Append(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JsonFile.Plain }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        var before = _stream.Length;
        try
        {
            _stream.Position = before;
            buffer.WriteTo(_stream);
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            try
            {
                _stream.SetLength(before);
            }
            catch (IOException)
            {
                // Then half a line stays, which reading cuts off.
            }

            throw new RunException($"{_file} cannot be written: {e.Message.TrimEnd('.')}. What it has is kept: --resume goes on from there.", e);
        }
    }

    private static void WriteIdentity(Utf8JsonWriter json, IReadOnlyList<(string Name, string Value)> identity, ImmutableArray<ReadFile> files)
    {
        json.WriteStartObject("search");
        foreach (var (name, value) in identity)
            json.WriteString(name, value);
        json.WriteEndObject();
        WriteFiles(json, files, withPaths: true);
    }

    private static void WriteFiles(Utf8JsonWriter json, ImmutableArray<ReadFile> files, bool withPaths)
    {
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("role", file.Role);
            if (withPaths)
                json.WriteString("path", file.Path);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, TrialRecord record)
    {
        json.WriteNumber("trial", record.Trial);
        json.WriteNumber("rung", record.Rung);
        json.WriteStartObject("settings");
        foreach (var (name, value) in record.Settings)
            json.WriteString(name, value);
        json.WriteEndObject();
        if (record.Seed is { } seed)
            json.WriteNumber("seed", seed);
        json.WriteNumber("seconds", record.Seconds);
        if (record.Value is { } value2)
        {
            json.WriteNumber("value", value2);
            json.WriteNumber("bestEpoch", record.BestEpoch);
        }

        if (record.Failure is not null)
            json.WriteString("failure", record.Failure);
        json.WriteStartArray("epochs");
        foreach (var epoch in record.Epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            json.WriteNumber("loss", epoch.Loss);
            json.WriteNumber("seconds", epoch.Seconds);
            EvaluationReport.WriteMetrics(json, "validation", epoch.Metrics);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteFiles(json, _files, withPaths: false);
    }

    /// <summary>Reads what is there; false where not even the first line is whole.</summary>
    private bool Read(IReadOnlyList<(string Name, string Value)> identity)
    {
        var bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _stream.SetLength(whole); // the line that was being written when the process was killed
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n')[..^1];
        if (lines is [])
            return false;
        var (there, files) = Parsed(lines[0], 1, IdentityOf);
        RequireSame(there, files, identity);
        for (var i = 1; i < lines.Length; i++)
        {
            var record = Parsed(lines[i], i + 1, RecordOf);
            _records[(record.Trial, record.Rung)] = record;
        }

        return true;
    }

    private void RequireSame(Dictionary<string, string> there, IReadOnlyList<ReadFile> filesThere, IReadOnlyList<(string Name, string Value)> asked)
    {
        var (oldPaths, newPaths) = (PathsOf(filesThere), PathsOf(_files));
        string[] differences =
        [
            .. asked.Where(each => there.GetValueOrDefault(each.Name) != each.Value).Select(each => $"{each.Name} is {Shown(each.Name, there.GetValueOrDefault(each.Name), oldPaths)} there and {Shown(each.Name, each.Value, newPaths)} here"),
            .. there.Keys.Except(asked.Select(each => each.Name)).Select(name => $"{name} is {Shown(name, there[name], oldPaths)} there and nothing here"),
        ];
        const string Expected = "--resume expects the same files, space and options; only --trials can be others, and --parallel.";
        if (differences is [var only])
            throw new RunException($"{_file} is the log of another search: {only}. {Expected}");
        if (differences.Length > 1)
            throw new RunException([$"{_file} is the log of another search:", .. differences.Select(each => $"   {each}"), Expected]);
    }

    private static Dictionary<string, string> PathsOf(IEnumerable<ReadFile> files) => ReadFile.Named(files).ToDictionary(each => each.Name, each => each.File.Path);

    /// <summary>A file by its path and the beginning of its hash, for the content counts and not the name; others as they are, where they are not too long.</summary>
    private static string Shown(string name, string? value, Dictionary<string, string> paths)
    {
        var isHash = value is { Length: 64 } && value.All(char.IsAsciiHexDigitLower);
        var shown = value switch { null => "nothing", _ when isHash => $"{value[..12]}...", { Length: > 60 } => $"{value[..57]}...", _ => value };
        return paths.GetValueOrDefault(name) is { } path && isHash ? $"{path} (SHA-256 {shown})" : shown;
    }

    private static (Dictionary<string, string> Search, ReadFile[] Files) IdentityOf(JsonElement json) => (
        json.GetProperty("search").EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!),
        [.. json.GetProperty("files").EnumerateArray().Select(file => new ReadFile(file.GetProperty("role").GetString()!, file.GetProperty("path").GetString()!, file.GetProperty("sha256").GetString()!))]);

    private T Parsed<T>(string line, int number, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RunException($"{_file}, line {number}: no line of a search's log ({e.Message.TrimEnd('.')}); expected the log as 'tune' wrote it.", e);
        }
    }

    private static TrialRecord RecordOf(JsonElement json) => new(
        json.GetProperty("trial").GetInt32(),
        json.GetProperty("rung").GetInt32(),
        [.. json.GetProperty("settings").EnumerateObject().Select(each => (each.Name, each.Value.GetString()!))],
        json.TryGetProperty("seed", out var seed) ? seed.GetUInt64() : null)
    {
        Value = json.TryGetProperty("value", out var value) ? value.GetDouble() : null,
        BestEpoch = json.TryGetProperty("bestEpoch", out var best) ? best.GetInt32() : 0,
        Failure = json.TryGetProperty("failure", out var failure) ? failure.GetString() : null,
        Epochs =
        [
            .. json.GetProperty("epochs").EnumerateArray().Select(epoch => new TrialEpoch(
                epoch.GetProperty("epoch").GetInt32(), epoch.GetProperty("loss").GetDouble(), epoch.GetProperty("seconds").GetDouble(),
                [.. epoch.GetProperty("validation").EnumerateArray().Select(metric => new MetricValue(metric.GetProperty("name").GetString()!, metric.GetProperty("cutoff").GetInt32(), metric.GetProperty("value").GetDouble()))])),
        ],
    };
}
