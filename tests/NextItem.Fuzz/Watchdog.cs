using System.Diagnostics;

namespace NextItem.Fuzz;

/// <summary>
/// Ends the program with the input at hand when one takes too long, and leaves the input at hand in a file that outlives the process where it is
/// killed: nothing else can be done about a loop without end or an overflowing stack.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>For inputs of at most a megabyte, which take milliseconds; a busy machine makes seconds of these.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly string _folder;
    private readonly string _atHand;
    private readonly Timer _timer;
    private long _began;
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
        if (began == 0 || Stopwatch.GetElapsedTime(began) < s_longest)
            return;
        var path = Path.Combine(_folder, $"{_name}.hang");
        File.WriteAllBytes(path, _input!);
        Console.WriteLine($"FAIL {_name}: an input of {_input!.Length:N0} bytes takes more than {s_longest.TotalSeconds} s, kept as {path}");
        Environment.Exit(3);
    }
}
