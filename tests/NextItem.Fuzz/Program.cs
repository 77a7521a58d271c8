using System.Diagnostics;
using System.Globalization;
using NextItem.Fuzz;
using NextItem.Fuzz.Targets;
using SharpFuzz;

const string Usage = """
    Feeds damaged and hostile inputs to what reads the files and requests of strangers. docs/fuzzing.md

      run [--inputs N | --seconds S] [--seed N] [--corpus DIR] [--found DIR] [TARGET ...]   corpus, regressions, then N changed inputs a target (default 1000)
      replay TARGET FILE ...        tries these inputs
      show TARGET SEED N FILE       writes changed input N of a run to a file
      corpus DIR                    writes the inputs to begin with
      afl TARGET                    one process of afl-fuzz; eng/fuzz.sh starts it
    """;

var here = Path.GetDirectoryName(Environment.ProcessPath is { } process && Path.GetFileNameWithoutExtension(process) != "dotnet" ? process : typeof(FuzzRun).Assembly.Location)!;
var options = new Dictionary<string, string> { ["--inputs"] = "1000", ["--seconds"] = "", ["--seed"] = "1", ["--corpus"] = Repository(here), ["--found"] = Path.Combine(Path.GetTempPath(), "nextitem-fuzz-found") };
var words = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (options.ContainsKey(args[i]) && i + 1 < args.Length)
        options[args[i]] = args[++i];
    else
        words.Add(args[i]);
}

FuzzTarget[] all = [new ModelTarget(), new CheckpointTarget(), new TextTarget(), new ParquetTarget(), new BodyTarget(), new FeaturesTarget(), new NpzTarget()];
try
{
    switch (words)
    {
        case ["corpus", var folder]:
            foreach (var target in all)
            {
                Directory.CreateDirectory(Path.Combine(folder, target.Name));
                foreach (var (name, bytes) in target.Seeds())
                    File.WriteAllBytes(Path.Combine(folder, target.Name, name), bytes);
            }

            return 0;
        case ["run", .. var names]:
            return Run(names.Count is 0 ? all : [.. names.Select(Target)]);
        case ["replay", var name, .. var files]:
            return Replay(Target(name), files);
        case ["show", var name, var seed, var n, var file]:
            using (var run = new FuzzRun(Target(name), Files("corpus", name), int.Parse(seed, CultureInfo.InvariantCulture), options["--found"]))
                File.WriteAllBytes(file, run.Input(long.Parse(n, CultureInfo.InvariantCulture)));
            return 0;
        case ["afl", var name]:
            var fuzzed = Target(name);
            Fuzzer.OutOfProcess.Run(stream =>
            {
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                fuzzed.TakeMeasured(fuzzed.Repaired(bytes.ToArray()));
            });
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
finally
{
    foreach (var target in all)
        target.Dispose();
}

int Run(IReadOnlyList<FuzzTarget> targets)
{
    var failed = 0;
    long tried = 0;
    var seconds = options["--seconds"] is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) / targets.Count : double.PositiveInfinity;
    var inputs = double.IsFinite(seconds) ? long.MaxValue : long.Parse(options["--inputs"], CultureInfo.InvariantCulture);
    var seed = int.Parse(options["--seed"], CultureInfo.InvariantCulture);
    foreach (var target in targets)
    {
        var corpus = Files("corpus", target.Name);
        using var run = new FuzzRun(target, corpus, seed, options["--found"]);
        foreach (var (name, bytes) in corpus)
            run.Try(bytes, name);
        var whole = run.Read;
        foreach (var (name, bytes) in Files("regressions", target.Name))
            run.Try(bytes, name);
        var clock = Stopwatch.StartNew();
        for (long n = 0; n < inputs && clock.Elapsed.TotalSeconds < seconds; n++)
            run.Try(run.Input(n), $"seed {seed}, input {n}");
        // A corpus that is not read, or inputs that are all read or all refused, show nothing.
        var tells = whole == corpus.Count && run.Read > whole && run.Read < run.Tried;
        Console.WriteLine(
            $"{(run.Failed == 0 && tells ? "PASS" : "FAIL")} {target.Name,-10} {run.Tried,9:N0} inputs, {run.Read,9:N0} read, {run.Tried - run.Read - run.Failed,9:N0} refused, {run.Failed} failed; at most {run.Hungriest.Bytes / 1e6:F1} MB allocated ({run.Hungriest.Share:P0} of what an input may)");
        failed += run.Failed == 0 && tells ? 0 : 1;
        tried += run.Tried;
    }

    Console.WriteLine($"{tried:N0} inputs of seed {seed}; targets: {targets.Count - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

int Replay(FuzzTarget target, IEnumerable<string> files)
{
    using var run = new FuzzRun(target, [], 0, options["--found"]);
    foreach (var file in files)
        Console.WriteLine($"{(run.Try(File.ReadAllBytes(file), file) ? "PASS" : "FAIL")} {file}");
    return run.Failed == 0 ? 0 : 1;
}

FuzzTarget Target(string name) => all.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target '{name}'; expected one of {string.Join(", ", all.Select(target => target.Name))}.");

List<(string Name, byte[] Bytes)> Files(string kind, string target)
{
    var folder = Path.Combine(options["--corpus"], kind, target);
    return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))] : [];
}

// The folder of this project, by the solution's file above.
static string Repository(string start)
{
    for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            return Path.Combine(folder.FullName, "tests", "NextItem.Fuzz");
    }

    return Environment.CurrentDirectory;
}
