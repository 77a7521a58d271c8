using System.IO.Compression;
using System.Text;
using NextItem.Fuzz.Mutation;
using NextItem.Interchange;

namespace NextItem.Fuzz.Targets;

/// <summary><see cref="PyTorchWeights.Read(Stream, string)"/>: archives of arrays.</summary>
internal sealed class NpzTarget : FuzzTarget
{
    private const int Items = 6, Units = 4;

    public override string Name => "npz";

    public override IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. new[]
        {
            "\u0093NUMPY", "PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "'<f4'", "'<f8'", "'>f4'", "'<f2'", "'|O'", "'<U9'", "'<U999999999'", "'<i8'", "True", "False", "(6, 4)", "(1, 65536)", "(65536, 65536)",
            "(0, 4)", "(4,)", "()", "(-1, 4)", "'fortran_order'", "'shape'", "Wy.weight", "By.weight", "E.weight", "G.0.weight_hh", "G.1.weight_hh", "GE.Wx0.weight", "item_ids", "item_support", ".npy", "../",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    /// <summary>Arrays are deflated, up to a thousandfold: what is allocated goes by their own length.</summary>
    public override long MostAllocated(ReadOnlySpan<byte> input) => base.MostAllocated(input) + ((long)input.Length << 13);

    public override Outcome Take(byte[] input)
    {
        try
        {
            using var stream = new MemoryStream(input);
            using var read = PyTorchWeights.Read(stream, "weights.npz");
            using var recommender = new Recommender(read.Model);
            if (recommender.Recommend([read.Model.Catalog.KeyOf(0)], 3).Items.Count == 0)
                throw new InvalidOperationException("A network that was read recommends nothing.");
            return Outcome.Read;
        }
        catch (ImportException e)
        {
            return Refusal(e);
        }
    }

    /// <summary>One array by itself, put back stored or deflated.</summary>
    public override byte[] Changed(byte[] input, Random random)
    {
        if (random.Next(4) == 0)
            return input;
        try
        {
            var arrays = new List<(string Name, byte[] Bytes)>();
            using (var archive = new ZipArchive(new MemoryStream(input)))
            {
                foreach (var entry in archive.Entries)
                {
                    using var bytes = new MemoryStream();
                    using (var content = entry.Open())
                        content.CopyTo(bytes);
                    arrays.Add((entry.FullName, bytes.ToArray()));
                }
            }

            if (arrays.Count == 0)
                return input;
            var changed = random.Next(arrays.Count);
            arrays[changed] = (arrays[changed].Name, Mutator.Changed(arrays[changed].Bytes, arrays[random.Next(arrays.Count)].Bytes, Pieces, random));
            return Zipped(arrays, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
        }
        catch (InvalidDataException)
        {
            return input;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("shared.npz", Zipped(Network([.. Output(), .. Cell(0, Units)]), CompressionLevel.Fastest));
        yield return ("two-layers.npz", Zipped(Network([.. Output(), .. Cell(0, Units), .. Cell(1, Units)]), CompressionLevel.NoCompression));
        yield return ("separate.npz", Zipped(Network([.. Output(), ("E.weight", [Items, 3]), .. Cell(0, 3)]), CompressionLevel.Fastest));
        yield return ("one-hot.npz", Zipped(Network([.. Output(), ("GE.Wx0.weight", [Items, 3 * Units]), ("GE.Wh0", [Units, Units]), ("GE.Wrz0", [Units, 2 * Units]), ("GE.Bh0", [3 * Units])]), CompressionLevel.NoCompression));
    }

    private static (string, int[])[] Output() => [("Wy.weight", [Items, Units]), ("By.weight", [Items, 1])];

    private static (string, int[])[] Cell(int layer, int inputs) =>
        [($"G.{layer}.weight_ih", [3 * Units, inputs]), ($"G.{layer}.weight_hh", [3 * Units, Units]), ($"G.{layer}.bias_ih", [3 * Units]), ($"G.{layer}.bias_hh", [3 * Units])];

    private static List<(string Name, byte[] Bytes)> Network((string Name, int[] Shape)[] arrays)
    {
        var random = new Random(1);
        var made = new List<(string, byte[])> { ("item_ids.npy", Npy("<U4", [Items], [.. Enumerable.Range(0, Items).SelectMany(item => Encoding.UTF32.GetBytes($"i{item}".PadRight(4, '\0')))])) };
        foreach (var (name, shape) in arrays)
            made.Add(($"{name}.npy", Npy("<f4", shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).SelectMany(_ => BitConverter.GetBytes(random.NextSingle() - 0.5f))])));
        return made;
    }

    private static byte[] Npy(string type, int[] shape, byte[] data)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}";
        header = header.PadRight((((header.Length + 11 + 63) / 64) * 64) - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. data];
    }

    private static byte[] Zipped(IEnumerable<(string Name, byte[] Bytes)> arrays, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in arrays)
            {
                var entry = archive.CreateEntry(name, level);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same bytes again
                using var content = entry.Open();
                content.Write(bytes);
            }
        }

        return stream.ToArray();
    }
}
