using System.Diagnostics;

namespace NextItem.Fuzz;

/// <summary>
/// Ends the program with the input at hand when one takes too long, and leaves the input at hand in a file that outlives the process where it is
/// killed: nothing else can be done about a loop without end or an overflowing stack.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>Of the process's own processor time, which a busy machine does not stretch, for inputs that take milliseconds.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>Of a wait that takes no processor time, such as a deadlock.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly string _folder;
    private readonly string _atHand;
    private readonly Timer _timer;
    private long _began;
    private TimeSpan _usedBefore;
    private byte[]? _input;

    public Watchdog(string name, string folder)
    {
        (_name, _folder) = (name, folder);
        Directory.CreateDirectory(folder);
        _atHand = Path.Combine(folder, $"{name}.at-hand");
        _timer = new Timer(_ => Look(), null, 1000, 1000);
    }

    public void Begin(byte[] input)
    {
        File.WriteAllBytes(_atHand, input);
        _input = input;
        _usedBefore = Environment.CpuUsage.TotalTime;
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
    }

    public void End() => Volatile.Write(ref _began, 0);

    public void Dispose()
    {
        _timer.Dispose();
        File.Delete(_atHand);
    }

    private void Look()
    {
        var began = Volatile.Read(ref _began);
        if (began == 0 || (Environment.CpuUsage.TotalTime - _usedBefore < s_longest && Stopwatch.GetElapsedTime(began) < s_longestWait))
            return;
        var path = Path.Combine(_folder, $"{_name}.hang");
        File.WriteAllBytes(path, _input!);
        Console.WriteLine($"FAIL {_name}: an input of {_input!.Length:N0} bytes takes more than {s_longest.TotalSeconds} s of processor time, or {s_longestWait.TotalMinutes} min, kept as {path}");
        Environment.Exit(3);
    }
}
