using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NextItem.Tests.ModelFiles;

/// <summary>The file as another reader sees it; docs/model-file.md says the same in words.</summary>
public class ModelFileLayoutTests
{
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Save_AnyModel_IsValidSafetensorsWithAlignedTensors(string kind)
    {
        var file = new SafetensorsFile(SmallModels.BytesOf(kind));
        Assert.Equal(0, file.DataStart % 64);
        foreach (var (name, tensor) in file.Tensors)
        {
            if (name.StartsWith("padding.", StringComparison.Ordinal))
                Assert.True(tensor.Type == "U8" && tensor.Shape.Length == 1 && tensor.Shape[0] is > 0 and < 64, $"{name}: {tensor}");
            else
                Assert.True(tensor.Start % 64 == 0, $"{name} starts at {tensor.Start}");
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Save_AnyModel_HasTheChecksumOfTheFileWithZerosInItsPlace(string kind)
    {
        var bytes = SmallModels.BytesOf(kind);
        var checksum = new SafetensorsFile(bytes).Metadata["checksum"];
        var text = Encoding.Latin1.GetString(bytes).Replace(checksum, new string('0', 64), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(text))), checksum);
    }

    [Theory]
    [InlineData(SmallModels.ResetBefore, "gru4rec", "item.vectors F32 37x17, item.bias F32 37, gru.0.input_weights F32 17x51, gru.0.recurrent_weights F32 17x51, gru.0.input_bias F32 1x51")]
    [InlineData(SmallModels.TwoLayersAfter, "gru4rec", "item.vectors F32 37x24, item.bias F32 37, gru.0.input_weights F32 24x27, gru.0.recurrent_weights F32 9x27, gru.0.input_bias F32 1x27, gru.0.recurrent_bias F32 1x27, gru.1.input_weights F32 9x72, gru.1.recurrent_weights F32 24x72, gru.1.input_bias F32 1x72, gru.1.recurrent_bias F32 1x72")]
    [InlineData(SmallModels.Markov, "markov", "markov.offsets I32 38, markov.followers I32 {T}, markov.counts I32 {T}")]
    [InlineData(SmallModels.Popularity, "pop", "")]
    public void Save_AnyModel_HasTheDocumentedTensors(string kind, string algorithm, string tensors)
    {
        var file = new SafetensorsFile(SmallModels.BytesOf(kind));
        var transitions = SmallModels.Of(kind).Model is MarkovModel markov ? markov.TransitionCount : 0;
        var keyBytes = Enumerable.Range(0, 37).Sum(item => Encoding.UTF8.GetByteCount(SmallModels.Log.Catalog.KeyOf(item)));
        string[] expected =
        [
            .. tensors.Replace("{T}", $"{transitions}", StringComparison.Ordinal).Split(", ", StringSplitOptions.RemoveEmptyEntries),
            $"item.keys U8 {keyBytes}", "item.key_offsets I64 38", "item.support I32 37",
        ];
        var found = file.Tensors.OrderBy(tensor => tensor.Value.Start)
            .Where(tensor => !tensor.Key.StartsWith("padding.", StringComparison.Ordinal))
            .Select(tensor => $"{tensor.Key} {tensor.Value.Type} {string.Join('x', tensor.Value.Shape)}");
        Assert.Equal(expected, found);
        Assert.Equal(algorithm, file.Metadata["algorithm"]);
        Assert.Equal(("nextitem", "1"), (file.Metadata["format"], file.Metadata["format_version"]));
    }

    [Fact]
    public void Save_Gru4Rec_HoldsTheVectorsWithoutBiasOrPadding()
    {
        var model = (Gru4RecModel)SmallModels.Of(SmallModels.ResetAfter).Model;
        var bytes = SmallModels.BytesOf(SmallModels.ResetAfter);
        var vectors = new SafetensorsFile(bytes).Tensors["item.vectors"];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(vectors.Start..vectors.End));
        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(model.VectorOf(item), floats.Slice(item * 17, 17));
    }
}
