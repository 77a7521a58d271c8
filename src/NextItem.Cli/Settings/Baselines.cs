namespace NextItem.Cli.Settings;

/// <summary>The baselines that <c>train</c> knows.</summary>
internal static class Baselines
{
    public static IReadOnlyList<Baseline> All { get; } =
    [
        new Baseline<object?, PopularityModel>("pop", null, (train, _) => PopularityModel.Fit(train), _ => { }, _ => null) { LearnsFromSingleEvents = true },
        new Baseline<object?, MarkovModel>("markov", null, (train, _) => MarkovModel.Fit(train), _ => { }, _ => null),
        new Baseline<ItemKnnOptions, ItemKnnModel>("item-knn", new(), ItemKnnModel.Fit, o => o.Validate(), model => model.Options)
        {
            Settings =
            [
                new("regularisation", ["lmbd"], (o, v) => o with { Regularisation = v.Float() }, o => o.Regularisation),
                new("alpha", [], (o, v) => o with { Alpha = v.Float() }, o => o.Alpha),
                new("neighbours", ["n_sims"], (o, v) => o with { Neighbours = v.Int() }, o => o.Neighbours),
            ],
        },
    ];

    /// <summary>The baseline of a name, or null.</summary>
    public static Baseline? Find(string algorithm) => All.FirstOrDefault(baseline => baseline.Name == algorithm);
}
