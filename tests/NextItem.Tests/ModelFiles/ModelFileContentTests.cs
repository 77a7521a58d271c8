using System.Text.Json.Nodes;

namespace NextItem.Tests.ModelFiles;

/// <summary>Tensors and records whose shapes are right and whose values are not, under a checksum that is right.</summary>
public class ModelFileContentTests
{
    private static readonly Dictionary<string, (string Kind, Action<ForgedFile> Change, string Expected)> s_cases = new()
    {
        ["key twice"] = (SmallModels.Markov, f => Keys(f, "aba"u8, 0, 1, 2, 3), "The item key 'a' appears twice."),
        ["empty key twice"] = (SmallModels.Markov, f => Keys(f, "a"u8, 0, 0, 0, 1), "The item key '' appears twice."),
        ["key not UTF-8"] = (SmallModels.Markov, f => Keys(f, [0x61, 0xFF, 0x62], 0, 1, 2, 3), "The key of item 1 is not valid UTF-8."),
        ["key cut in a letter"] = (SmallModels.Markov, f => Keys(f, "aé"u8, 0, 1, 2, 3), "The key of item 1 is not valid UTF-8."),
        ["key half a surrogate pair"] = (SmallModels.Markov, f => Keys(f, [0xED, 0xA0, 0x80], 0, 3), "The key of item 0 is not valid UTF-8."),
        ["falling key offsets"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 0, 2, 1, 3), "falls from 2 to 1 at item 1"),
        ["key offset beyond the keys"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 0, 9, 1, 3), "'item.key_offsets' falls from 0 to 9 at item 0"),
        ["key offset beyond 32 bits"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 0, 1L << 40, 1, 3), "at item 0"),
        ["negative key offset"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 0, -1, 1, 3), "falls from 0 to -1 at item 0"),
        ["first key offset"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 1, 2, 3), "does not run from 0 to the 3 bytes"),
        ["last key offset"] = (SmallModels.Markov, f => Keys(f, "abc"u8, 0, 1, 2), "does not run from 0 to the 3 bytes"),
        ["no key offsets"] = (SmallModels.Markov, f => f["item.key_offsets"].Become<long>("I64"), "does not run from 0"),
        ["support of other length"] = (SmallModels.Markov, f => f["item.support"].Become("I32", 1, 2, 3), "Tensor 'item.support' is I32 [3]; expected I32 [37]"),
        ["negative support"] = (SmallModels.Markov, f => f["item.support"].Values<int>()[36] = -5, "Tensor 'item.support' has -5; expected counts."),
        ["followers of other length"] = (SmallModels.Markov, f => f["markov.counts"].Become("I32", 1), "Tensor 'markov.counts' is I32 [1]; expected"),
        ["offsets of other length"] = (SmallModels.Markov, f => f["markov.offsets"].Become("I32", 0, 1), "Tensor 'markov.offsets' is I32 [2]; expected I32 [38]"),
        ["first offset"] = (SmallModels.Markov, f => f["markov.offsets"].Values<int>()[0] = 1, "'markov.offsets' does not run from 0 to the"),
        ["last offset"] = (SmallModels.Markov, f => f["markov.offsets"].Values<int>()[^1]--, "'markov.offsets' does not run from 0 to the"),
        ["falling offsets"] = (SmallModels.Markov, f => f["markov.offsets"].Values<int>()[5] = 0, "falls at item 4"),
        ["negative offset"] = (SmallModels.Markov, f => f["markov.offsets"].Values<int>()[1] = int.MinValue, "falls at item 0"),
        ["offset beyond the followers"] = (SmallModels.Markov, f => f["markov.offsets"].Values<int>()[5] = int.MaxValue, "'markov.offsets' has 2147483647 after item 4"),
        ["follower too high"] = (SmallModels.Markov, f => f["markov.followers"].Values<int>()[2] = 37, "'markov.followers' has item 37; expected 0 to 36"),
        ["follower negative"] = (SmallModels.Markov, f => f["markov.followers"].Values<int>()[2] = -1, "'markov.followers' has item -1; expected 0 to 36"),
        ["follower twice"] = (SmallModels.Markov, f => f["markov.followers"].Values<int>()[1] = f["markov.followers"].Values<int>()[0], "among those of item 0; expected rising items"),
        ["count 0"] = (SmallModels.Markov, f => f["markov.counts"].Values<int>()[3] = 0, "Tensor 'markov.counts' has 0; expected at least 1."),
        ["list of text"] = (SmallModels.Popularity, f => f.Metadata["list_length"] = "many", "'list_length' is 'many'; expected a number up to its 37 items"),
        ["list negative"] = (SmallModels.Popularity, f => f.Metadata["list_length"] = "-1", "'list_length' is '-1'"),
        ["list longer than the catalog"] = (SmallModels.Popularity, f => f.Metadata["list_length"] = "38", "'list_length' is '38'"),
        ["list beyond 32 bits"] = (SmallModels.Popularity, f => f.Metadata["list_length"] = "99999999999", "'list_length' is '99999999999'"),
        ["similarities of other length"] = (SmallModels.ItemKnn, f => f["item_knn.similarities"].Become("F32", 1f), "Tensor 'item_knn.similarities' is F32 [1]; expected"),
        ["similarity 0"] = (SmallModels.ItemKnn, f => f["item_knn.similarities"].Values<float>()[1] = 0, "Tensor 'item_knn.similarities' has 0; expected numbers above 0."),
        ["similarity NaN"] = (SmallModels.ItemKnn, f => f["item_knn.similarities"].Values<float>()[1] = float.NaN, "Tensor 'item_knn.similarities' has NaN"),
        ["similarity infinite"] = (SmallModels.ItemKnn, f => f["item_knn.similarities"].Values<float>()[1] = float.PositiveInfinity, "expected numbers above 0"),
        ["neighbour too high"] = (SmallModels.ItemKnn, f => f["item_knn.neighbours"].Values<int>()[2] = 37, "'item_knn.neighbours' has item 37; expected 0 to 36"),
        ["neighbour twice"] = (SmallModels.ItemKnn, f => f["item_knn.neighbours"].Values<int>()[1] = f["item_knn.neighbours"].Values<int>()[0], "among those of item 0; expected rising items"),
        ["no neighbours wanted"] = (SmallModels.ItemKnn, f => Options(f, "\"neighbours\":15", "\"neighbours\":0"), "options cannot be used: ItemKnnOptions: Neighbours is 0; expected at least 1."),
        ["alpha of text"] = (SmallModels.ItemKnn, f => Options(f, "\"alpha\":0.7", "\"alpha\":\"x\""), "options cannot be read"),
        ["session list longer than the catalog"] = (SmallModels.SessionPopularity, f => f.Metadata["list_length"] = "38", "'list_length' is '38'"),
        ["recent item too high"] = (SmallModels.RecentPopularity, f => f["recent_pop.items"].Values<int>()[3] = 37, "'recent_pop.items' has item 37; expected 0 to 36"),
        ["recent count 0"] = (SmallModels.RecentPopularity, f => f["recent_pop.counts"].Values<int>()[^1] = 0, "'recent_pop.counts' has 0; expected at least 1"),
        ["recent counts rising"] = (SmallModels.RecentPopularity, f => f["recent_pop.counts"].Values<int>()[5] = 1000, "expected falling counts"),
        ["recent item twice"] = (SmallModels.RecentPopularity, f => { f["recent_pop.items"].Values<int>()[^1] = f["recent_pop.items"].Values<int>()[0]; f["recent_pop.counts"].Values<int>()[^1] = 1; }, "expected each once"),
        ["no share of the time"] = (SmallModels.RecentPopularity, f => Options(f, "\"timeShare\":0.3", "\"timeShare\":0"), "RecentPopularityOptions: TimeShare is 0; expected a number above 0, 1 at most."),
        ["weight negative"] = (SmallModels.Rules, f => f["rules.weights"].Values<float>()[0] = -1, "Tensor 'rules.weights' has -1; expected numbers above 0."),
        ["rule of no item"] = (SmallModels.Rules, f => f["rules.items"].Values<int>()[0] = -1, "'rules.items' has item -1"),
        ["no distance"] = (SmallModels.Rules, f => Options(f, "\"maxDistance\":4", "\"maxDistance\":0"), "RulesOptions: MaxDistance is 0; expected at least 1."),
        ["vectors unlike the factors"] = (SmallModels.BprMf, f => Options(f, "\"factors\":13", "\"factors\":14"), "Tensor 'item.vectors' is F32 [37 x 13]; expected F32 [37 x 14]"),
        ["the most factors"] = (SmallModels.BprMf, f => Options(f, "\"factors\":13", "\"factors\":65536"), "expected F32 [37 x 65536]"),
        ["factors beyond the range"] = (SmallModels.BprMf, f => Options(f, "\"factors\":13", "\"factors\":65537"), "BprMfOptions: Factors is 65537; expected 1 to 65536."),
        ["factor not finite"] = (SmallModels.BprMf, f => f["item.vectors"].Values<float>()[14] = float.NaN, "Tensor 'item.vectors' has NaN in row 1"),
        ["biases of another length"] = (SmallModels.BprMf, f => f["item.bias"].Become("F32", 1f), "Tensor 'item.bias' is F32 [1]; expected F32 [37]"),
        ["fusion of one model"] = (SmallModels.Fusion, f => f.Metadata["models"] = "1", "'models' is '1'; expected a number from 2 to 1000"),
        ["fusion of too many"] = (SmallModels.Fusion, f => f.Metadata["models"] = "2000000000", "'models' is '2000000000'"),
        ["fusion of text"] = (SmallModels.Fusion, f => f.Metadata["models"] = "two", "'models' is 'two'"),
        ["fusion of other weights"] = (SmallModels.Fusion, f => f.Metadata["models"] = "2", "The model file has 3 weights; expected 2"),
        ["fusion in a fusion"] = (SmallModels.Fusion, f => f.Metadata["models.1.algorithm"] = "fusion", "In model 2 of the fusion: It is a fusion itself; expected its models instead."),
        ["fusion of an unknown model"] = (SmallModels.Fusion, f => f.Metadata["models.1.algorithm"] = "transformer", "algorithm is 'transformer'"),
        ["fusion without a part's name"] = (SmallModels.Fusion, f => f.Metadata.Remove("models.2.algorithm"), "no 'models.2.algorithm'"),
        ["fusion with a part damaged"] = (SmallModels.Fusion, f => f["models.2.markov.counts"].Values<int>()[3] = 0, "In model 3 of the fusion: Tensor 'markov.counts' has 0; expected at least 1."),
        ["weight of no model"] = (SmallModels.Fusion, f => Options(f, "0.25", "0"), "FusionOptions: Weights is 0; expected finite numbers above 0."),
        ["weights null"] = (SmallModels.Fusion, f => Options(f, "[0.5,0.3,0.25]", "null"), "options cannot be read"),
        ["version 1 with a fused separate embedding"] = (SmallModels.Fusion, f => f.Metadata["format_version"] = "1", "format version 1, but its Embedding is Separate and its CosineScale 0; expected version 2"),
        ["session falls"] = (SmallModels.VSknn, f => f["sessions.offsets"].Values<int>()[5] = 0, "'sessions.offsets' falls at session 4"),
        ["no session offsets"] = (SmallModels.VSknn, f => f["sessions.offsets"].Become<int>("I32"), "'sessions.offsets' does not run from 0"),
        ["session item too high"] = (SmallModels.VmisKnn, f => f["sessions.items"].Values<int>()[0] = 37, "'sessions.items' has item 37; expected 0 to 36"),
        ["session item twice"] = (SmallModels.VmisKnn, f => f["sessions.items"].Values<int>()[1] = f["sessions.items"].Values<int>()[0], "among those of session 0; expected rising items"),
        ["no recent sessions"] = (SmallModels.VmisKnn, f => Options(f, "\"recentSessions\":31", "\"recentSessions\":0"), "VmisKnnOptions: RecentSessions is 0; expected at least 1."),
        ["weight beyond a float"] = (SmallModels.VSknn, f => Options(f, "\"idfWeight\":0.4", "\"idfWeight\":1e38"), "IdfWeight is 1E+38; expected 0 to 1000000."),
        ["layers unlike the tensors"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[18]"), "Tensor 'item.vectors' is F32 [37 x 17]; expected F32 [37 x 18]"),
        ["one layer more"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[17,17]"), "no tensor 'gru.1.input_weights'"),
        ["a million layers"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", $"\"layers\":[{string.Join(',', Enumerable.Repeat(17, 1_000_000))}]"), "no tensor 'gru.1.input_weights'"),
        ["the largest layer"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[65536]"), "expected F32 [37 x 65536]"),
        ["the largest hidden layer"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[65536,17]"), "'gru.0.input_weights' is F32 [17 x 51]; expected F32 [17 x 196608]"),
        ["another variant"] = (SmallModels.ResetBefore, f => Options(f, "\"ResetBefore\"", "\"ResetAfter\""), "no tensor 'gru.0.recurrent_bias'"),
        ["layers beyond the range"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[65537]"), "Layers is 65537; expected 1 to 65536 units in each"),
        ["layer of no units"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[0]"), "Layers is 0; expected 1 to 65536"),
        ["no layer"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":[]"), "Layers is empty"),
        ["layers null"] = (SmallModels.ResetBefore, f => Options(f, "\"layers\":[17]", "\"layers\":null"), "options cannot be read"),
        ["version 1 with a separate embedding"] = (SmallModels.Separate, f => f.Metadata["format_version"] = "1", "format version 1, but its Embedding is Separate and its CosineScale 0; expected version 2"),
        ["version 2 with cosines"] = (SmallModels.Cosine, f => f.Metadata["format_version"] = "2", "format version 2, but its Embedding is Shared and its CosineScale 7; expected version 3"),
        ["version 1 with one-hot input"] = (SmallModels.OneHot, f => f.Metadata["format_version"] = "1", "format version 1, but its Embedding is None and its CosineScale 0; expected version 2"),
        ["embedding of another length"] = (SmallModels.Separate, f => f["embedding"].Become("F32", 1f, 2f), "Tensor 'embedding' is F32 [2]; expected F32 [37 x 7]"),
        ["embedding transposed"] = (SmallModels.Separate, f => f["embedding"].Shape = [7, 37], "Tensor 'embedding' is F32 [7 x 37]; expected F32 [37 x 7]"),
        ["embedding of numbers"] = (SmallModels.Separate, f => f["embedding"].Type = "I32", "Tensor 'embedding' is I32 [37 x 7]; expected F32 [37 x 7]"),
        ["embedding of another size"] = (SmallModels.Separate, f => Options(f, "\"embeddingSize\":7", "\"embeddingSize\":8"), "Tensor 'embedding' is F32 [37 x 7]; expected F32 [37 x 8]"),
        ["the largest embedding"] = (SmallModels.Separate, f => Options(f, "\"embeddingSize\":7", "\"embeddingSize\":65536"), "expected F32 [37 x 65536]"),
        ["embedding as large as the layer"] = (SmallModels.Separate, f => Options(f, "\"embeddingSize\":7", "\"embeddingSize\":0"), "Tensor 'embedding' is F32 [37 x 7]; expected F32 [37 x 11]"),
        ["embedding of negative size"] = (SmallModels.Separate, f => Options(f, "\"embeddingSize\":7", "\"embeddingSize\":-1"), "EmbeddingSize is -1; expected 1 to 65536"),
        ["embedding beyond the range"] = (SmallModels.Separate, f => Options(f, "\"embeddingSize\":7", "\"embeddingSize\":65537"), "EmbeddingSize is 65537; expected 1 to 65536"),
        ["a size without a separate embedding"] = (SmallModels.ResetBefore, f => Options(f, "\"embeddingSize\":0", "\"embeddingSize\":17"), "only a separate embedding has a size of its own, Embedding is Shared"),
        ["separate called shared"] = (SmallModels.SeparateAfter, f => Options(f, "\"embedding\":\"Separate\"", "\"embedding\":\"Sharing\""), "options cannot be read"),
        ["separate called one-hot"] = (SmallModels.Separate, f => Options(f, "\"embedding\":\"Separate\",\"embeddingSize\":7", "\"embedding\":\"None\",\"dropoutEmbedding\":0", "\"dropoutEmbedding\":0.1,", ""), "'gru.0.input_weights' is F32 [7 x 33]; expected F32 [37 x 33]"),
        ["one-hot called shared"] = (SmallModels.OneHot, f => Options(f, "\"embedding\":\"None\"", "\"embedding\":\"Shared\""), "'gru.0.input_weights' is F32 [37 x 36]; expected F32 [12 x 36]"),
        ["one-hot called separate"] = (SmallModels.OneHot, f => Options(f, "\"embedding\":\"None\"", "\"embedding\":\"Separate\""), "no tensor 'embedding'"),
        ["shared called separate"] = (SmallModels.ResetBefore, f => { f.Metadata["format_version"] = "2"; Options(f, "\"embedding\":\"Shared\"", "\"embedding\":\"Separate\""); }, "no tensor 'embedding'"),
        ["embedding by number"] = (SmallModels.OneHot, f => Options(f, "\"embedding\":\"None\"", "\"embedding\":9"), "Embedding is 9; expected one of Shared, Separate, None"),
        ["one-hot with dropout of its inputs"] = (SmallModels.OneHot, f => Options(f, "\"dropoutEmbedding\":0,", "\"dropoutEmbedding\":0.5,"), "there is nothing to drop"),
        ["one-hot weights of one item less"] = (SmallModels.OneHot, f => f["gru.0.input_weights"].Become("F32", new float[36 * 36]), "'gru.0.input_weights' is F32 [1296]; expected F32 [37 x 36]"),
        ["loss unknown"] = (SmallModels.Separate, f => Options(f, "\"loss\":\"BprMax\"", "\"loss\":\"Hinge\""), "options cannot be read"),
        ["loss by number"] = (SmallModels.Separate, f => Options(f, "\"loss\":\"BprMax\"", "\"loss\":99"), "Loss is 99; expected one of CrossEntropy"),
        ["optimizer by number"] = (SmallModels.Separate, f => Options(f, "\"optimizer\":\"RmsProp\"", "\"optimizer\":-1"), "Optimizer is -1; expected one of Adagrad"),
        ["session order by number"] = (SmallModels.Separate, f => Options(f, "\"sessionOrder\":\"Random\"", "\"sessionOrder\":8"), "SessionOrder is 8; expected one of"),
        ["validation metric null"] = (SmallModels.Separate, f => Options(f, "\"validationMetric\":\"Recall\"", "\"validationMetric\":null"), "options cannot be read"),
        ["final activation of text"] = (SmallModels.Separate, f => Activation(f, "\"selu\""), "options cannot be read"),
        ["final activation unknown"] = (SmallModels.Separate, f => Activation(f, """{"kind":"Swish","alpha":1,"lambda":1}"""), "options cannot be read"),
        ["final activation by number"] = (SmallModels.Separate, f => Activation(f, """{"kind":77,"alpha":1,"lambda":1}"""), "FinalActivation is 77; expected one of Linear"),
        ["final activation without lambda"] = (SmallModels.Separate, f => Activation(f, """{"kind":"Elu","alpha":1}"""), "FinalActivation's lambda is 0; expected a number above 0"),
        ["final activation's alpha NaN"] = (SmallModels.Separate, f => Activation(f, """{"kind":"Elu","alpha":"NaN","lambda":1}"""), "FinalActivation's alpha is NaN; expected 0 or more"),
        ["final activation of another loss"] = (SmallModels.Separate, f => Activation(f, """{"kind":"Softmax","alpha":0,"lambda":1}"""), "FinalActivation is softmax, which is part of CrossEntropy; Loss is BprMax"),
        ["no step back"] = (SmallModels.Separate, f => Options(f, "\"backpropagationSteps\":3", "\"backpropagationSteps\":0"), "BackpropagationSteps is 0; expected 1 to 64"),
        ["patience negative"] = (SmallModels.Separate, f => Options(f, "\"patience\":3", "\"patience\":-3"), "Patience is -3; expected at least 0"),
        ["too many threads"] = (SmallModels.Separate, f => Options(f, "\"threads\":2", "\"threads\":2000000000"), "Threads is 2000000000; expected at most 1024"),
        ["epoch of text"] = (SmallModels.Separate, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"epoch\":\"last\""), "provenance cannot be read"),
        ["warm start null"] = (SmallModels.Separate, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"warmStartedFrom\":null"), "provenance cannot be read"),
        ["variant unknown"] = (SmallModels.ResetBefore, f => Options(f, "\"ResetBefore\"", "\"Sideways\""), "options cannot be read"),
        ["variant by number"] = (SmallModels.ResetBefore, f => Options(f, "\"ResetBefore\"", "7"), "Variant is 7; expected one of ResetBefore, ResetAfter"),
        ["no epochs and no lanes"] = (SmallModels.ResetBefore, f => Options(f, "\"epochs\":2,\"batchSize\":8", "\"epochs\":0,\"batchSize\":-1"), "Epochs is 0; expected at least 1. BatchSize is -1"),
        ["learning rate NaN"] = (SmallModels.ResetBefore, f => Options(f, "\"learningRate\":0.07", "\"learningRate\":\"NaN\""), "LearningRate is NaN"),
        ["seed negative"] = (SmallModels.ResetBefore, f => Options(f, "\"seed\":18446744073709551612", "\"seed\":-1"), "options cannot be read"),
        ["option of another type"] = (SmallModels.ResetBefore, f => Options(f, "\"epochs\":2", "\"epochs\":{}"), "options cannot be read"),
        ["option twice"] = (SmallModels.ResetBefore, f => Options(f, "\"epochs\":2", "\"epochs\":2,\"epochs\":2"), "options cannot be read"),
        ["options null"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = "null", "options cannot be read"),
        ["options a list"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = "[]", "options cannot be read"),
        ["options no JSON"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = "{\"layers\":", "options cannot be read"),
        ["options empty"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = "", "options cannot be read"),
        ["options deep"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = new string('[', 10_000), "options cannot be read"),
        ["option name half a surrogate pair"] = (SmallModels.ResetBefore, f => f.Metadata["options"] = "{\"\\ud800\":1}", "options cannot be read"),
        ["provenance null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = "null", "provenance cannot be read"),
        ["provenance a number"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = "7", "provenance cannot be read"),
        ["provenance without what is required"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = "{}", "nextItemVersion"),
        ["version null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":null"), "provenance cannot be read"),
        ["version a number"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":1"), "provenance cannot be read"),
        ["losses null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"epochLosses\":null"), "provenance cannot be read"),
        ["losses of text"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"epochLosses\":[\"x\"]"), "provenance cannot be read"),
        ["metric without name"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"validationMetrics\":[{\"cutoff\":1,\"value\":1}]"), "provenance cannot be read"),
        ["metric name null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"validationMetrics\":[{\"name\":null,\"cutoff\":1,\"value\":1}]"), "provenance cannot be read"),
        ["teachers null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"teachers\":null"), "provenance cannot be read"),
        ["a teacher null"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"teachers\":[null]"), "provenance cannot be read"),
        ["seed of text"] = (SmallModels.Popularity, f => f.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"1\",\"seed\":\"x\""), "provenance cannot be read"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Load_ForgedContent_IsRefusedWithTheReason(string name)
    {
        var file = new ForgedFile(s_cases[name].Kind);
        s_cases[name].Change(file);
        Assert.Contains(s_cases[name].Expected, Refusal.Of(file.ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Load_ParameterThatIsNoNumber_IsRefusedByTensorAndRow(float value)
    {
        foreach (var (kind, name) in FloatTensors())
        {
            var file = new ForgedFile(kind);
            var part = file[name];
            part.Values<float>()[^1] = value;
            Assert.Equal($"Tensor '{name}' has {value} in row {part.Shape[0] - 1}; expected finite numbers.", Refusal.Of(file.ToBytes()));
        }
    }

    private static IEnumerable<(string Kind, string Tensor)> FloatTensors() =>
        from kind in new[] { SmallModels.TwoLayersAfter, SmallModels.Separate, SmallModels.OneHotAfter }
        from part in new ForgedFile(kind).Tensors
        where part.Type == "F32"
        select (kind, part.Name);

    /// <summary>No final activation of its own is the usual one of the loss, not a fault.</summary>
    [Fact]
    public void Load_FinalActivationNull_IsTheUsualOne()
    {
        var file = new ForgedFile(SmallModels.Separate);
        Activation(file, "null");
        using var stream = new MemoryStream(file.ToBytes());
        Assert.Null(Assert.IsType<Gru4RecModel>(ModelFile.Load(stream).Model).Options.FinalActivation);
    }

    /// <summary>A version says more than the one before and nothing else: another writer may call everything version 3.</summary>
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Load_AnyModelOfVersion3_IsTheSameModel(string kind)
    {
        var file = new ForgedFile(kind);
        file.Metadata["format_version"] = "3";
        using var stream = new MemoryStream(file.ToBytes());
        Assert.Equal(SmallModels.BytesOf(kind), SmallModels.Bytes(ModelFile.Load(stream)));
    }

    [Fact]
    public void Load_OptionsAndProvenanceThatLeaveThingsOut_HaveTheirDeclaredDefaults()
    {
        var file = new ForgedFile(SmallModels.ResetBefore);
        file.Metadata["options"] = """{"layers":[17],"epochs":3,"aLaterOption":{"x":1}}""";
        file.Metadata["provenance"] = Provenance("\"nextItemVersion\":\"9\",\"aLaterFact\":null");
        using var stream = new MemoryStream(file.ToBytes());
        var loaded = ModelFile.Load(stream);
        Assert.Equal(new Gru4RecOptions { Layers = [17], Epochs = 3 }, Assert.IsType<Gru4RecModel>(loaded.Model).Options);
        Assert.Equal(("9", "f", 2L, 3L, 4.0), (loaded.Provenance.NextItemVersion, loaded.Provenance.DataFingerprint, loaded.Provenance.Sessions, loaded.Provenance.Events, loaded.Provenance.TrainedUntil));
        Assert.Equal(1, loaded.Provenance.Threads);
        Assert.False(loaded.Provenance.EpochLosses.IsDefault);
        Assert.Empty(loaded.Provenance.EpochLosses);
        Assert.Empty(loaded.Provenance.ValidationMetrics);
    }

    private static void Keys(ForgedFile file, ReadOnlySpan<byte> keys, params long[] offsets)
    {
        file["item.keys"].Become("U8", keys.ToArray());
        file["item.key_offsets"].Become("I64", offsets);
        file["item.support"].Become("I32", new int[offsets.Length - 1]);
    }

    private static void Options(ForgedFile file, params string[] textsAndReplacements)
    {
        foreach (var pair in textsAndReplacements.Chunk(2))
        {
            Assert.Contains(pair[0], file.Metadata["options"], StringComparison.Ordinal);
            file.Metadata["options"] = file.Metadata["options"].Replace(pair[0], pair[1], StringComparison.Ordinal);
        }
    }

    private static void Activation(ForgedFile file, string json)
    {
        var options = JsonNode.Parse(file.Metadata["options"])!.AsObject();
        Assert.Equal("Selu", (string?)options["finalActivation"]!["kind"]);
        options["finalActivation"] = JsonNode.Parse(json);
        file.Metadata["options"] = options.ToJsonString();
    }

    private static string Provenance(string rest) => $$"""{"dataFingerprint":"f","sessions":2,"events":3,"trainedUntil":4,{{rest}}}""";
}
