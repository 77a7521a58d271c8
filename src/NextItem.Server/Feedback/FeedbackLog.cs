using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NextItem.Server.Feedback;

/// <summary>
/// Appends events and shown lists to daily files. Requests hand lines over and go on: they neither wait for the disk nor fail with it. One
/// writer takes them; while the disk is full it tries again, lines wait up to a number, and beyond it they are lost, counted, and told in the log.
/// </summary>
internal sealed partial class FeedbackLog : IHostedService, IAsyncDisposable
{
    /// <summary>Lines that wait at most.</summary>
    public const int MostWaiting = 50_000;

    /// <summary>Bytes written at once, about.</summary>
    private const int BatchBytes = 1 << 20;

    private readonly Channel<object> _waiting = Channel.CreateBounded<object>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly TimeSpan _betweenTries = TimeSpan.FromSeconds(1);
    private readonly string? _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<FeedbackLog> _log;
    private readonly DailyFile _events;
    private readonly DailyFile _lists;
    private readonly FileStream? _lock;
    private readonly CancellationTokenSource _stopping = new();
    private Task _writer = Task.CompletedTask;
    private volatile string? _failure;
    private int _isLosing;
    private int _isDisposed;
    private long _written;
    private long _lost;

    /// <summary>Takes the folder.</summary>
    /// <param name="folder">Where the files are; null for no log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told what goes wrong.</param>
    /// <param name="open">Opens files; null for those of the disk.</param>
    /// <exception cref="IOException">The folder cannot be made, or another server writes to it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public FeedbackLog(string? folder, TimeProvider time, ILogger<FeedbackLog> log, Func<string, Stream>? open = null)
    {
        (_folder, _time, _log) = (folder, time, log);
        Clock = new EventClock(time);
        open ??= path => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        _events = new DailyFile(folder ?? "", "events", open);
        _lists = new DailyFile(folder ?? "", "lists", open);
        if (folder is null)
            return;
        MakeFolder(folder);
        var lockPath = Path.Combine(folder, "writer.lock");
        try
        {
            _lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(lockPath))
        {
            throw new IOException($"{folder}: another server writes its feedback there; expected a folder for each server (--feedback).", e);
        }
    }

    /// <summary>Whether anything is written.</summary>
    public bool IsOn => _folder is not null;

    /// <summary>The times of lines.</summary>
    public EventClock Clock { get; }

    /// <summary>Lines written since the start.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Lines lost since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Why nothing can be written at the moment; null where it can.</summary>
    public string? Failure => _failure;

    /// <summary>Hands over events that are stored.</summary>
    public void Add(IEnumerable<EventLine> events)
    {
        foreach (var line in events)
            Add(line);
    }

    /// <summary>Hands over a list that is shown.</summary>
    public void Add(ListLine list) => Add((object)list);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsOn)
            _writer = Task.Run(WriteAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Writes what waits; what cannot be written then is lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writer.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
        _events.Dispose();
        _lists.Dispose();
        if (_lock is not null)
            await _lock.DisposeAsync();
    }

    private static void MakeFolder(string folder)
    {
        for (var part = Path.GetFullPath(folder); part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
                throw new IOException($"{part} is a file; expected a folder for the feedback (--feedback).");
        }

        Directory.CreateDirectory(folder);
    }

    private void Add(object line)
    {
        if (IsOn && !_waiting.Writer.TryWrite(line))
            Lose(1);
    }

    private void Lose(int lines)
    {
        Interlocked.Add(ref _lost, lines);
        if (Interlocked.Exchange(ref _isLosing, 1) == 0)
            LogLosing(_folder!, MostWaiting, _failure ?? "the disk is slower than the requests");
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new Batch();
            while (batch.Bytes < BatchBytes && _waiting.Reader.TryRead(out var line))
                batch.Add(line);
            await WriteAsync(batch);
        }
    }

    /// <summary>Tries until it is written, or, when the server stops, once.</summary>
    private async Task WriteAsync(Batch batch)
    {
        while (true)
        {
            var (left, cut) = (batch.Left, _events.CutBytes + _lists.CutBytes);
            try
            {
                batch.WriteTo(_events, _lists);
                if (_failure is null && _events.CutBytes + _lists.CutBytes - cut is > 0 and var bytes)
                    LogRepaired(_folder!, bytes);
                if (_failure is not null)
                    LogGoesOn(_folder!, Lost);
                (_failure, _isLosing) = (null, 0);
                return;
            }
            catch (Exception e)
            {
                // Whatever it is: the server answers on.
                if (_failure is null)
                    LogFailed(_folder!, e.Message);
                _failure = e.Message;
            }
            finally
            {
                Interlocked.Add(ref _written, left - batch.Left);
            }

            if (_stopping.IsCancellationRequested)
            {
                Lose(batch.Left);
                return;
            }

            try
            {
                await Task.Delay(_betweenTries, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                // The last try.
            }
        }
    }

    /// <summary>Lines of one or more days and both kinds, in their order.</summary>
    private sealed class Batch
    {
        private readonly List<(bool IsEvent, string Day, ArrayBufferWriter<byte> Lines, int Count)> _parts = [];

        public int Bytes { get; private set; }

        /// <summary>Lines that are not written.</summary>
        public int Left => _parts.Sum(part => part.Count);

        public void Add(object line)
        {
            if (line is EventLine one)
                Add(true, one.Timestamp, one, FeedbackJson.Plain.EventLine);
            else
                Add(false, ((ListLine)line).Timestamp, (ListLine)line, FeedbackJson.Plain.ListLine);
        }

        /// <summary>Writes what was not written yet.</summary>
        public void WriteTo(DailyFile events, DailyFile lists)
        {
            while (_parts.Count > 0)
            {
                var (isEvent, day, lines, _) = _parts[0];
                (isEvent ? events : lists).Add(day, lines.WrittenSpan);
                _parts.RemoveAt(0);
            }
        }

        private void Add<T>(bool isEvent, string timestamp, T line, JsonTypeInfo<T> type)
        {
            var day = timestamp[..10];
            var at = _parts.FindIndex(part => part.IsEvent == isEvent && part.Day == day);
            if (at < 0)
            {
                at = _parts.Count;
                _parts.Add((isEvent, day, new ArrayBufferWriter<byte>(), 0));
            }

            var part = _parts[at];
            var before = part.Lines.WrittenCount;
            using (var json = new Utf8JsonWriter(part.Lines, new JsonWriterOptions { Encoder = type.Options.Encoder }))
                JsonSerializer.Serialize(json, line, type);
            part.Lines.Write("\n"u8);
            Bytes += part.Lines.WrittenCount - before;
            _parts[at] = part with { Count = part.Count + 1 };
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the feedback in {Folder} cannot be written; requests are answered, lines wait, it is tried again: {Reason}")]
    private partial void LogFailed(string folder, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "feedback for {Folder} is being lost, {Lines} lines are waiting: {Reason}")]
    private partial void LogLosing(string folder, int lines, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "the feedback in {Folder} is written again; {Lost} lines were lost since the start")]
    private partial void LogGoesOn(string folder, long lost);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the feedback in {Folder} ended within a line; {Bytes} bytes of it were cut off")]
    private partial void LogRepaired(string folder, long bytes);
}
