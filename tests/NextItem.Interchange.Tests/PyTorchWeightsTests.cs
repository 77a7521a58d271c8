using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace NextItem.Interchange.Tests;

/// <summary>Archives of tests/oracle/pytorch_weights.py give the scores that PyTorch gave, and broken ones a message.</summary>
public class PyTorchWeightsTests
{
    public static TheoryData<string, GruVariant, EmbeddingMode, int[]> Archives => new()
    {
        { "shared", GruVariant.ResetAfter, EmbeddingMode.Shared, [5] },
        { "shared-2-layers", GruVariant.ResetAfter, EmbeddingMode.Shared, [6, 4] },
        { "separate-2-layers", GruVariant.ResetAfter, EmbeddingMode.Separate, [4, 3] },
        { "one-hot", GruVariant.ResetBefore, EmbeddingMode.None, [5] },
        { "one-hot-older", GruVariant.ResetAfter, EmbeddingMode.None, [5] },
    };

    [Theory, MemberData(nameof(Archives))]
    public void Read_AnArchive_GivesPyTorchsScores(string name, GruVariant variant, EmbeddingMode embedding, int[] layers)
    {
        using var read = PyTorchWeights.Read(PathOf($"{name}.npz"));
        var model = Assert.IsType<Gru4RecModel>(read.Model);
        Assert.Equal((variant, embedding), (model.Options.Variant, model.Options.Embedding));
        Assert.Equal(layers, model.Options.Layers);
        Assert.Equal("\u00e4 \ud83d\ude00", model.Catalog.KeyOf(0));
        Assert.Equal("item-12", model.Catalog.KeyOf(12));
        Assert.Equal(112, model.Catalog.Support[12]);

        // Through a model file as well, as the command goes.
        using var stream = new MemoryStream();
        ModelFile.Save(stream, read);
        stream.Position = 0;
        using var loaded = ModelFile.Load(stream);

        var expected = JsonSerializer.Deserialize<Expected>(File.ReadAllText(PathOf($"{name}.json")), JsonSerializerOptions.Web)!;
        for (var s = 0; s < expected.Sessions.Length; s++)
        {
            var scores = SmallModels.ScoresAfter(loaded.Model, expected.Sessions[s]);
            for (var i = 0; i < scores.Length; i++)
                Assert.True(Math.Abs(scores[i] - expected.Scores[s][i]) <= 1e-5, $"session {s}, item {i}: {scores[i]:R}; expected {expected.Scores[s][i]:R}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_DoublesInFortranOrderAndIdsAsNumbers_GivesTheSameModel(bool compressed)
    {
        var arrays = ArraysOf("separate-2-layers");
        using var plain = PyTorchWeights.Read(PathOf("separate-2-layers.npz"));
        foreach (var (name, array) in arrays.Where(each => each.Value.Type == "<f4" && each.Value.Shape.Length == 2).ToArray())
            arrays[name] = array.AsFortranDoubles();
        arrays["item_ids"] = TestArray.Longs([.. Enumerable.Range(0, 13).Select(i => (i * 10_000_000_000L) - 3)]);
        arrays.Remove("item_support");

        using var model = Read(arrays, compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);

        Assert.Equal("-3", model.Model.Catalog.KeyOf(0));
        Assert.Equal("119999999997", model.Model.Catalog.KeyOf(12));
        Assert.Equal(0, model.Model.Catalog.Support[12]);
        Assert.Equal(SmallModels.ScoresAfter(plain.Model, [3, 4, 5]), SmallModels.ScoresAfter(model.Model, [3, 4, 5]));
    }

    /// <summary>More than an int holds, and through a model file.</summary>
    [Fact]
    public void Read_SupportsOfBillions_AreSummedUp()
    {
        var arrays = ArraysOf("shared-2-layers");
        arrays["item_support"] = TestArray.Longs([.. Enumerable.Repeat((long)int.MaxValue, 13)]);
        using var read = Read(arrays, CompressionLevel.NoCompression);
        using var stream = new MemoryStream();
        ModelFile.Save(stream, read);
        stream.Position = 0;
        using var loaded = ModelFile.Load(stream);
        Assert.Equal((13L * int.MaxValue, 13L * int.MaxValue), (read.Provenance.Events, loaded.Provenance.Events));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "no ids", "there is no array 'item_ids' among " },
        { "no bias", "there is no array 'By.weight' among " },
        { "no layers", "there is neither 'G.0.weight_hh' nor 'GE.Wx0.weight'; expected the state_dict of the authors' PyTorch version." },
        { "fewer ids", "there are 12 'item_ids' and 13 rows in 'Wy.weight'; expected one key an item, in the order of the rows." },
        { "ids twice", "'item_ids' has 'item-1' 2 times; expected every item once." },
        { "empty id", "'item_ids' has an empty key; expected a key for every item." },
        { "transposed", "array 'G.0.weight_hh' has the shape (6, 18); expected (3 x units, units)." },
        { "ids as floats", "array 'item_ids': it is of type '<f4'; expected text ('<U...') or whole numbers ('<i8'). Save it with astype(str)." },
        { "ids as objects", "array 'item_ids': it holds objects of Python, which cannot be read without running what stands in it; expected numbers or text. Save it with astype(str)." },
        { "weights as text", "array 'By.weight': it is of type '<U7'; expected '<f4' or '<f8', little-endian floats." },
        { "half floats", "array 'Wy.weight': it is of type '<f2'; expected '<f4' or '<f8' for weights, '<i4', '<i8' or '<U...' for items." },
        { "other shape", "array 'G.0.weight_ih' has the shape (12, 7); expected (18, 4)." },
        { "three dimensions", "array 'Wy.weight' has the shape (13, 2, 2); expected (items, units of the last layer)." },
        { "other units", "the last layer has 4 units, and 'Wy.weight' vectors of 5; expected as many." },
        { "not a number", "array 'Wy.weight': value 5, counted from 0, is NaN; expected finite numbers that a 32-bit float can hold." },
        { "stranger", "there is an array 'optimizer'; expected of this network item_ids, item_support, Wy.weight, By.weight, G.0.weight_ih" },
        { "no array", "it holds 'readme.txt'; expected arrays alone, as numpy.savez writes them." },
        { "support of others", "there are 2 'item_support' for 13 items; expected a number of events an item." },
        { "negative support", "'item_support' has '-1'; expected numbers of events, 0 to 2,147,483,647." },
        { "says more than it has", "its shape (2000000000, 5) of type '<f4' makes 40,000,000," },
        { "header", "array 'By.weight': the header is " },
        { "cut short", "it cannot be read as an archive (" },
        { "empty", "it cannot be read as an archive (" },
        { "damaged", "array 'Wy.weight'" },
        { "a weight changed", "array 'Wy.weight': its bytes are damaged (CRC-32 " },
        { "bomb", "its arrays are said to have " },
        { "goes on", "array 'By.weight': its shape (13, 1) of type '<f4' makes " },
    };

    [Theory, MemberData(nameof(Broken))]
    public void Read_BrokenArchive_SaysWhatWasFoundAndExpected(string what, string message)
    {
        var arrays = ArraysOf("shared-2-layers");
        byte[]? file = null;
        switch (what)
        {
            case "no ids": arrays.Remove("item_ids"); break;
            case "no bias": arrays.Remove("By.weight"); break;
            case "no layers": foreach (var name in arrays.Keys.Where(name => name.StartsWith('G')).ToArray()) arrays.Remove(name); break;
            case "fewer ids": arrays["item_ids"] = TestArray.Longs([.. Enumerable.Range(0, 12).Select(i => (long)i)]); break;
            case "ids twice": arrays["item_ids"] = TestArray.Texts([.. Enumerable.Range(0, 13).Select(i => $"item-{Math.Max(1, i)}")]); break;
            case "empty id": arrays["item_ids"] = TestArray.Texts([.. Enumerable.Range(0, 13).Select(i => i == 4 ? "" : $"item-{i}")]); break;
            case "transposed": arrays["G.0.weight_hh"] = arrays["G.0.weight_hh"] with { Shape = [6, 18] }; break;
            case "ids as floats": arrays["item_ids"] = new TestArray("<f4", [13], new byte[52]); break;
            case "ids as objects": arrays["item_ids"] = new TestArray("|O", [13], new byte[99]); break;
            case "weights as text": arrays["By.weight"] = TestArray.Texts([.. Enumerable.Range(0, 13).Select(i => $"item-{i + 10}")]) with { Shape = [13, 1] }; break;
            case "half floats": arrays["Wy.weight"] = new TestArray("<f2", [13, 4], new byte[104]); break;
            case "other shape": arrays["G.0.weight_ih"] = new TestArray("<f4", [12, 7], new byte[336]); break;
            case "three dimensions": arrays["Wy.weight"] = arrays["Wy.weight"] with { Shape = [13, 2, 2] }; break;
            case "other units": arrays["Wy.weight"] = new TestArray("<f4", [13, 5], new byte[260]); break;
            case "not a number": BitConverter.TryWriteBytes(arrays["Wy.weight"].Bytes.AsSpan(20), float.NaN); break;
            case "stranger": arrays["optimizer"] = arrays["By.weight"]; break;
            case "support of others": arrays["item_support"] = TestArray.Longs([1, 2]); break;
            case "negative support": arrays["item_support"] = TestArray.Longs([.. Enumerable.Repeat(-1L, 13)]); break;
            case "says more than it has": arrays["Wy.weight"] = arrays["Wy.weight"] with { Shape = [2_000_000_000, 5] }; break;
            case "header": arrays["By.weight"] = new TestArray("<f4', 'x': '", [13, 1], new byte[52]); break;
            case "cut short": file = Zip(arrays)[..900]; break;
            case "empty": file = []; break;
            case "damaged":
                file = Zip(arrays, CompressionLevel.Optimal);
                file.AsSpan(file.AsSpan().IndexOf("Wy.weight.npy"u8) + 40, 60).Fill(0xFF);
                break;
            case "a weight changed":
                file = Zip(arrays);
                file[file.AsSpan().IndexOf(arrays["Wy.weight"].Bytes) + 5] ^= 1;
                break;
            case "no array": file = Zip(arrays, extra: ("readme.txt", new byte[3])); break;
            case "bomb": file = Zip(arrays, CompressionLevel.SmallestSize, ("zeros.npy", new byte[64 << 20])); break;
            case "goes on": file = Zip(arrays.Where(each => each.Key != "By.weight"), extra: ("By.weight.npy", [.. arrays["By.weight"].Npy, 1])); break;
        }

        file ??= Zip(arrays);
        var fault = Assert.Throws<ImportException>(() => PyTorchWeights.Read(new MemoryStream(file), "shop.npz"));

        Assert.StartsWith($"shop.npz: {fault.Found}; expected {fault.Expected}.", fault.Message, StringComparison.Ordinal);
        Assert.Equal("shop.npz", fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Two rows of zeros, deflated, that say how large the network is: some GB at the first width, 103 GB at the second.</summary>
    [Theory]
    [InlineData(9_000, false, "array 'G.0.weight_hh' has the shape (1, 9000); expected (3 x units, units).")]
    [InlineData(65_536, false, "array 'G.0.weight_hh' has the shape (1, 65536); expected (3 x units, units).")]
    [InlineData(9_000, true, "array 'GE.Wh0' has the shape (1, 9000); expected (9000, 9000).")]
    [InlineData(65_536, true, "array 'GE.Wh0' has the shape (1, 65536); expected (65536, 65536).")]
    public void Read_SmallArchiveThatSaysItIsALargeNetwork_IsRefusedBeforeAnythingIsAllocated(int units, bool isOneHot, string message)
    {
        var arrays = new Dictionary<string, TestArray>
        {
            ["item_ids"] = TestArray.Longs([1]),
            ["Wy.weight"] = Zeros(1, units),
            ["By.weight"] = Zeros(1, 1),
        };
        if (isOneHot)
            (arrays["GE.Wx0.weight"], arrays["GE.Bh0"], arrays["GE.Wrz0"], arrays["GE.Wh0"]) = (Zeros(1, 3 * units), Zeros(3 * units), Zeros(1, 2 * units), Zeros(1, units));
        else
            arrays["G.0.weight_hh"] = Zeros(1, units);
        var file = Zip(arrays, CompressionLevel.SmallestSize);
        Assert.True(file.Length < 4000, $"the archive has {file.Length} bytes");

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var (managed, resident) = (GC.GetAllocatedBytesForCurrentThread(), process.PeakWorkingSet64);
        var fault = Assert.Throws<ImportException>(() => PyTorchWeights.Read(new MemoryStream(file), "shop.npz"));
        process.Refresh();

        Assert.Equal($"shop.npz: {message}", fault.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, 4L << 20);
        // Parameters are native memory; other tests run beside this one. The system's count of pages is inexact, so a peak may even be told a page lower than before.
        Assert.True(process.PeakWorkingSet64 - resident < 512L << 20, $"the process grew from {resident} to {process.PeakWorkingSet64} bytes");
    }

    [Fact]
    public void Read_EveryBeginningOfAnArchive_IsRefused()
    {
        var file = Zip(ArraysOf("one-hot"));
        for (var length = 0; length < file.Length; length += 7)
            Assert.Throws<ImportException>(() => PyTorchWeights.Read(new MemoryStream(file[..length]), "shop.npz"));
    }

    [Fact]
    public void Read_ArchivesWithOneByteChanged_AreReadOrRefusedWithAMessage()
    {
        var file = Zip(ArraysOf("one-hot"));
        var random = new Random(5);
        for (var trial = 0; trial < 400; trial++)
        {
            var changed = (byte[])file.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                PyTorchWeights.Read(new MemoryStream(changed), "shop.npz").Dispose();
            }
            catch (ImportException)
            {
                // Any other exception fails the test.
            }
        }
    }

    private static TestArray Zeros(params int[] shape) => new("<f4", shape, new byte[4 * shape.Aggregate((a, b) => a * b)]);

    private static TrainedModel Read(Dictionary<string, TestArray> arrays, CompressionLevel level) => PyTorchWeights.Read(new MemoryStream(Zip(arrays, level)), "shop.npz");

    private static byte[] Zip(IEnumerable<KeyValuePair<string, TestArray>> arrays, CompressionLevel level = CompressionLevel.NoCompression, (string Name, byte[] Bytes)? extra = null)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, array) in arrays)
                Add(zip, $"{name}.npy", array.Npy, level);
            if (extra is { } more)
                Add(zip, more.Name, more.Bytes, level);
        }

        return stream.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes, CompressionLevel level)
    {
        using var entry = zip.CreateEntry(name, level).Open();
        entry.Write(bytes);
    }

    private static Dictionary<string, TestArray> ArraysOf(string name)
    {
        using var zip = ZipFile.OpenRead(PathOf($"{name}.npz"));
        return zip.Entries.ToDictionary(entry => entry.FullName[..^4], TestArray.Of);
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "pytorch", file);

    private sealed record Expected(int[][] Sessions, double[][] Scores);

    /// <summary>An array as the test writes it, right or wrong.</summary>
    private sealed record TestArray(string Type, int[] Shape, byte[] Bytes, bool Fortran = false)
    {
        public byte[] Npy
        {
            get
            {
                var text = $"{{'descr': '{Type}', 'fortran_order': {Fortran}, 'shape': ({string.Join(", ", Shape)}{(Shape.Length == 1 ? "," : "")}), }}\n";
                return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text), .. Bytes];
            }
        }

        public static TestArray Of(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var file = memory.ToArray();
            var length = 10 + file[8] + (256 * file[9]);
            var header = Encoding.ASCII.GetString(file, 10, length - 10);
            var shape = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new TestArray(header.Split('\'')[3], [.. shape.Select(int.Parse)], file[length..]);
        }

        public static TestArray Longs(long[] values) => new("<i8", [values.Length], [.. values.SelectMany(BitConverter.GetBytes)]);

        public static TestArray Texts(string[] values)
        {
            var longest = values.Max(value => value.Length);
            return new($"<U{longest}", [values.Length], [.. values.SelectMany(value => Encoding.UTF32.GetBytes(value.PadRight(longest, '\0')))]);
        }

        public TestArray AsFortranDoubles()
        {
            var bytes = new byte[Bytes.Length * 2];
            for (var row = 0; row < Shape[0]; row++)
            {
                for (var column = 0; column < Shape[1]; column++)
                    BitConverter.TryWriteBytes(bytes.AsSpan(8 * ((column * Shape[0]) + row)), (double)BitConverter.ToSingle(Bytes, 4 * ((row * Shape[1]) + column)));
            }

            return new TestArray("<f8", Shape, bytes, Fortran: true);
        }
    }
}
