using System.Globalization;

namespace NextItem.Benchmarks;

/// <summary>What the macro benchmarks are asked for.</summary>
internal sealed record BenchmarkArguments
{
    /// <summary>Runs of each case; medians are printed.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Part of the names of the cases to run.</summary>
    public string Case { get; init; } = "";

    /// <summary>Threads; 0 for one and two.</summary>
    public int Threads { get; init; }

    /// <summary>Items of the generated log.</summary>
    public int Items { get; init; } = 30_000;

    /// <summary>The variants of one setting instead of the published sizes.</summary>
    public bool Variants { get; init; }

    /// <summary>Training alone, without the denominators: for a profiler.</summary>
    public bool StepsOnly { get; init; }

    /// <summary>A file that gets the table too.</summary>
    public string? Out { get; init; }

    /// <summary>Reads them; ends with a message and null where one is not known.</summary>
    public static BenchmarkArguments? Parse(ReadOnlySpan<string> args)
    {
        var arguments = new BenchmarkArguments();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--variants" or "--steps-only")
            {
                arguments = args[i] == "--variants" ? arguments with { Variants = true } : arguments with { StepsOnly = true };
                continue;
            }

            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i++])
            {
                case "--runs": arguments = arguments with { Runs = Number(value) }; break;
                case "--case": arguments = arguments with { Case = value }; break;
                case "--threads": arguments = arguments with { Threads = Number(value) }; break;
                case "--items": arguments = arguments with { Items = Number(value) }; break;
                case "--out": arguments = arguments with { Out = value }; break;
                default:
                    Console.Error.WriteLine($"'{args[i - 1]}' is no option of the benchmark; expected --runs, --case, --threads, --items, --variants, --steps-only or --out.");
                    return null;
            }
        }

        return arguments;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}

/// <summary>Prints lines, and keeps them in a file where one is given.</summary>
internal sealed class Report(string? path)
{
    private readonly List<string> _lines = [];

    /// <summary>Prints a line.</summary>
    public void Line(string line)
    {
        Console.WriteLine(line);
        _lines.Add(line);
        if (path is not null)
            File.WriteAllLines(path, _lines);
    }
}
