using System.Buffers.Binary;
using System.Text;

namespace NextItem.Tests.ModelFiles;

/// <summary>Thousands of random changes under a checksum that is right: the file loads, and then works, or is refused; nothing else.</summary>
public class ModelFileFuzzTests
{
    private static readonly byte[][] s_pieces =
    [
        .. new[]
        {
            "null", "{}", "[]", "\"\"", "\"", "{", "}", "[", "]", ",", ":", "-1", "0", "1e400", "NaN", "\\ud800", "\\u0000", "18446744073709551616",
            "9223372036854775807", "2147483648", "1000000000000", "0.5", "true", "\"U8\"", "\"I64\"", "\"F32\"", "\"__metadata__\"", "é",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0x80], [0, 0, 0x80, 0x7F], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0xC0, 0x7F],
    ];

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_RandomChanges_LoadsAndWorksOrRefuses(string kind)
    {
        var original = SmallModels.BytesOf(kind);
        var checksum = new SafetensorsFile(original).Metadata["checksum"];
        int refused = 0, loaded = 0;
        for (var seed = 0; seed < 1500; seed++)
        {
            var bytes = ForgedFile.Signed(Changed(original, new Random(seed)), checksum);
            try
            {
                using var stream = new MemoryStream(bytes, writable: false);
                var model = ModelFile.Load(stream);
                loaded++;
                Use(model);
            }
            catch (ModelFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} of {kind}: {e}");
            }
        }

        // Both must occur often, or the changes are too wild or too tame to show anything.
        Assert.True(refused > 300 && loaded > 50, $"{refused} refused, {loaded} loaded");
    }

    private static byte[] Changed(byte[] original, Random random)
    {
        var bytes = original.ToList();
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        var changes = random.Next(1, 4);
        for (var change = 0; change < changes; change++)
        {
            // Mostly in the header; the numbers and texts there decide what the rest means.
            var inHeader = random.Next(3) > 0;
            var place = inHeader ? random.Next(8, 8 + header) : random.Next(8 + header, bytes.Count);
            var before = bytes.Count;
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1: // a digit for a digit, or another small step
                    bytes[place] ^= (byte)(1 << random.Next(3));
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 40), before - place));
                    break;
                case 3:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 40), before - place)));
                    break;
                default:
                    var piece = s_pieces[random.Next(s_pieces.Length)];
                    if (random.Next(2) == 0)
                        bytes.RemoveRange(place, Math.Min(piece.Length, before - place));
                    bytes.InsertRange(place, piece);
                    break;
            }

            if (inHeader && random.Next(10) > 0)
                header = Math.Clamp(header + bytes.Count - before, 0, bytes.Count - 9);
        }

        var changed = bytes.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(changed, header);
        return changed;
    }

    private static void Use(TrainedModel model)
    {
        using var recommender = new Recommender(model.Model);
        var keys = Enumerable.Range(0, Math.Min(3, model.Model.Catalog.Count)).Select(model.Model.Catalog.KeyOf).ToArray();
        var answer = recommender.Recommend(keys, 10);
        Assert.Equal(answer.Items.Count, answer.Items.Select(item => item.ItemKey).Distinct().Count());
        Assert.NotNull(model.Provenance.NextItemVersion);
        Assert.True(model.Provenance.EpochLosses.Length + model.Provenance.ValidationMetrics.Length >= 0);
        Assert.Equal(SmallModels.Bytes(model), SmallModels.Bytes(model));
    }
}
