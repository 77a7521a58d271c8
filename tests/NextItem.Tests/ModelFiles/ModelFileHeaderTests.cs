namespace NextItem.Tests.ModelFiles;

/// <summary>Headers that are well-formed or nearly so, under a checksum that is right: the reader itself must see the fault.</summary>
public class ModelFileHeaderTests
{
    private static readonly Dictionary<string, (Action<ForgedFile> Change, string Expected)> s_cases = new()
    {
        ["newer version"] = (f => f.Metadata["format_version"] = "4", "format version '4'; this version of NextItem reads up to 3"),
        ["version 0"] = (f => f.Metadata["format_version"] = "0", "format version '0'"),
        ["version not a number"] = (f => f.Metadata["format_version"] = "1.0", "format version '1.0'"),
        ["version negative"] = (f => f.Metadata["format_version"] = "-1", "format version '-1'"),
        ["other format"] = (f => f.Metadata["format"] = "pt", "format is 'pt'; expected 'nextitem'"),
        ["unknown algorithm"] = (f => f.Metadata["algorithm"] = "transformer", "algorithm is 'transformer'; expected one of gru4rec, prnn, markov, pop, s-pop, recent-pop, item-knn, rules, bpr-mf, v-sknn, vmis-knn, fusion"),
        ["another model's algorithm"] = (f => f.Metadata["algorithm"] = "markov", "no tensor 'markov.offsets'"),
        ["no format"] = (f => f.Metadata.Remove("format"), "its header has no 'format'"),
        ["no version"] = (f => f.Metadata.Remove("format_version"), "its header has no 'format_version'"),
        ["no algorithm"] = (f => f.Metadata.Remove("algorithm"), "its header has no 'algorithm'"),
        ["no provenance"] = (f => f.Metadata.Remove("provenance"), "its header has no 'provenance'"),
        ["no options"] = (f => f.Metadata.Remove("options"), "its header has no 'options'"),
        ["no checksum"] = (f => f.Replace("\"checksum\":", "\"sum\":"), "its header has no 'checksum'"),
        ["checksum too short"] = (f => f.Replace(new string('0', 64), "00"), "checksum is '00'; expected 64 hexadecimal digits"),
        ["checksum empty"] = (f => f.Replace(new string('0', 64), ""), "checksum is ''; expected 64 hexadecimal digits"),
        ["checksum escaped"] = (f => f.Replace(new string('0', 64), new string('0', 63) + "\\u0030"), "expected 64 hexadecimal digits"),
        ["no metadata"] = (f => f.Replace("\"__metadata__\"", "\"metadata\""), "header is not that of a safetensors file"),
        ["metadata is a list"] = (f => f.Header = _ => """{"__metadata__":[]}""", "header is not that of a safetensors file"),
        ["metadata is a number"] = (f => f.Replace("\"format\":\"nextitem\"", "\"format\":1"), "header is not that of a safetensors file"),
        ["metadata is null"] = (f => f.Replace("\"format\":\"nextitem\"", "\"format\":null"), "'format' is null"),
        ["metadata twice"] = (f => f.Replace("\"format\":\"nextitem\"", "\"format\":\"nextitem\",\"format\":\"nextitem\""), "'format' appears twice"),
        ["metadata half a surrogate pair"] = (f => f.Replace("\"nextitem\"", "\"\\ud800\""), "header is not that of a safetensors file"),
        ["header is a list"] = (f => f.Header = _ => "[1,2]", "header is not that of a safetensors file"),
        ["header is empty"] = (f => f.Header = _ => "  ", "header is not that of a safetensors file"),
        ["header is deep"] = (f => f.Header = _ => new string('[', 100_000), "header is not that of a safetensors file"),
        ["header has a tail"] = (f => f.Header = text => text + "}", "header is not that of a safetensors file"),
        ["tensor is null"] = (f => f.Replace("{\"dtype\":\"F32\",\"shape\":[37],", "null, \"x\":{\"dtype\":\"F32\",\"shape\":[37],"), "header is not that of a safetensors file"),
        ["no dtype"] = (f => f.Replace("\"dtype\"", "\"type\""), "header is not that of a safetensors file"),
        ["no shape"] = (f => f.Replace("\"shape\"", "\"size\""), "header is not that of a safetensors file"),
        ["no offsets"] = (f => f.Replace("\"data_offsets\"", "\"offsets\""), "header is not that of a safetensors file"),
        ["dtype is null"] = (f => f.Replace("\"dtype\":\"F32\"", "\"dtype\":null"), "has type ''; expected one of U8, I32, I64, F32"),
        ["shape is text"] = (f => f.Replace("\"shape\":[37]", "\"shape\":[\"37\"]"), "header is not that of a safetensors file"),
        ["shape has fractions"] = (f => f.Replace("\"shape\":[37]", "\"shape\":[37.5]"), "header is not that of a safetensors file"),
        ["shape beyond 64 bits"] = (f => f.Replace("\"shape\":[37]", "\"shape\":[37000000000000000000000]"), "header is not that of a safetensors file"),
        ["one offset"] = (f => f.Header = text => text.Replace("\"data_offsets\":[0,", "\"data_offsets\":[", StringComparison.Ordinal), "does not fit its place"),
        ["three offsets"] = (f => f.Header = text => text.Replace("\"data_offsets\":[0,", "\"data_offsets\":[0,0,", StringComparison.Ordinal), "does not fit its place"),
        ["unknown dtype"] = (f => f["item.bias"].Type = "BF16", "Tensor 'item.bias' has type 'BF16'; expected one of U8, I32, I64, F32"),
        ["dtype by number"] = (f => f["item.bias"].Type = "3", "has type '3'"),
        ["dtype with space"] = (f => f["item.bias"].Type = " F32", "has type ' F32'"),
        ["dtype in lower case"] = (f => f["item.bias"].Type = "f32", "has type 'f32'"),
        ["wrong dtype"] = (f => f["item.bias"].Type = "I32", "Tensor 'item.bias' is I32 [37]; expected F32 [37]"),
        ["transposed"] = (f => f["item.vectors"].Shape = [17, 37], "Tensor 'item.vectors' is F32 [17 x 37]; expected F32 [37 x 17]"),
        ["flat"] = (f => f["item.vectors"].Shape = [17 * 37], "Tensor 'item.vectors' is F32 [629]; expected F32 [37 x 17]"),
        ["one dimension more"] = (f => f["item.bias"].Shape = [37, 1], "Tensor 'item.bias' is F32 [37 x 1]; expected F32 [37]"),
        ["fewer bytes than its shape"] = (f => f["item.bias"].Shape = [38], "Tensor 'item.bias' F32 [38] does not fit its place"),
        ["negative shape"] = (f => f["item.bias"].Shape = [-37], "does not fit its place"),
        ["two negative lengths"] = (f => f["item.bias"].Shape = [-37, -1], "does not fit its place"),
        ["negative size that fits"] = (f => { f["item.support"].Shape = [-1]; f["item.support"].End = f["item.support"].Start = 0; f["item.support"].End = -1; }, "does not fit its place"),
        ["shape that overflows"] = (f => f["item.bias"].Shape = [long.MaxValue, long.MaxValue, 37], "does not fit its place"),
        ["shape that overflows to its size"] = (f => f["item.bias"].Shape = [1L << 62, 4, 37], "does not fit its place"),
        ["overlap"] = (f => Move(f["item.bias"], -64, f), "tensors may neither overlap nor leave holes"),
        ["hole"] = (f => Move(f["item.support"], 64, f), "tensors may neither overlap nor leave holes"),
        ["negative place"] = (f => { f["item.vectors"].Start = -100; f["item.vectors"].End = (17 * 37 * 4) - 100; }, "does not fit its place"),
        ["same place twice"] = (f => Move(f["item.bias"], -(4 * 17 * 37) - 44, f), "tensors may neither overlap nor leave holes"),
        ["duplicate tensor"] = (f => f.Tensors.Single(part => part.Name == "item.bias").Name = "item.vectors", "Tensor 'item.vectors' appears twice"),
        ["10^12 rows"] = (f => { f["item.support"].Shape = [1_000_000_000_000]; f["item.support"].End = StartOf(f["item.support"], f) + 4_000_000_000_000; }, "truncated: its tensors have 4,000,0"),
        ["a name of a million letters"] = (f => f["item.bias"].Type = new string('x', 1_000_000), "has type 'xxxx"),
        ["a name that steers the terminal"] = (f => f.Replace("\"format\":\"nextitem\"", "\"format\":\"\\u001b[2J\\n\""), "format is '?[2J?'"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Load_ForgedHeader_IsRefusedWithTheReason(string name)
    {
        var file = new ForgedFile(SmallModels.ResetBefore);
        s_cases[name].Change(file);
        var message = Refusal.Of(file.ToBytes());
        Assert.Contains(s_cases[name].Expected, message, StringComparison.Ordinal);
        Assert.True(message.Length < 600, $"{message.Length} characters");
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_TensorMissing_IsRefusedByItsName(string kind)
    {
        foreach (var name in new ForgedFile(kind).Tensors.Select(part => part.Name).Where(name => !name.StartsWith("padding.", StringComparison.Ordinal)))
        {
            var file = new ForgedFile(kind);
            file.Tensors.Remove(file[name]);
            Assert.EndsWith($"The model file has no tensor '{name}'.", Refusal.Of(file.ToBytes()), StringComparison.Ordinal); // a fusion says first in which of its models
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_PutTogetherAgain_IsTheSameModel(string kind)
    {
        // Shows that the cases above are refused for their fault and not for the way they were forged. Another writer may
        // leave out the padding, order the tensors otherwise and add tensors and metadata of its own.
        var file = new ForgedFile(kind);
        file.Tensors.RemoveAll(part => part.Name.StartsWith("padding.", StringComparison.Ordinal));
        file.Tensors.Reverse();
        file.Tensors.Add(new ForgedFile.Part { Name = "note", Type = "U8", Shape = [1, 3], Bytes = [1, 2, 3] });
        file.Tensors.Add(new ForgedFile.Part { Name = "nothing", Type = "I64", Shape = [0], Bytes = [] });
        file.Metadata["author"] = "a stranger";
        using var stream = new MemoryStream(file.ToBytes());
        Assert.Equal(SmallModels.BytesOf(kind), SmallModels.Bytes(ModelFile.Load(stream)));
    }

    private static long StartOf(ForgedFile.Part part, ForgedFile file) => file.Tensors.TakeWhile(other => other != part).Sum(other => (long)other.Bytes.Length);

    private static void Move(ForgedFile.Part part, long by, ForgedFile file)
    {
        part.Start = StartOf(part, file) + by;
        part.End = part.Start + part.Bytes.Length;
    }
}
