using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NextItem.Batches;
using NextItem.Tests.Fixtures;
using NextItem.Training;

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
    [InlineData(SmallModels.Separate, "gru4rec", "item.vectors F32 37x14, item.bias F32 37, embedding F32 37x7, gru.0.input_weights F32 7x33, gru.0.recurrent_weights F32 11x33, gru.0.input_bias F32 1x33, gru.1.input_weights F32 11x42, gru.1.recurrent_weights F32 14x42, gru.1.input_bias F32 1x42", "2")]
    [InlineData(SmallModels.SeparateAfter, "gru4rec", "item.vectors F32 37x13, item.bias F32 37, embedding F32 37x13, gru.0.input_weights F32 13x39, gru.0.recurrent_weights F32 13x39, gru.0.input_bias F32 1x39, gru.0.recurrent_bias F32 1x39", "2")]
    [InlineData(SmallModels.OneHot, "gru4rec", "item.vectors F32 37x12, item.bias F32 37, gru.0.input_weights F32 37x36, gru.0.recurrent_weights F32 12x36, gru.0.input_bias F32 1x36", "2")]
    [InlineData(SmallModels.OneHotAfter, "gru4rec", "item.vectors F32 37x15, item.bias F32 37, gru.0.input_weights F32 37x30, gru.0.recurrent_weights F32 10x30, gru.0.input_bias F32 1x30, gru.0.recurrent_bias F32 1x30, gru.1.input_weights F32 10x45, gru.1.recurrent_weights F32 15x45, gru.1.input_bias F32 1x45, gru.1.recurrent_bias F32 1x45", "2")]
    [InlineData(SmallModels.Cosine, "gru4rec", "item.vectors F32 37x14, item.bias F32 37, gru.0.input_weights F32 14x24, gru.0.recurrent_weights F32 8x24, gru.0.input_bias F32 1x24, gru.1.input_weights F32 8x42, gru.1.recurrent_weights F32 14x42, gru.1.input_bias F32 1x42", "3")]
    [InlineData(SmallModels.Markov, "markov", "markov.offsets I32 38, markov.followers I32 {T}, markov.counts I32 {T}")]
    [InlineData(SmallModels.Popularity, "pop", "")]
    public void Save_AnyModel_HasTheDocumentedTensors(string kind, string algorithm, string tensors, string version = "1")
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
        Assert.Equal(("nextitem", version), (file.Metadata["format"], file.Metadata["format_version"]));
    }

    /// <summary>The rows of <c>embedding</c>, and of the input weights where they are by item, in the order of the items.</summary>
    [Theory, InlineData(SmallModels.Separate, "embedding"), InlineData(SmallModels.OneHotAfter, "gru.0.input_weights")]
    public unsafe void Save_InputsOfTheirOwn_HoldsARowAnItem(string kind, string name)
    {
        var inputs = ((Gru4RecModel)SmallModels.Of(kind).Model).Parameters.Inputs;
        var bytes = SmallModels.BytesOf(kind);
        var tensor = new SafetensorsFile(bytes).Tensors[name];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(tensor.Start..tensor.End)).ToArray();
        Assert.Equal([37, inputs.Blocks * inputs.BlockColumns], tensor.Shape);
        for (var i = 0; i < floats.Length; i++)
        {
            var (row, column) = Math.DivRem(i, inputs.Blocks * inputs.BlockColumns);
            Assert.Equal(inputs.At(row, column / inputs.BlockColumns, column % inputs.BlockColumns), floats[i]);
        }
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

    /// <summary>An option that the page does not name is one that another language's reader cannot know of.</summary>
    [Theory]
    [InlineData("model-file.md", typeof(Gru4RecOptions))]
    [InlineData("model-file.md", typeof(TrainingProvenance))]
    [InlineData("model-file.md", typeof(FinalActivation))]
    [InlineData("checkpoint-file.md", typeof(RunState))]
    [InlineData("checkpoint-file.md", typeof(EpochTally))]
    [InlineData("checkpoint-file.md", typeof(BatcherPosition))]
    public void Documentation_AnyRecordInAFile_NamesEveryProperty(string page, Type record)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", page));
        var written = record.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite).ToArray();
        Assert.NotEmpty(written);
        Assert.All(written, property => Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}`", text, StringComparison.Ordinal));
    }
}
