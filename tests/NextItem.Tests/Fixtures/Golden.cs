using System.Text.Json;

namespace NextItem.Tests.Fixtures;

/// <summary>Values that another program computed: Fixtures/golden.json, which names their origin.</summary>
internal static class Golden
{
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "golden.json"))).RootElement;

    public static JsonElement Get(params string[] path) => path.Aggregate(s_root, (element, name) => element.GetProperty(name));

    public static double Number(params string[] path) => Get(path).GetDouble();

    public static double[] Row(params string[] path) => [.. Get(path).EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Integers(params string[] path) => Array.ConvertAll(Row(path), value => (int)value);

    public static double[][] Rows(params string[] path) =>
        [.. Get(path).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
}
