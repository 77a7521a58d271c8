using System.IO.Compression;
using System.Text.Json;

namespace NextItem.Tests.Fixtures;

/// <summary>
/// Training runs that Python scripts recorded with automatic differentiation in double precision: Fixtures/oracle/*.json.gz.
/// tests/oracle/README.md has the format and how they are made.
/// </summary>
internal static class Oracle
{
    private static readonly JsonSerializerOptions s_names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The files, by name.</summary>
    public static IReadOnlyDictionary<string, OracleFile> Files { get; } =
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "oracle"), "*.json.gz").Order(StringComparer.Ordinal)
            .ToDictionary(path => Path.GetFileName(path), Read);

    /// <summary>The cases of all files, by name; a name that stands twice is an error.</summary>
    public static IReadOnlyDictionary<string, (OracleFile File, OracleCase Case)> Cases { get; } =
        Files.Values.SelectMany(file => file.Cases.Select(of => (file, of))).ToDictionary(pair => pair.of.Name);

    private static OracleFile Read(string path)
    {
        using var unzipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<OracleFile>(unzipped, s_names) ?? throw new InvalidDataException($"{path} holds 'null'.");
    }
}

/// <summary>One fixture.</summary>
/// <param name="Script">What wrote it.</param>
/// <param name="Sha256">Digest of each script that decides the numbers, by file name.</param>
/// <param name="Epsilon">Of all update rules.</param>
/// <param name="Streams">Mini-batches, by name.</param>
/// <param name="Networks">Initial parameters, by network and parameter.</param>
/// <param name="Cases">What was trained.</param>
internal sealed record OracleFile(
    string Script,
    Dictionary<string, string> Sha256,
    float Epsilon,
    Dictionary<string, OracleStream> Streams,
    Dictionary<string, Dictionary<string, OracleTensor>> Networks,
    OracleCase[] Cases);

/// <summary>A sequence of mini-batches.</summary>
internal sealed record OracleStream(int Items, int[] Support, OracleBatch[] Steps);

/// <summary>One mini-batch and its drawn negatives.</summary>
internal sealed record OracleBatch(int[] Inputs, int[] Targets, int[] ContinuesLane, int[] Negatives);

/// <summary>A parameter; values row-major.</summary>
internal sealed record OracleTensor(int[] Shape, double[] Values);

/// <summary>One training run. Settings have the official names.</summary>
internal sealed record OracleCase(string Name, string Network, string Stream, Dictionary<string, JsonElement> Settings, OracleStep[] Steps);

/// <summary>What one step recorded: the loss, and the parameters after it where they are kept.</summary>
internal sealed record OracleStep(double Loss, Dictionary<string, double[]>? Parameters);
