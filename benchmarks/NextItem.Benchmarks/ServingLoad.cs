using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace NextItem.Benchmarks;

/// <summary>
/// Asks a server for recommendations at a fixed rate, from a process of its own. Each request is an event of a session with 20
/// recommendations after it; there are many sessions, one after the other, so that no answer comes from a cache. Afterwards one answer in
/// a hundred is compared with what <see cref="Recommender"/> gives for the same items.
/// </summary>
/// <remarks>
/// Requests have times at which they are due. The time of a request counts from then if its connection was late because the answers before
/// it were slow, so that a server that stands still cannot hide it; it counts from sending if the connection waited for the time, so that
/// the timer's delay is not the server's.
/// </remarks>
internal static class ServingLoad
{
    private const int Results = 20;
    private const int Compared = 100;

    /// <summary>Writes a model with random parameters.</summary>
    public static int WriteModel(string path, int items, int units)
    {
        using var model = RandomModels.Gru4Rec(ItemCatalog.From(Enumerable.Range(0, items).Select(Key), Enumerable.Repeat(1, items)), [units]);
        using var file = File.Create(path);
        ModelFile.Save(file, new TrainedModel(model, new TrainingProvenance { Sessions = items, Events = items, TrainedUntil = 0, DataFingerprint = "random", NextItemVersion = "benchmark" }));
        return 0;
    }

    public static async Task<int> RunAsync(LoadArguments load)
    {
        var address = new IPEndPoint(IPAddress.Loopback, new Uri(load.Url).Port);
        var (answers, times) = (new string?[load.Requests], new double[load.Requests]);
        var next = -1;
        var failures = 0;
        var memory = new List<double>();
        await SendAll(Math.Min(load.Requests, 2000), int.MaxValue); // compiled and warm; sessions of their own
        Array.Clear(answers);
        (next, failures) = (-1, 0);

        var before = await ProcessorSeconds(load.Url);
        var ownBefore = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await SendAll(load.Requests, 0);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var own = (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds;
        var served = await ProcessorSeconds(load.Url) - before;

        var different = Compare(load, answers);
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{load.Name,-18} {load.Requests,9:N0} {load.Sessions,8:N0} {load.Rate,6} {load.Requests / elapsed,8:N0} {At(0.5),8:F2} {At(0.9),8:F2} {At(0.99),8:F2} {times[^1],8:F1} {1000 * served / load.Requests,9:F3} {1000 * own / load.Requests,9:F3} {failures,6} {answers.Count(answer => answer is not null),8:N0} {different,9}"));
        if (load.Memory)
            Console.WriteLine($"memory, MB, at each tenth: {string.Join(' ', memory.Select(bytes => (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture)))}");
        // Flat: no more at the end than at three tenths, when caches and pools are full, but for a tenth.
        var grew = load.Memory && memory.Count > 4 && memory[^1] > 1.1 * memory[3];
        if (grew)
            Console.WriteLine("memory grew");
        return failures == 0 && different == 0 && !grew ? 0 : 1;

        double At(double share) => times[Math.Min(times.Length - 1, (int)(share * times.Length))];

        async Task SendAll(int count, int shift)
        {
            var begin = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, load.Connections).Select(_ => Task.Run(async () =>
            {
                using var connection = new Connection(address);
                for (int i; (i = Interlocked.Increment(ref next)) < count;)
                {
                    var due = begin + (long)(i / (double)load.Rate * Stopwatch.Frequency);
                    var from = due;
                    if (Stopwatch.GetTimestamp() < due)
                    {
                        await Task.Delay(TimeSpan.FromSeconds((due - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency is var wait and > 0 ? wait : 0));
                        from = Stopwatch.GetTimestamp();
                    }

                    var (session, step) = (i % load.Sessions, i / load.Sessions);
                    var isKept = shift == 0 && i % Compared == 0;
                    var (status, body) = await connection.Ask($"/v1/sessions/{(shift == 0 ? "s" : "w")}{session}-{load.Name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}-{load.Rate}/events", $$"""{"itemId":"{{ItemOf(session, step, load.Items)}}","numResults":{{Results}}}""", isKept);
                    times[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
                    if (status != 200)
                        Interlocked.Increment(ref failures);
                    if (isKept)
                        answers[i] = body;
                    if (load.Memory && shift == 0 && i % (count / 10) == 0)
                    {
                        var bytes = await Metric(load.Url, "dotnet_process_memory_working_set_bytes");
                        lock (memory)
                            memory.Add(bytes);
                    }
                }
            })));
        }
    }

    private static string Key(int item) => $"i{item}";

    /// <summary>Spread over the catalog, in an order of its own for each session.</summary>
    private static string ItemOf(int session, int step, int items) => Key((int)((session * 7919L + step * 104729L + (long)session * step * 31) % items));

    /// <summary>How many of the kept answers are not those of a recommender for the same items.</summary>
    private static int Compare(LoadArguments load, string?[] answers)
    {
        using var file = File.OpenRead(load.Model);
        using var trained = ModelFile.Load(file);
        using var recommender = new Recommender(trained.Model);
        var different = 0;
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is null)
                continue;
            var (session, step) = (i % load.Sessions, i / load.Sessions);
            var expected = recommender.Recommend(Enumerable.Range(0, step + 1).Select(one => ItemOf(session, one, load.Items)), Results).Items;
            using var json = JsonDocument.Parse(answers[i]!);
            var found = json.RootElement.TryGetProperty("items", out var items)
                ? items.EnumerateArray().Select(item => new Recommendation(item.GetProperty("itemId").GetString()!, item.GetProperty("score").GetDouble())).ToArray()
                : [];
            if (!expected.SequenceEqual(found))
                different++;
        }

        return different;
    }

    private static Task<double> ProcessorSeconds(string url) => Metric(url, "dotnet_process_cpu_time_seconds_total");

    /// <summary>The sum of a metric of the server.</summary>
    private static async Task<double> Metric(string url, string name)
    {
        using var client = new HttpClient();
        await Task.Delay(400); // the last answer is kept for a moment
        var text = await client.GetStringAsync(new Uri(new Uri(url), "/metrics"));
        return text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>HTTP over one connection with as little as will do: the load generator shares the processors with the server.</summary>
    private sealed class Connection(IPEndPoint address) : IDisposable
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private Socket? _socket;

        public async Task<(int Status, string? Body)> Ask(string path, string json, bool keep)
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(address);
            }

            await _socket.SendAsync(Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
            for (var length = 0; ;)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                if (read == 0)
                    throw new IOException("The server hung up.");
                length += read;
                if (BodyOf(_buffer.AsSpan(0, length), out var body))
                    return (int.Parse(Encoding.ASCII.GetString(_buffer, 9, 3), CultureInfo.InvariantCulture), keep ? Encoding.UTF8.GetString(body) : null);
            }
        }

        public void Dispose() => _socket?.Dispose();

        /// <summary>Finds the body, once it is there: by its length, or of a single chunk or more.</summary>
        private static bool BodyOf(ReadOnlySpan<byte> answer, out byte[] body)
        {
            body = [];
            var head = answer.IndexOf("\r\n\r\n"u8);
            if (head < 0)
                return false;
            var rest = answer[(head + 4)..];
            var length = answer[..head].IndexOf("Content-Length: "u8);
            if (length >= 0)
            {
                var digits = answer[(length + 16)..(head + 2)];
                var bytes = int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
                body = rest.Length >= bytes ? rest[..bytes].ToArray() : [];
                return rest.Length >= bytes;
            }

            if (!rest.EndsWith("0\r\n\r\n"u8))
                return false;
            var whole = new List<byte>();
            while (rest.IndexOf("\r\n"u8) is > 0 and var line)
            {
                var bytes = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                whole.AddRange(rest.Slice(line + 2, bytes));
                rest = rest[(line + 2 + bytes + 2)..];
            }

            body = [.. whole];
            return true;
        }
    }
}

/// <summary>What the load is.</summary>
internal sealed record LoadArguments(string Name, string Url, string Model, int Items, int Requests, int Sessions, int Rate, int Connections, bool Memory)
{
    /// <summary>Reads them: name, address, model, items, requests, sessions, rate, connections, and whether memory is watched.</summary>
    public static LoadArguments Parse(string[] args) => new(args[0], args[1], args[2], Number(args[3]), Number(args[4]), Number(args[5]), Number(args[6]), Number(args[7]), args is [.., "memory"]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
