using System.Buffers.Binary;
using System.Text;

namespace NextItem.Data.Tests.Features;

public sealed class NpyTests : IDisposable
{
    private const string Good = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file as NumPy writes it: the header filled with blanks to a multiple of 64.</summary>
    private static byte[] Npy(string header, byte[] data, byte version = 1)
    {
        var lengthBytes = version == 1 ? 2 : 4;
        var text = header.PadRight(((8 + lengthBytes + header.Length + 64) / 64 * 64) - 9 - lengthBytes) + "\n";
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length[..lengthBytes], .. Encoding.UTF8.GetBytes(text), .. data];
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Doubles(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private FeatureBlock Read(byte[] file, FeatureSource? like = null, string keys = "a\nb\nc\n")
    {
        var source = (like ?? new("")) with { Path = _folder.Write("images.npy", file), KeysPath = like?.KeysPath ?? _folder.Write("keys.txt", keys), NormaliseVectors = false };
        return FeatureFiles.Read([source], FeatureFilesTests.Catalog("c", "a")).Fit().Blocks[0];
    }

    [Theory]
    [InlineData(1, Good)]
    [InlineData(2, Good)]
    [InlineData(3, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)}")]
    [InlineData(1, "{'shape': (3,2,), 'fortran_order': False, 'descr': '<f4'}")]
    public void Read_Floats_GoToTheirItems(byte version, string header)
    {
        var block = Read(Npy(header, Floats(1, 2, 3, 4, 5, 6), version));

        Assert.Equal("images[0]:5 images[1]:6", FeatureFilesTests.Row(block, 0));
        Assert.Equal("images[0]:1 images[1]:2", FeatureFilesTests.Row(block, 1));
        TempFolder.AssertClosed(_folder.At("images.npy"));
        TempFolder.AssertClosed(_folder.At("keys.txt"));
    }

    [Fact]
    public void Read_DoublesAndKeysOfATable_GoToTheirItems()
    {
        var keys = _folder.Write("items.tsv.gz", TempFolder.Gzip("title\tid\nx\ta\ny\tz\nw\tc\n"));
        var block = Read(Npy(Good.Replace("f4", "f8"), Doubles(0.5, 2, 3, 4, 5, -6)), new FeatureSource("") { ItemColumn = "id", KeysPath = keys });

        Assert.Equal("images[0]:5 images[1]:-6", FeatureFilesTests.Row(block, 0));
        Assert.Equal("images[0]:0.5 images[1]:2", FeatureFilesTests.Row(block, 1));
    }

    [Fact]
    public void Read_NameGiven_IsTheColumns()
    {
        var source = new FeatureSource("") { Blocks = [FeatureFilesTests.Block("pictures", new FeatureColumnOptions("image", FeatureKind.Vector)) with { NormaliseVectors = false }] };
        Assert.Equal("image[0]:5 image[1]:6", FeatureFilesTests.Row(Read(Npy(Good, Floats(1, 2, 3, 4, 5, 6)), source), 0));
    }

    [Fact]
    public void Read_ItemsWithoutVector_AreCounted()
    {
        var block = Read(Npy(Good, Floats(1, 2, 3, 4, 5, 6)), keys: "\uFEFFa\r\nx\r\ny\r\n\r\n\r\n");
        Assert.Equal((1, false, true), (block.MissingCount, block.HasFeatures(0), block.HasFeatures(1)));
    }

    [Fact]
    public void ReadNewItems_Vectors_GrowWithTheItems()
    {
        var count = 1000;
        var path = _folder.Write("images.npy", Npy($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, 2), }}", Floats([.. Enumerable.Range(0, 2 * count).Select(i => (float)i)])));
        var keys = _folder.Write("keys.txt", string.Join('\n', Enumerable.Range(0, count).Select(i => $"i{i}")));
        FeatureSource[] sources = [new(path) { KeysPath = keys, NormaliseVectors = false }];
        var features = FeatureFiles.Read(sources, FeatureFilesTests.Catalog("i5")).Fit();

        var table = FeatureFiles.ReadNewItems(sources, features);

        Assert.Equal(count, table.Items.Count);
        var encoded = features.Encode(table);
        for (var item = 1; item < count; item++)
            Assert.Equal([(0, 2f * item), (1, (2f * item) + 1)], encoded.Blocks[0].FeaturesOf(item));
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }", "the numbers are of type '>f4'; expected '<f4' or '<f8', little-endian floats. Save it again with astype('<f4').")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 2), }", "the numbers are of type '<i8'; expected")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3, 2), }", "the numbers are of type '|O'; expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", "the matrix is in Fortran order; expected C order, row after row. Save numpy.ascontiguousarray of it.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "the shape is '(6,)'; expected two dimensions, a vector an item, neither of them 0.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "the shape is '()'; expected two dimensions")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 2), }", "the shape is '(1, 3, 2)'; expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }", "the shape is '(0, 2)'; expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 99999999999), }", "the shape is '(3, 99999999999)'; expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }", ", for 4 rows of 2 numbers. It is cut short; copy or write it again.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 16777216), }", "for 9,223,372,036,854,775,807 rows of 16,777,216 numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", ", for 2 rows of 2 numbers.")]
    [InlineData("{'descr': '<f4', 'shape': (3, 2), }", "the header is '{'descr': '<f4', 'shape': (3, 2), }'; expected one with descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'x': 1}", "the header is ")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }", "the header is ")]
    [InlineData("__import__('os').system('true')", "the header is ")]
    [InlineData("", "the header is ''; expected")]
    public void Read_StrangeHeader_IsRefused(string header, string message)
    {
        var refusal = Assert.Throws<EventsFileException>(() => Read(Npy(header, Floats(1, 2, 3, 4, 5, 6))));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        TempFolder.AssertClosed(_folder.At("images.npy"));
    }

    [Theory]
    [InlineData("a\nb\n", "keys.txt: there are 2 item keys; expected 3, one for each vector of ")]
    [InlineData("a\nb\nc\nd\n", "keys.txt: there are 4 item keys; expected 3, one for each vector of ")]
    [InlineData("a\nb\na\n", "keys.txt, row 3: item 'a' is there again, after row 1; expected one row an item.")]
    [InlineData("a\n\nc\n", "keys.txt, row 2: the line is blank; expected an item key. Blank lines may stand only at the end.")]
    [InlineData("", "keys.txt: the file is empty (0 bytes); expected item keys, one a line.")]
    public void Read_KeysThatDoNotFit_AreRefused(string keys, string message)
    {
        Assert.Contains(message, Assert.Throws<EventsFileException>(() => Read(Npy(Good, Floats(1, 2, 3, 4, 5, 6)), keys: keys)).Message, StringComparison.Ordinal);
        TempFolder.AssertClosed(_folder.At("images.npy"));
        TempFolder.AssertClosed(_folder.At("keys.txt"));
    }

    [Fact]
    public void Read_NotFiniteOrTooLarge_NamesTheRow()
    {
        Assert.Contains("images.npy, row 3: number 2 is NaN; expected a finite number that a 32-bit float can hold.", Assert.Throws<EventsFileException>(() => Read(Npy(Good, Floats(1, 2, 3, 4, 5, float.NaN)))).Message, StringComparison.Ordinal);
        Assert.Contains("images.npy, row 1: number 1 is 1E+300; expected", Assert.Throws<EventsFileException>(() => Read(Npy(Good.Replace("f4", "f8"), Doubles(1e300, 2, 3, 4, 5, 6)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithoutKeysOrWithOtherColumns_SaysWhatIsMissing()
    {
        var path = _folder.Write("images.npy", Npy(Good, Floats(1, 2, 3, 4, 5, 6)));
        var catalog = FeatureFilesTests.Catalog("a");
        Assert.Contains("a .npy file has no item keys; expected a second file with the key of each vector. Name it in keys= of --features", Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(path)], catalog)).Message, StringComparison.Ordinal);
        var texts = new FeatureSource(path) { Blocks = [FeatureFilesTests.Block("t", new FeatureColumnOptions("title", FeatureKind.Text))] };
        Assert.Contains("this is a .npy file, of which 'title' are wanted; expected one vector column", Assert.Throws<EventsFileException>(() => FeatureFiles.Read([texts], catalog)).Message, StringComparison.Ordinal);
        var table = new FeatureSource(_folder.Write("t.csv", "ItemId,x\na,1\n")) { KeysPath = path };
        Assert.Contains("this is a table, whose rows have their item keys; expected no file of keys beside it", Assert.Throws<EventsFileException>(() => FeatureFiles.Read([table], catalog)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyShorterLengthOrDamagedByte_IsReadOrRefused()
    {
        var whole = Npy(Good, Floats(1, 2, 3, 4, 5, 6));
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<EventsFileException>(() => Read(whole[..length]));
        int read = 0, refused = 0;
        for (var at = 0; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = whole.ToArray();
                changed[at] ^= (byte)(1 << bit);
                try
                {
                    Read(changed);
                    read++;
                }
                catch (EventsFileException)
                {
                    refused++;
                }
            }
        }

        Assert.True(read > 100 && refused > 300, $"{read} read, {refused} refused");
    }
}
