using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

/// <summary>Vectors and biases that are hard for a bound: each kind one way of being unlike random numbers.</summary>
internal static unsafe class HardRows
{
    public const string NearDuplicates = "near duplicates";

    private const int Row = 41; // the one that is unlike the others

    public static readonly string[] Kinds =
    [
        "random", "equal", NearDuplicates, "one huge", "one beyond the bound", "one that overflows", "one dominates", "zeros", "denormals", "tiny", "large biases",
        "mixed scales", "rising", "one element each", "integers",
    ];

    /// <summary>[n x V] vectors, one after the other, and their biases.</summary>
    public static (float[] Vectors, float[] Biases) Make(string kind, int count, int length, int seed)
    {
        var random = new Random(seed);
        var vectors = new float[count * length];
        var biases = new float[count];
        var first = Enumerable.Range(0, length).Select(_ => Next(random)).ToArray();
        for (var item = 0; item < count; item++)
        {
            var vector = vectors.AsSpan(item * length, length);
            for (var k = 0; k < length; k++)
                vector[k] = Next(random);
            biases[item] = Next(random);
            switch (kind)
            {
                case "equal":
                    first.CopyTo(vector);
                    biases[item] = 0.25f;
                    break;
                case NearDuplicates:
                    first.CopyTo(vector);
                    var k = random.Next(length);
                    vector[k] = random.Next(3) switch { 0 => MathF.BitIncrement(vector[k]), 1 => MathF.BitDecrement(vector[k]), _ => vector[k] };
                    biases[item] = 0.25f;
                    break;
                case "one huge" when item == Row: Scale(vector, 1e12f); break;
                case "one beyond the bound" when item == Row: Scale(vector, 1e20f); break;
                case "one that overflows" when item == Row: Scale(vector, 3e38f); break;
                case "one dominates" when item == Row: vector.Fill(3); break;
                case "zeros":
                    if (item % 3 > 0)
                        vector.Clear();
                    biases[item] = item % 5 == 0 ? 0 : biases[item];
                    break;
                case "denormals":
                    Scale(vector, 1e-41f);
                    biases[item] *= 1e-41f;
                    break;
                case "tiny":
                    Scale(vector, MathF.Pow(10, -random.Next(5, 40)));
                    biases[item] *= MathF.Pow(10, -random.Next(5, 40));
                    break;
                case "large biases": biases[item] *= 1e6f; break;
                case "mixed scales":
                    for (var i = 0; i < length; i++)
                        vector[i] *= MathF.Pow(10, random.Next(-6, 3));
                    break;
                case "rising": biases[item] = item * 0.01f; break;
                case "one element each":
                    vector.Clear();
                    vector[item % length] = item % 7 - 3;
                    break;
                case "integers":
                    for (var i = 0; i < length; i++)
                        vector[i] = random.Next(-2, 3);
                    biases[item] = random.Next(-1, 2);
                    break;
            }
        }

        return (vectors, biases);
    }

    /// <summary>A view of both.</summary>
    public static ItemRows View(float* vectors, float* biases, int count, int length) => new(vectors, length, biases, 1, count, length);

    /// <summary>A hidden state: within (-1, 1) as a GRU's, some of it at the ends.</summary>
    public static float[] State(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(6) switch { 0 => 0f, 1 => 0.9999999f, 2 => -1e-5f, _ => Next(random) })];
    }

    private static float Next(Random random) => (float)((random.NextDouble() * 2) - 1);

    private static void Scale(Span<float> vector, float factor)
    {
        foreach (ref var value in vector)
            value *= factor;
    }
}
