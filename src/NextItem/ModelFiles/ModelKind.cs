using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace NextItem.ModelFiles;

/// <summary>A kind of model that a file can hold.</summary>
/// <param name="Algorithm">What its models and the file call it.</param>
/// <param name="Type">The class of its models.</param>
/// <param name="Add">Adds what such a model has beside the catalog.</param>
/// <param name="Read">Reads it again, from a file of a version, for a catalog.</param>
internal sealed record ModelKind(
    string Algorithm, Type Type, Action<TensorFileWriter, ISessionModel> Add, Func<TensorFileReader, int, ItemCatalog, ISessionModel> Read)
{
    /// <summary>The name of the kind that is made of others.</summary>
    public const string Fusion = "fusion";

    /// <summary>All of them, in the order in which messages name them.</summary>
    public static ImmutableArray<ModelKind> All { get; } =
    [
        Of<Gru4RecModel>("gru4rec", Gru4RecTensors.Add, Gru4RecTensors.Read),
        Of<PrnnModel>("prnn", PrnnTensors.Add, (file, _, catalog) => PrnnTensors.Read(file, catalog)),
        Of<MarkovModel>("markov", MarkovTensors.Add, (file, _, catalog) => MarkovTensors.Read(file, catalog)),
        Of<PopularityModel>(
            "pop",
            (file, model) => ListLengthEntry.Add(file, model.ListedItemCount),
            (file, _, catalog) => new PopularityModel(catalog, ListLengthEntry.Read(file, catalog))),
        Of<SessionPopularityModel>(
            "s-pop",
            (file, model) => ListLengthEntry.Add(file, model.ListedItemCount),
            (file, _, catalog) => new SessionPopularityModel(catalog, ListLengthEntry.Read(file, catalog))),
        WithOptions(
            "recent-pop",
            ModelFileJson.Default.RecentPopularityOptions,
            (RecentPopularityModel model) => model.Options,
            options => options.Validate(),
            RecentPopularityTensors.Add,
            RecentPopularityTensors.Read),
        WithOptions(
            "item-knn",
            ModelFileJson.Default.ItemKnnOptions,
            (ItemKnnModel model) => model.Options,
            options => options.Validate(),
            (file, model) => ItemTableTensors.ItemKnn.Add(file, model.Similarities),
            (file, catalog, options) => new ItemKnnModel(catalog, options, ItemTableTensors.ItemKnn.Read(file, catalog))),
        WithOptions(
            "rules",
            ModelFileJson.Default.RulesOptions,
            (RulesModel model) => model.Options,
            options => options.Validate(),
            (file, model) => ItemTableTensors.Rules.Add(file, model.Rules),
            (file, catalog, options) => new RulesModel(catalog, options, ItemTableTensors.Rules.Read(file, catalog))),
        WithOptions(
            "bpr-mf",
            ModelFileJson.Default.BprMfOptions,
            (BprMfModel model) => model.Options,
            options => options.Validate(),
            (file, model) => ItemVectorTensors.Add(file, model.Items, model.VectorLength),
            BprMfTensors.Read),
        WithOptions(
            "v-sknn",
            ModelFileJson.Default.VSknnOptions,
            (VSknnModel model) => model.Options,
            options => options.Validate(),
            (file, model) => SessionTensors.Add(file, model.Index),
            (file, catalog, options) => new VSknnModel(catalog, options, SessionTensors.Read(file, catalog, options.RecentSessions))),
        WithOptions(
            "vmis-knn",
            ModelFileJson.Default.VmisKnnOptions,
            (VmisKnnModel model) => model.Options,
            options => options.Validate(),
            (file, model) => SessionTensors.Add(file, model.Index),
            (file, catalog, options) => new VmisKnnModel(catalog, options, SessionTensors.Read(file, catalog, options.RecentSessions))),
        Of<FusionModel>(Fusion, FusionTensors.Add, FusionTensors.Read),
    ];

    /// <summary>The kind of a model.</summary>
    /// <exception cref="ArgumentException">The model is not of a kind that can be saved.</exception>
    public static ModelKind Of(ISessionModel model) => All.FirstOrDefault(kind => kind.Type == model.GetType())
        ?? throw new ArgumentException($"A model of type {model.GetType().Name} cannot be saved.", nameof(model));

    /// <summary>The kind of a name.</summary>
    /// <exception cref="ModelFileException">There is none.</exception>
    public static ModelKind Of(string algorithm) => All.FirstOrDefault(kind => kind.Algorithm == algorithm)
        ?? throw new ModelFileException($"The model file's algorithm is '{algorithm}'; expected one of {string.Join(", ", All.Select(kind => kind.Algorithm))}. A newer version of NextItem may know it.");

    private static ModelKind Of<TModel>(string algorithm, Action<TensorFileWriter, TModel> add, Func<TensorFileReader, int, ItemCatalog, TModel> read)
        where TModel : class, ISessionModel => new(algorithm, typeof(TModel), (file, model) => add(file, (TModel)model), read);

    /// <summary>A kind whose options stand in the metadata; they are read and validated first.</summary>
    private static ModelKind WithOptions<TModel, TOptions>(
        string algorithm,
        JsonTypeInfo<TOptions> optionsType,
        Func<TModel, TOptions> optionsOf,
        Action<TOptions> validate,
        Action<TensorFileWriter, TModel> addTensors,
        Func<TensorFileReader, ItemCatalog, TOptions, TModel> readTensors)
        where TModel : class, ISessionModel
        where TOptions : class, new()
    {
        return Of(algorithm, Add, (file, _, catalog) => readTensors(file, catalog, BaselineOptions.Read(file, optionsType, validate)));

        void Add(TensorFileWriter file, TModel model)
        {
            BaselineOptions.Add(file, optionsOf(model), optionsType);
            addTensors(file, model);
        }
    }
}
