using System.Globalization;
using System.Text;
using NextItem.Data;

namespace NextItem.Fuzz.Targets;

/// <summary><see cref="FeatureFiles.Read"/>: text and vectors of items. The reader takes paths, so an input is a file for the while.</summary>
internal sealed class FeaturesTarget : FuzzTarget
{
    private static readonly byte[] s_npy = [0x93, .. "NUMPY"u8];

    private readonly string _folder = Directory.CreateTempSubdirectory("nextitem-fuzz-").FullName;

    public override string Name => "features";

    public override IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. new[]
        {
            "\t", ",", ";", "|", "\n", "\r\n", "\"", "\"\"", "\0", "ItemId", "title", "price", "NaN", "1e39", "-1", "1,5", "[1, 2]", "i0", "i11", "{'descr': '<f4', 'fortran_order': False, 'shape': (12, 2), }",
            "'<f8'", "'>f4'", "'<f2'", "'|O'", "True", "(12, 2)", "(12,)", "(12, 2000000000)", "(4000000000, 4000000000)", "(-12, 2)",
        }.Select(Encoding.UTF8.GetBytes),
        s_npy, [0x1F, 0x8B], [0xFF, 0xFE], "PAR1"u8.ToArray(),
    ];

    public override Outcome Take(byte[] input)
    {
        var isVectors = input.AsSpan().StartsWith(s_npy);
        var path = Path.Combine(_folder, isVectors ? "vectors.npy" : "items.tsv");
        File.WriteAllBytes(path, input);
        var source = new FeatureSource(path);
        if (isVectors)
        {
            source = source with { KeysPath = Path.Combine(_folder, "keys.txt") };
            File.WriteAllLines(source.KeysPath, Enumerable.Range(0, 12).Select(item => $"i{item}"));
        }

        try
        {
            FeatureFiles.Read([source], SmallShop.Log.Catalog).Fit();
            return Outcome.Read;
        }
        catch (Exception e) when (e is EventsFileException or OptionsException)
        {
            return Refusal(e);
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        var text = new StringBuilder("ItemId\ttitle\tcategory\tprice\ttags\n");
        for (var item = 0; item < 12; item++)
            text.Append(CultureInfo.InvariantCulture, $"i{item}\tred shoe {item % 3} of {item}\tc{item % 4}\t{item * 1.5}\ta|b{item % 2}\n");
        yield return ("columns.tsv", Encoding.UTF8.GetBytes(text.ToString()));
        yield return ("columns.csv", Encoding.UTF8.GetBytes(text.Replace('\t', ',').ToString()));
        yield return ("vectors.npy", Vectors("<f4", value => BitConverter.GetBytes((float)value)));
        yield return ("doubles.npy", Vectors("<f8", BitConverter.GetBytes));
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private static byte[] Vectors(string type, Func<double, byte[]> bytes)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (12, 2), }}".PadRight(117) + "\n";
        return [.. s_npy, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. Enumerable.Range(0, 24).SelectMany(i => bytes(1.0 / (i + 1)))];
    }
}
