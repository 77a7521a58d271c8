namespace NextItem.Tests.Models.Prnn;

/// <summary>The contract of every model, for each architecture, with one strategy or another.</summary>
public abstract class PrnnModelContract : SessionModelContract
{
    private static readonly Dictionary<(PrnnArchitecture, TrainingStrategy), TrainedModel> s_trained = [];

    private protected abstract PrnnArchitecture Architecture { get; }

    private protected abstract TrainingStrategy Strategy { get; }

    private protected override ISessionModel Model
    {
        get
        {
            lock (s_trained)
            {
                if (!s_trained.TryGetValue((Architecture, Strategy), out var trained))
                {
                    trained = Trainer.Fit(Train, PrnnCases.Options with { Architecture = Architecture, Strategy = Strategy }, PrnnCases.FeaturesFor(Architecture, Train.Catalog));
                    s_trained[(Architecture, Strategy)] = trained;
                }

                return trained.Model;
            }
        }
    }

    private protected override string Algorithm => "prnn";
}

public class PrnnParallelModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.Parallel;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Interleaving;
}

public class PrnnSharedWeightsModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.SharedWeights;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Simultaneous;
}

public class PrnnInteractionModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.Interaction;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Alternating;
}

public class PrnnConcatenatedModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.Concatenated;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Simultaneous;
}

public class PrnnFeatureOnlyModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.FeatureOnly;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Residual;
}

public class PrnnIdOnlyModelTests : PrnnModelContract
{
    private protected override PrnnArchitecture Architecture => PrnnArchitecture.IdOnly;

    private protected override TrainingStrategy Strategy => TrainingStrategy.Interleaving;
}

/// <summary>A small p-RNN and features of the generated items.</summary>
internal static class PrnnCases
{
    public static PrnnOptions Options { get; } = new()
    {
        Training = new() { Layers = [6], Embedding = EmbeddingMode.None, Epochs = 2, BatchSize = 7, NegativeSampleCount = 9, Momentum = 0.2f, DropoutHidden = 0.2f },
    };

    /// <summary>Texts (sparse) and vectors (dense) of the items, some without.</summary>
    public static ItemFeatures Features(ItemCatalog items)
    {
        var random = new Random(4);
        var texts = Enumerable.Range(0, items.Count).Select(item => item % 7 == 3 ? null : $"kind{item % 5} colour{item % 3} made in {item % 2}");
        var vectors = Enumerable.Range(0, items.Count * 3).Select(_ => (float)random.NextDouble() - 0.3f);
        var table = new FeatureTable(items, [FeatureColumn.Texts("title", [.. texts]), FeatureColumn.Vectors("image", 3, [.. vectors], [.. Enumerable.Range(0, items.Count).Select(item => item % 5 != 2)])]);
        return ItemFeatures.Fit(table, [new() { Name = "text", Columns = [new("title", FeatureKind.Text)] }, new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] }]);
    }

    public static ItemFeatures? FeaturesFor(PrnnArchitecture architecture, ItemCatalog items) => architecture == PrnnArchitecture.IdOnly ? null : Features(items);

    public static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Save(stream, model);
        return stream.ToArray();
    }
}
