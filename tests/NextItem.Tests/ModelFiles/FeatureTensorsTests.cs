using System.Runtime.InteropServices;
using NextItem.ModelFiles;
using NextItem.Tests.Features;

namespace NextItem.Tests.ModelFiles;

/// <summary>Item features in the tensors of a file: what comes back, and what is refused.</summary>
public class FeatureTensorsTests
{
    private static readonly FeatureTable s_table = SmallFeatures.Table(
        SmallFeatures.Texts("title", "red shoe", "red 日本 hat", "blue shoe 日本 \U00010428", null, "once", "red red shoe"),
        SmallFeatures.Texts("genre", "a|b", "b", null, null, " é; c", ""),
        SmallFeatures.Texts("brand", "x y", "x y", "z", null, null, ""),
        SmallFeatures.Numbers("price", 1, double.NaN, 7.25, double.NaN, 1e300, -3),
        SmallFeatures.Numbers("same", 2, 2, double.NaN, double.NaN, 2, 2),
        SmallFeatures.Vectors("image", [1, 0, 0.3f], [0, 2, -1], null, null, [0, 0, 0], [1e-30f, 5, 5]));

    private static readonly ItemFeatures s_features = ItemFeatures.Fit(s_table,
    [
        SmallFeatures.Block("words", ("title", FeatureKind.Text), ("brand", FeatureKind.Text)),
        new FeatureBlockOptions
        {
            Name = "mixed",
            Columns =
            [
                new("genre", FeatureKind.Category), new("brand", FeatureKind.Category) { Separator = null }, new("price", FeatureKind.Number),
                new("image", FeatureKind.Vector), new("title", FeatureKind.Text),
            ],
            LongestTerm = 3,
            NormaliseVectors = false,
        },
        SmallFeatures.Block("dense", ("image", FeatureKind.Vector), ("price", FeatureKind.Number), ("same", FeatureKind.Number)),
    ]);

    private static readonly byte[] s_bytes = BytesOf(s_features);

    /// <summary>What is changed in the file, and what the refusal says.</summary>
    private static readonly Dictionary<string, (Action<ForgedFile> Change, string Message)> s_strange = new()
    {
        ["no entry"] = (f => f.Metadata.Remove("features"), "its header has no 'features'"),
        ["entry is null"] = (f => f.Metadata["features"] = "null", "features cannot be read"),
        ["no blocks"] = (f => f.Metadata["features"] = """{"blocks":[]}""", "have no block"),
        ["blocks left out"] = (f => f.Metadata["features"] = "{}", "features cannot be read"),
        ["a block is null"] = (f => f.Metadata["features"] = """{"blocks":[null]}""", "Block 0 of the file's features has the name ''"),
        ["a name is empty"] = (f => Entry(f, "\"words\"", "\" \""), "Block 0 of the file's features has the name ' '"),
        ["a name is there twice"] = (f => Entry(f, "\"dense\"", "\"words\""), "Block 2 of the file's features has the name 'words'"),
        ["no parts"] = (f => f.Metadata["features"] = """{"blocks":[{"name":"x","width":1,"parts":[]}]}""", "Block 'x' has no feature"),
        ["parts are null"] = (f => f.Metadata["features"] = """{"blocks":[{"name":"x","width":1,"parts":null}]}""", "features cannot be read"),
        ["a part is null"] = (f => f.Metadata["features"] = """{"blocks":[{"name":"x","width":1,"parts":[null]}]}""", "Part 'features.0.0' has the columns []"),
        ["no columns"] = (f => Entry(f, "[\"title\",\"brand\"]", "[]"), "Part 'features.0.0' has the columns []"),
        ["a column is null"] = (f => Entry(f, "[\"title\",\"brand\"]", "[null]"), "Part 'features.0.0' has the columns []"),
        ["two categories in one"] = (f => Entry(f, "[\"genre\"]", "[\"genre\",\"x\"]"), "expected one name"),
        ["another kind"] = (f => Entry(f, "\"Number\"", "\"Date\""), "features cannot be read"),
        ["kind of no name"] = (f => Entry(f, "\"Number\"", "17"), "has kind 17; expected one of Text, Category, Number, Vector"),
        ["longest term too long"] = (f => Entry(f, "\"longestTerm\":3", "\"longestTerm\":6"), "longestTerm 6 and documents 5; expected 1 to 5"),
        ["longest term of none"] = (f => Entry(f, "\"longestTerm\":3", "\"longestTerm\":0"), "longestTerm 0"),
        ["no documents"] = (f => Entry(f, "\"documents\":5", "\"documents\":null"), "documents ; expected 1 to 5, and a count"),
        ["negative documents"] = (f => Entry(f, "\"documents\":5", "\"documents\":-1"), "documents -1"),
        ["fewer documents than a term has"] = (f => Entry(f, "\"documents\":5", "\"documents\":2"), "'features.0.0.document_counts' has 3; expected 1 to 2"),
        ["separator of two"] = (f => Entry(f, "\"separator\":\"|\"", "\"separator\":\"||\""), "has the separator '||'; expected one character"),
        ["mean is not finite"] = (f => EntryNumber(f, "mean", "\"NaN\""), "mean NaN"),
        ["deviation is negative"] = (f => EntryNumber(f, "deviation", "-1"), "deviation -1; expected finite numbers"),
        ["no length"] = (f => Entry(f, "\"length\":3", "\"length\":0"), "has length 0"),
        ["another length"] = (f => Entry(f, "\"length\":3", "\"length\":4"), "Block 'mixed' of the file's features has width 13; expected 14, the features of its parts"),
        ["no normalise"] = (f => Entry(f, "\"normalise\":true", "\"normalise\":null"), "normalise ; expected both"),
        ["longer than all memory"] = (f => Entry(f, "\"length\":3", "\"length\":2147483647"), "features; expected at most 2,147,483,647"),
        ["a term is there twice"] = (f => f["features.0.0.terms"].Bytes.AsSpan().Replace((byte)'x', (byte)'y'), "appears twice"),
        ["a term is no text"] = (f => f["features.0.0.terms"].Bytes[0] = 0xFF, "The key of term 0 is not valid UTF-8"),
        ["term offsets fall"] = (f => f["features.0.0.term_offsets"].Values<long>()[1] = 10_000, "'features.0.0.term_offsets' falls"),
        ["document count of none"] = (f => f["features.0.0.document_counts"].Values<int>()[0] = 0, "has 0; expected 1 to 5"),
        ["document counts too few"] = (f => Shorten<int>(f["features.0.0.document_counts"], "I32"), "expected I32"),
        ["flag of two"] = (f => f["features.0.present"].Bytes[0] = 2, "'features.0.present' has 2; expected 0 or 1"),
        ["flag too few"] = (f => Shorten<byte>(f["features.0.present"], "U8"), "expected U8 [6]"),
        ["features of an item without"] = (f => f["features.0.present"].Bytes[0] = 0, "Item 0 has features in 'features.0' but none according to"),
        ["dense features of an item without"] = (f => f["features.2.present"].Bytes[0] = 0, "Item 0 has features in 'features.2'"),
        ["row offsets fall"] = (f => f["features.0.offsets"].Values<int>()[1] = 9999, "'features.0.offsets' has 9999 after item 0"),
        ["row offsets too few"] = (f => Shorten<int>(f["features.0.offsets"], "I32"), "expected I32 [7]"),
        ["column beyond all"] = (f => f["features.0.columns"].Values<int>()[0] = 4711, "'features.0.columns' has feature 4711; expected 0 to"),
        ["column negative"] = (f => f["features.0.columns"].Values<int>()[0] = -1, "has feature -1"),
        ["columns fall"] = (f => f["features.0.columns"].Values<int>()[..2].Reverse(), "among those of item 0; expected rising features"),
        ["value is not finite"] = (f => f["features.0.values"].Values<float>()[0] = float.NaN, "'features.0.values' has NaN; expected finite numbers other than 0"),
        ["value is zero"] = (f => f["features.0.values"].Values<float>()[0] = 0, "'features.0.values' has 0;"),
        ["values too few"] = (f => Shorten<float>(f["features.0.values"], "F32"), "expected F32"),
        ["dense value is not finite"] = (f => f["features.2.rows"].Values<float>()[0] = float.PositiveInfinity, "'features.2.rows' has Infinity; expected finite numbers"),
        ["dense rows of another shape"] = (f => f["features.2.rows"].Shape = [3, 10], "expected F32 [6 x 5]"),
        ["no rows"] = (f => f.Tensors.Remove(f["features.0.columns"]), "no tensor 'features.0.columns'"),
    };

    public static TheoryData<string> Strange => [.. s_strange.Keys];

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameBytesRowsAndCounts()
    {
        var read = ReadFrom(s_bytes);

        Assert.Equal(s_bytes, BytesOf(read));
        foreach (var (expected, found) in s_features.Blocks.Zip(read.Blocks))
        {
            Assert.Equal(
                (expected.Name, expected.Width, expected.IsSparse, expected.NonZeroCount, expected.MissingCount, expected.EmptyCount),
                (found.Name, found.Width, found.IsSparse, found.NonZeroCount, found.MissingCount, found.EmptyCount));
            Assert.Equal(expected.Columns, found.Columns);
            Assert.Equal(expected.Describe(), found.Describe());
            Assert.Equal(SmallFeatures.Names(expected), SmallFeatures.Names(found));
            for (var item = 0; item < s_table.Items.Count; item++)
            {
                Assert.Equal(expected.HasFeatures(item), found.HasFeatures(item));
                Assert.Equal(expected.FeaturesOf(item), found.FeaturesOf(item));
            }
        }
    }

    [Fact]
    public void Read_Encoders_EncodeNewItemsToTheBit()
    {
        var table = SmallFeatures.Table(
            SmallFeatures.Texts("title", "a RED shoe and 日本", "nothing of it"),
            SmallFeatures.Texts("genre", "c|b| é; c", "new"),
            SmallFeatures.Texts("brand", "x y", null),
            SmallFeatures.Numbers("price", 12.75, double.NaN),
            SmallFeatures.Numbers("same", 3, 2),
            SmallFeatures.Vectors("image", [3, 4, 5], null));
        var (expected, found) = (s_features.Encode(table), ReadFrom(s_bytes).Encode(table));
        Assert.Equal(BytesOf(expected), BytesOf(found));
        Assert.True(expected.Blocks.All(block => block.FeaturesOf(0).Any()));
    }

    [Fact]
    public void Read_SparseTensors_StartAtMultiplesOf64()
    {
        var file = new SafetensorsFile(s_bytes);
        Assert.All(file.Tensors.Where(tensor => tensor.Key.StartsWith("features.", StringComparison.Ordinal)), tensor => Assert.Equal(0, tensor.Value.Start % 64));
    }

    [Theory, MemberData(nameof(Strange))]
    public void Read_StrangeContent_IsRefused(string what)
    {
        var file = new ForgedFile(s_bytes);
        s_strange[what].Change(file);
        Assert.Contains(s_strange[what].Message, Refused(file.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyShorterLength_IsRefused()
    {
        for (var length = 0; length < s_bytes.Length; length++)
            Refused(s_bytes[..length]);
    }

    [Fact]
    public void Read_AnyTensorLeftOutOrShortened_IsRefused()
    {
        var names = new ForgedFile(s_bytes).Tensors.Select(tensor => tensor.Name).Where(name => name.StartsWith("features.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(20, names.Length);
        foreach (var name in names)
        {
            var without = new ForgedFile(s_bytes);
            without.Tensors.Remove(without[name]);
            Assert.Contains($"no tensor '{name}'", Refused(without.ToBytes()), StringComparison.Ordinal);

            var half = new ForgedFile(s_bytes);
            half[name].Bytes = half[name].Bytes[..(half[name].Bytes.Length / 16 * 8)];
            half[name].Shape = [half[name].Bytes.Length / half[name].Type switch { "U8" => 1, "I64" => 8, _ => 4 }];
            Refused(half.ToBytes());
        }
    }

    [Fact]
    public void Read_RandomChanges_ReadsWhatWorksOrRefuses()
    {
        var checksum = new SafetensorsFile(s_bytes).Metadata["checksum"];
        int refused = 0, read = 0;
        for (var seed = 0; seed < 4000; seed++)
        {
            var bytes = ForgedFile.Signed(RandomChanges.Of(s_bytes, new Random(seed)), checksum);
            try
            {
                var features = ReadFrom(bytes);
                read++;
                for (var item = 0; item < features.Items.Count; item++)
                    Assert.All(features.Blocks.SelectMany(block => block.FeaturesOf(item).Select(entry => block.NameOf(entry.Feature))), name => Assert.NotNull(name));
                Assert.NotEmpty(BytesOf(features));
            }
            catch (ModelFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        Assert.True(refused > 400 && read > 50, $"{refused} refused, {read} read");
    }

    [Fact]
    public void Read_OtherCatalog_IsRefused()
    {
        using var stream = new MemoryStream(s_bytes);
        Assert.Contains("expected U8 [7]", Assert.Throws<ModelFileException>(() => FeatureTensors.Read(new TensorFileReader(stream), SmallFeatures.Items(7))).Message, StringComparison.Ordinal);
    }

    private static byte[] BytesOf(ItemFeatures features)
    {
        var file = new TensorFileWriter();
        FeatureTensors.Add(file, features);
        CatalogTensors.Add(file, features.Items);
        var stream = new MemoryStream();
        file.WriteTo(stream);
        return stream.ToArray();
    }

    private static ItemFeatures ReadFrom(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        var file = new TensorFileReader(stream);
        file.CheckChecksum();
        return FeatureTensors.Read(file, CatalogTensors.Read(file));
    }

    private static string Refused(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<ModelFileException>(() => ReadFrom(bytes)).Message;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Refusal.MostBytes + (40L * bytes.Length), $"The refusal of {bytes.Length:N0} bytes allocated {allocated:N0} bytes: {message}");
        return message;
    }

    private static void Entry(ForgedFile file, string text, string by)
    {
        var entry = file.Metadata["features"];
        var at = entry.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{text} in {entry}");
        file.Metadata["features"] = entry[..at] + by + entry[(at + text.Length)..];
    }

    private static void EntryNumber(ForgedFile file, string name, string by)
    {
        var entry = file.Metadata["features"];
        var start = entry.IndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
        var end = entry.IndexOfAny([',', '}'], start);
        file.Metadata["features"] = entry[..start] + by + entry[end..];
    }

    private static void Shorten<T>(ForgedFile.Part part, string type)
        where T : unmanaged => part.Become(type, MemoryMarshal.Cast<byte, T>(part.Bytes)[..^1].ToArray());
}
