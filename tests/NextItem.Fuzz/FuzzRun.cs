using System.Diagnostics;
using System.Text;
using NextItem.Fuzz.Mutation;
using NextItem.Fuzz.Targets;

namespace NextItem.Fuzz;

/// <summary>Inputs of one target, one after the other. Input n is a function of seed, corpus and n alone, so that any can be made again.</summary>
internal sealed class FuzzRun(FuzzTarget target, IReadOnlyList<(string Name, byte[] Bytes)> corpus, int seed, string found) : IDisposable
{
    /// <summary>Failures kept of one target: the rest would be the same ones again.</summary>
    private const int MostKept = 20;

    private readonly HashSet<string> _known = [];
    private readonly Watchdog _watchdog = new(target.Name, found);

    public long Tried { get; private set; }

    public long Read { get; private set; }

    public int Failed { get; private set; }

    /// <summary>The largest part of its allowance that an input has allocated, and which.</summary>
    public (double Share, long Bytes, long Input) Hungriest { get; private set; }

    /// <summary>Tries an input, and keeps it if it fails.</summary>
    /// <returns>Whether it was read or refused as it should be.</returns>
    public bool Try(byte[] input, string name)
    {
        Tried++;
        _watchdog.Begin(input);
        try
        {
            var (outcome, allocated) = target.TakeMeasured(input);
            Read += outcome == Outcome.Read ? 1 : 0;
            var share = (double)allocated / target.MostAllocated(input);
            if (share > Hungriest.Share)
                Hungriest = (share, allocated, Tried);
            return true;
        }
        catch (Exception e)
        {
            Keep(input, name, e);
            return false;
        }
        finally
        {
            _watchdog.End();
        }
    }

    /// <summary>Input n.</summary>
    public byte[] Input(long n)
    {
        var random = new Random(HashCode(seed, target.Name, n));
        var input = corpus[random.Next(corpus.Count)].Bytes;
        var other = corpus[random.Next(corpus.Count)].Bytes;
        var changed = random.Next(3) > 0 ? target.Changed(input, random) : input;
        if (ReferenceEquals(changed, input) || random.Next(4) == 0)
            changed = Mutator.Changed(changed, other, target.Pieces, random);
        return random.Next(10) > 0 ? target.Repaired(changed) : changed;
    }

    public void Dispose() => _watchdog.Dispose();

    private void Keep(byte[] input, string name, Exception e)
    {
        Failed++;
        var trace = new StackTrace(e, false);
        var key = $"{e.GetType().Name} {(e is InvalidOperationException ? e.Message.Split(' ')[0] : "")} {trace.GetFrame(0)?.GetMethod()?.Name} {trace.GetFrame(1)?.GetMethod()?.Name}";
        if (!_known.Add(key) || _known.Count > MostKept)
            return; // the same failure as before
        Directory.CreateDirectory(Path.Combine(found, target.Name));
        var path = Path.Combine(found, target.Name, $"{seed}-{Tried}");
        File.WriteAllBytes(path, input);
        File.WriteAllText(path + ".txt", $"{name}\n{e}\n");
        Console.WriteLine($"FAIL {target.Name} {name}, kept as {path}: {e.GetType().Name}: {e.Message}");
    }

    /// <summary>The same on every machine and in every process, which string.GetHashCode is not.</summary>
    private static int HashCode(int seed, string name, long n)
    {
        var hash = 2166136261u;
        foreach (var part in (byte[])[.. BitConverter.GetBytes(seed), .. Encoding.UTF8.GetBytes(name), .. BitConverter.GetBytes(n)])
            hash = (hash ^ part) * 16777619u;
        return (int)hash;
    }
}
